/// What must be true of a file's bytes before they are YAML at all.
struct TextCheck {
    private let source: SourceFile
    private(set) var diagnostics: [Diagnostic] = []
    /// Lines, from 0, that are indented with a tab somewhere.
    private(set) var tabLines: [Int] = []

    private static let reportLimit = 20

    init(_ source: SourceFile, limits: YAMLLimits) {
        self.source = source
        let bytes = source.bytes
        guard bytes.count <= limits.bytes else {
            report(
                YAMLCode.tooLarge, 0..<0,
                "the file has \(bytes.count) bytes; at most \(limits.bytes) are read",
                help: "split it, or keep large data in a table")
            return
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            report(YAMLCode.encoding, 0..<2, "the file is in UTF-16", help: "save it as UTF-8")
            return
        }
        let hasText = bytes.withUnsafeBufferPointer { scan($0) }
        checkDirectives()
        if !hasText {
            report(
                YAMLCode.empty, 0..<0, "the file is empty", help: "`signalbox new playbook` writes one to begin with")
        }
    }

    /// `%TAG` lines at the beginning; libyaml compares each with all before it, which takes long for many.
    private mutating func checkDirectives() {
        for line in 0..<source.lineCount {
            let range = source.lineBytes(line)
            guard let first = source.bytes[range].first else { continue }
            if first == UInt8(ascii: "#") { continue }
            guard first == UInt8(ascii: "%"), diagnostics.count < Self.reportLimit else { return }
            guard source.bytes[range].starts(with: "%TAG".utf8) else { continue }
            report(
                YAMLCode.tag, range, "YAML directives such as `%TAG` are not part of the playbook language",
                help: "remove this line")
        }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        var hasText = false
        var isIndentation = true
        var hasTab = false
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case 0x0A, 0x0D:
                isIndentation = true
                hasTab = false
                at += 1
            case 0x20:
                at += 1
            case 0x09:
                if isIndentation { hasTab = true }
                at += 1
            case 0x21..<0x7F:
                if hasTab, byte != UInt8(ascii: "#") { tabLines.append(source.lineIndex(ofByte: at)) }
                hasTab = false
                isIndentation = false
                hasText = true
                at += 1
            default:
                isIndentation = false
                hasTab = false
                hasText = true
                at += character(at, bytes)
                if diagnostics.count >= Self.reportLimit { return true }
            }
        }
        return hasText
    }

    /// Checks a character beyond ASCII, or a control character, and answers its length.
    private mutating func character(_ at: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let first = bytes[at]
        let length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        guard length > 1 else {
            if length == 1 { control(at..<at + 1, UInt32(first)) } else { invalid(at, bytes) }
            return 1
        }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for index in at + 1..<at + length {
            guard index < bytes.count, bytes[index] & 0xC0 == 0x80 else {
                invalid(at, bytes)
                return index - at
            }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
        }
        let isShort = length == 3 && value < 0x800 || length == 4 && value < 0x10000
        if isShort || (0xD800..<0xE000).contains(value) || value > 0x10FFFF {
            invalid(at, bytes)
        } else if (0x80..<0xA0).contains(value) && value != 0x85 || value & 0xFFFE == 0xFFFE {
            control(at..<at + length, value)
        }
        return length
    }

    private mutating func invalid(_ at: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        let hex = String(bytes[at], radix: 16, uppercase: true)
        report(
            YAMLCode.encoding, at..<at + 1, "this is not UTF-8 (the byte 0x\(hex))",
            help: "save the file as UTF-8; older editors call their own encoding ANSI or Latin-1")
    }

    private mutating func control(_ range: Range<Int>, _ value: UInt32) {
        report(
            YAMLCode.controlCharacter, range,
            "the control character U+\(String(value, radix: 16, uppercase: true)) cannot stand in YAML",
            help: "remove it, or write it as an escape in \"…\"")
    }

    private mutating func report(_ code: String, _ range: Range<Int>, _ message: String, help: String?) {
        diagnostics.append(
            Diagnostic(
                code: code, file: source.path, range: source.range(ofBytes: range), message: message, help: help))
    }

    /// Diagnostics when a tab broke the reading at a line: for it, and for all lines that begin with a tab. Where a tab follows
    /// spaces it may stand inside a text, which nobody can tell now.
    func tabDiagnostics(brokenAt line: Int) -> [Diagnostic] {
        tabDiagnostics(in: tabLines.filter { $0 == line || source.bytes[source.lineBytes($0).lowerBound] == 0x09 })
    }

    /// Diagnostics for the lines that are indented with tabs, but for those that stand inside a text.
    func tabDiagnostics(outside texts: [Range<Int>]) -> [Diagnostic] {
        tabDiagnostics(
            in: tabLines.filter { line in
                let start = source.lineBytes(line).lowerBound
                return !texts.contains { $0.lowerBound < start && start < $0.upperBound }
            })
    }

    private func tabDiagnostics(in lines: [Int]) -> [Diagnostic] {
        let slips = Slips(source: source)
        return lines.prefix(Self.reportLimit).map { line in
            let bytes = source.lineBytes(line)
            var end = bytes.lowerBound
            while end < bytes.upperBound, isBlank(source.bytes[end]) { end += 1 }
            var spaces = ""
            for byte in source.bytes[bytes.lowerBound..<end] { spaces += byte == 0x09 ? "  " : " " }
            return slips.diagnostic(
                YAMLCode.tab, bytes.lowerBound..<end, "this line is indented with a tab", help: "indent with spaces",
                replacing: bytes.lowerBound..<end, with: spaces)
        }
    }
}
