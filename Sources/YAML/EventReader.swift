import CLibYAML

/// Why libyaml refused a text, with its own words and marks (lines, columns and characters from 0).
struct SyntaxFailure: Sendable {
    var problem: String
    var context: String
    /// Where the parser stood, in characters; nil where libyaml knows no place.
    var problemIndex: Int?
    var problemLine: Int
    var problemColumn: Int
    /// Where what the context names began.
    var contextIndex: Int?
}

/// The one place where libyaml is called.
enum EventReader {
    /// Reads events until the stream ends, the body answers false, or libyaml refuses the text.
    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, assumingUTF8: Bool, _ body: (yaml_event_t) -> Bool
    ) -> SyntaxFailure? {
        // libyaml keeps pointers into the parser: it must not move while it lives.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) != 0 else {
            return SyntaxFailure(
                problem: "out of memory", context: "", problemIndex: nil, problemLine: 0, problemColumn: 0,
                contextIndex: nil)
        }
        defer { yaml_parser_delete(parser) }
        if assumingUTF8 { yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING) }
        var nothing: UInt8 = 0
        return withUnsafePointer(to: &nothing) { nothing in
            yaml_parser_set_input_string(parser, bytes.baseAddress ?? nothing, bytes.count)
            var event = yaml_event_t()
            while true {
                guard yaml_parser_parse(parser, &event) != 0 else { return failure(of: parser.pointee) }
                let isLast = event.type == YAML_STREAM_END_EVENT
                let goesOn = body(event)
                yaml_event_delete(&event)
                if isLast || !goesOn { return nil }
            }
        }
    }

    private static func failure(of parser: yaml_parser_t) -> SyntaxFailure {
        let hasMark = parser.error == YAML_SCANNER_ERROR || parser.error == YAML_PARSER_ERROR
        return SyntaxFailure(
            problem: parser.problem.map { String(cString: $0) } ?? "out of memory",
            context: parser.context.map { String(cString: $0) } ?? "",
            problemIndex: hasMark ? Int(parser.problem_mark.index) : nil,
            problemLine: Int(parser.problem_mark.line), problemColumn: Int(parser.problem_mark.column),
            contextIndex: hasMark && parser.context != nil ? Int(parser.context_mark.index) : nil)
    }
}

/// Turns libyaml's character counts into byte offsets.
struct CharacterIndex {
    private static let stride = 64
    /// The byte offset of every 64th character; empty for a text in ASCII, where both counts are one.
    private var checkpoints: [Int] = []

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var high: UInt8 = 0
        for byte in text { high |= byte }
        guard high >= 0x80 else { return }
        var count = 0
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 {
            if count % Self.stride == 0 { checkpoints.append(index) }
            count += 1
        }
    }

    func byte(of character: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard !checkpoints.isEmpty else { return min(character, text.count) }
        let block = character / Self.stride
        guard block < checkpoints.count else { return text.count }
        var index = checkpoints[block]
        var left = character % Self.stride
        while left > 0, index < text.count {
            index += 1
            while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
            left -= 1
        }
        return index
    }
}
