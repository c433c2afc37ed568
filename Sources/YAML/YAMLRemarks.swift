/// A comment that is meant for the program: what stands after its keyword, and which lines it is about.
public struct YAMLRemark: Sendable, Hashable {
    /// What follows the keyword, without the blanks around it.
    public let text: String
    /// The bytes of ``text`` in the file.
    public let byteRange: Range<Int>
    /// The line, from 1, that it is about: its own, or when nothing else stands there the next one that is neither empty nor a comment.
    public let line: Int
    /// Whether nothing but comments stands above it and nothing beside it: then it is about the whole file.
    public let isAtTop: Bool
}

extension SourceFile {
    /// The comments that begin with `keyword`, such as `signalbox:`; a `#` inside a text is none.
    ///
    /// - Parameter root: the file's tree, by which texts are told from comments; nil when it could not be read.
    public func remarks(_ keyword: String, in root: YAMLNode?) -> [YAMLRemark] {
        let key = Array(keyword.utf8)
        let places = occurrences(of: key)
        guard !places.isEmpty else { return [] }
        var texts: [(range: Range<Int>, header: Range<Int>?)] = []
        if let root { collectTexts(root, &texts) }
        return places.compactMap { remark(at: $0, key.count, texts) }
    }

    private func remark(
        at place: Int, _ length: Int, _ texts: [(range: Range<Int>, header: Range<Int>?)]
    ) -> YAMLRemark? {
        var hash = place
        while hash > 0, isBlank(bytes[hash - 1]) { hash -= 1 }
        guard hash > 0, bytes[hash - 1] == UInt8(ascii: "#") else { return nil }
        hash -= 1
        let index = lineIndex(ofByte: hash)
        let own = lineBytes(index)
        let before = own.lowerBound..<hash
        guard before.isEmpty || isBlank(bytes[hash - 1]) else { return nil }
        // The first line of a block scalar, `text: | # …`, belongs to the scalar and may end in a comment all the same.
        let isInText = texts.contains { $0.range.contains(hash) && $0.header?.contains(hash) != true }
        guard !isInText else { return nil }
        var start = place + length
        var end = own.upperBound
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        let isAlone = before.allSatisfy { isBlank(bytes[$0]) }
        return YAMLRemark(
            text: String(decoding: bytes[start..<end], as: UTF8.self), byteRange: start..<end,
            line: (isAlone ? contentLine(after: index) : index) + 1,
            isAtTop: isAlone && contentLine(after: -1) > index)
    }

    /// The next line, from 0, that is neither empty nor a comment.
    private func contentLine(after index: Int) -> Int {
        var line = index + 1
        while line < lineCount {
            let content = bytes[lineBytes(line)].first { !isBlank($0) }
            if let content, content != UInt8(ascii: "#") { return line }
            line += 1
        }
        return line
    }

    private func occurrences(of key: [UInt8]) -> [Int] {
        guard let first = key.first, bytes.count >= key.count else { return [] }
        return bytes.withUnsafeBufferPointer { bytes in
            var found: [Int] = []
            var at = 0
            while at <= bytes.count - key.count {
                if bytes[at] == first, bytes[at..<at + key.count].elementsEqual(key) {
                    found.append(at)
                    at += key.count
                } else {
                    at += 1
                }
            }
            return found
        }
    }

    private func collectTexts(_ node: YAMLNode, _ texts: inout [(range: Range<Int>, header: Range<Int>?)]) {
        guard node.aliased == nil else { return }
        switch node.content {
        case .scalar(let scalar):
            guard !node.byteRange.isEmpty else { return }
            let isBlock = scalar.style == .literal || scalar.style == .folded
            let first = node.byteRange.lowerBound
            texts.append((node.byteRange, isBlock ? first..<lineBytes(lineIndex(ofByte: first)).upperBound : nil))
        case .sequence(let items): for item in items { collectTexts(item, &texts) }
        case .mapping(let entries):
            for entry in entries {
                collectTexts(entry.key, &texts)
                collectTexts(entry.value, &texts)
            }
        }
    }
}
