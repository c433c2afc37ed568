/// Which parts of a file were blanked after a syntax error so that the rest could still be read.
///
/// Blanking keeps every byte's place: what stands behind it has the same position in the blanked text as in the file.
struct Damage {
    /// Values that were replaced by a null.
    private(set) var values: [Range<Int>] = []
    /// Lines of which nothing is left.
    private(set) var lost: [Range<Int>] = []

    func contains(_ byte: Int) -> Bool {
        !values.isEmpty && values.contains { $0.contains(byte) }
    }

    /// Whether anything in a scalar was blanked.
    func touches(_ range: Range<Int>) -> Bool {
        guard !values.isEmpty || !lost.isEmpty else { return false }
        return contains(range.lowerBound) || values.contains { $0.overlaps(range) } || hasLostLines(in: range)
    }

    func hasLostLines(in range: Range<Int>) -> Bool {
        !lost.isEmpty && lost.contains { $0.overlaps(range) }
    }

    /// Blanks what a syntax error touches: first the value of its line with the lines that belong to it, when that does not
    /// suffice the whole entry. False when nothing is left to blank.
    mutating func blank(line: Int, of source: SourceFile, in text: inout [UInt8]) -> Bool {
        let shape = LineShape(source, line)
        let end = shape.entryEnd
        if shape.value.count > 1 || (shape.value.count == 1 && text[shape.value.lowerBound] != UInt8(ascii: "~")),
            !contains(shape.value.lowerBound)
        {
            let range = shape.value.lowerBound..<max(end, shape.value.upperBound)
            blank(range, in: &text)
            text[range.lowerBound] = UInt8(ascii: "~")
            values.append(range)
            return true
        }
        let entry = shape.content..<max(end, shape.content)
        guard entry.contains(where: { !isSpaceOrBreak(text[$0]) }) else { return false }
        blank(entry, in: &text)
        lost.append(entry)
        return true
    }

    private func blank(_ range: Range<Int>, in text: inout [UInt8]) {
        for index in range where !isBreak(text[index]) { text[index] = 0x20 }
    }
}
