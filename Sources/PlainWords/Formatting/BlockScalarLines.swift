import YAML

/// The lines of a text after `|` or `>`, without their indentation.
struct BlockScalarLines {
    /// `|`, `>-`, …
    let header: String
    /// The lines; those that are empty have no blanks but such as belong to the text.
    private(set) var lines: [String] = []
    /// Where the text ends, with the line break.
    private(set) var end: Int
    /// Whether empty lines at the end belong to the text (`|+`).
    let keepsEnd: Bool
    /// Whether the header says how far the text is indented.
    let hasIndicator: Bool

    init(_ node: YAMLNode) {
        let bytes = node.source.bytes
        var at = node.byteRange.lowerBound
        while at < bytes.count, ![0x20, 0x09, 0x0A].contains(bytes[at]) { at += 1 }
        header = String(decoding: bytes[node.byteRange.lowerBound..<at], as: UTF8.self)
        keepsEnd = header.contains("+")
        hasIndicator = header.contains(where: \.isNumber)
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        at = min(at + 1, bytes.count)
        end = at
        var indentation: Int?
        var raw: [Substring] = []
        while at < min(bytes.count, max(node.byteRange.upperBound, end)) || keepsEnd && at < bytes.count {
            var stop = at
            while stop < bytes.count, bytes[stop] != 0x0A { stop += 1 }
            let line = String(decoding: bytes[at..<stop], as: UTF8.self)[...]
            let blanks = line.prefix { $0 == " " }.count
            let isBlank = blanks == line.count
            if !isBlank {
                if indentation == nil { indentation = blanks }
                if blanks < indentation ?? 0 || at >= node.byteRange.upperBound { break }
            }
            raw.append(line)
            at = min(stop + 1, bytes.count)
            if !isBlank || keepsEnd { end = at }
            if stop >= bytes.count { break }
        }
        if !keepsEnd { while let last = raw.last, last.allSatisfy({ $0 == " " }) { raw.removeLast() } }
        // Blanks deeper than the text's indentation belong to it.
        lines = raw.map { String($0.dropFirst(min(indentation ?? 0, $0.prefix { $0 == " " }.count))) }
    }
}
