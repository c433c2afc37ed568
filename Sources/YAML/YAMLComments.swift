/// The comments that belong to a node; libyaml drops them, so they are read from the file when asked for.
public struct YAMLComments: Sendable, Hashable {
    /// The comment lines directly above, without `#` and the space after it, in their order.
    public let leading: [String]
    /// The comment at the end of the line, without `#` and the space after it.
    public let trailing: String?
}

extension YAMLNode {
    /// The comments above the node, when it is the first thing on its line, and at the end of its last line (of a block
    /// scalar: of its first).
    public var comments: YAMLComments {
        YAMLComments(leading: leadingComments(), trailing: trailingComment())
    }

    private func leadingComments() -> [String] {
        let text = source.bytes
        let line = source.lineIndex(ofByte: byteRange.lowerBound)
        let own = source.lineBytes(line)
        var content = own.lowerBound
        while content < byteRange.lowerBound, text[content] == 0x20 { content += 1 }
        let before = text[content..<max(content, min(byteRange.lowerBound, text.count))]
        guard before.allSatisfy({ isBlank($0) || $0 == UInt8(ascii: "-") }) else { return [] }
        var found: [String] = []
        var above = line - 1
        while above >= 0 {
            let bytes = source.lineBytes(above)
            var start = bytes.lowerBound
            while start < bytes.upperBound, isBlank(text[start]) { start += 1 }
            // Deeper than the node, a line with `#` may be the end of a literal text.
            guard start < bytes.upperBound, text[start] == UInt8(ascii: "#"),
                start - bytes.lowerBound <= content - own.lowerBound
            else { break }
            found.append(commentText(start..<bytes.upperBound))
            above -= 1
        }
        return found.reversed()
    }

    private func trailingComment() -> String? {
        let text = source.bytes
        var at = min(byteRange.upperBound, text.count)
        if scalar?.style == .literal || scalar?.style == .folded {
            at = byteRange.lowerBound + 1
            while at < text.count, !isSpaceOrBreak(text[at]) { at += 1 }
        }
        let start = at
        while at < text.count, isBlank(text[at]) || text[at] == UInt8(ascii: ",") { at += 1 }
        guard at > start, at < text.count, text[at] == UInt8(ascii: "#"), isBlank(text[at - 1]) else { return nil }
        return commentText(at..<source.lineBytes(source.lineIndex(ofByte: at)).upperBound)
    }

    private func commentText(_ range: Range<Int>) -> String {
        var start = range.lowerBound + 1
        if start < range.upperBound, source.bytes[start] == 0x20 { start += 1 }
        var end = range.upperBound
        while end > start, isBlank(source.bytes[end - 1]) { end -= 1 }
        return String(decoding: source.bytes[start..<end], as: UTF8.self)
    }
}
