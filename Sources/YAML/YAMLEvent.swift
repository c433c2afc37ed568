import CLibYAML

/// One event of libyaml's stream, before any of our restrictions.
public struct YAMLEvent: Sendable, Hashable, CustomStringConvertible {
    /// The event in the notation of the YAML test suite: `+MAP {}`, `=VAL &a <tag> "text`, `=ALI *a`, …
    /// (yaml-test-suite, "Test event notation").
    public let description: String

    init(_ event: yaml_event_t) {
        switch event.type {
        case YAML_STREAM_START_EVENT: description = "+STR"
        case YAML_STREAM_END_EVENT: description = "-STR"
        case YAML_DOCUMENT_START_EVENT:
            description = event.data.document_start.implicit != 0 ? "+DOC" : "+DOC ---"
        case YAML_DOCUMENT_END_EVENT: description = event.data.document_end.implicit != 0 ? "-DOC" : "-DOC ..."
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            description =
                "+SEQ" + (start.style == YAML_FLOW_SEQUENCE_STYLE ? " []" : "")
                + Self.properties(start.anchor, start.tag)
        case YAML_SEQUENCE_END_EVENT: description = "-SEQ"
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            description =
                "+MAP" + (start.style == YAML_FLOW_MAPPING_STYLE ? " {}" : "")
                + Self.properties(start.anchor, start.tag)
        case YAML_MAPPING_END_EVENT: description = "-MAP"
        case YAML_ALIAS_EVENT: description = "=ALI *" + String(libyaml: event.data.alias.anchor)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let mark =
                switch scalar.style {
                case YAML_SINGLE_QUOTED_SCALAR_STYLE: "'"
                case YAML_DOUBLE_QUOTED_SCALAR_STYLE: "\""
                case YAML_LITERAL_SCALAR_STYLE: "|"
                case YAML_FOLDED_SCALAR_STYLE: ">"
                default: ":"
                }
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            description = "=VAL" + Self.properties(scalar.anchor, scalar.tag) + " " + mark + Self.escaped(text)
        default: description = ""
        }
    }

    private static func properties(_ anchor: UnsafePointer<UInt8>?, _ tag: UnsafePointer<UInt8>?) -> String {
        (anchor.map { " &" + String(libyaml: $0) } ?? "") + (tag.map { " <" + String(libyaml: $0) + ">" } ?? "")
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            case "\u{8}": out += "\\b"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension String {
    /// A NUL-terminated text of libyaml's, which is always UTF-8.
    init(libyaml text: UnsafePointer<UInt8>) {
        self.init(decodingCString: text, as: UTF8.self)
    }
}

/// libyaml's refusal of a text.
public struct YAMLSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1, by libyaml's count.
    public let line: Int
    /// The column, from 1, in characters.
    public let column: Int
    /// libyaml's words.
    public let problem: String
    /// The events that came before it.
    public let events: [YAMLEvent]

    /// `line:column: problem`.
    public var description: String { "\(line):\(column): \(problem)" }
}

extension YAMLParser {
    /// libyaml's event stream for a text in UTF-8 or UTF-16, without any of our restrictions.
    ///
    /// - Throws: `YAMLSyntaxError` when libyaml refuses the text.
    public static func events(_ bytes: [UInt8]) throws(YAMLSyntaxError) -> [YAMLEvent] {
        var events: [YAMLEvent] = []
        let failure = bytes.withUnsafeBufferPointer { bytes in
            EventReader.read(bytes, assumingUTF8: false) { event in
                events.append(YAMLEvent(event))
                return true
            }
        }
        if let failure {
            throw YAMLSyntaxError(
                line: failure.problemLine + 1, column: failure.problemColumn + 1, problem: failure.problem,
                events: events)
        }
        return events
    }
}
