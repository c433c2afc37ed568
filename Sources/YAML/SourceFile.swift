/// A place in a source file.
///
/// Lines and columns count from 1 and are what people read in an editor; `byte` counts from 0 and is what code slices with.
public struct SourcePosition: Sendable, Hashable, Comparable {
    /// The line, from 1. Lines end at `\n`, `\r\n` or a lone `\r`.
    public let line: Int
    /// The column, from 1, in Unicode scalars (not bytes, not UTF-16 units).
    public let column: Int
    /// The offset in UTF-8 bytes, from 0, in `SourceFile.bytes` (a byte order mark is not counted).
    public let byte: Int

    /// Makes a position from its parts.
    public init(line: Int, column: Int, byte: Int) {
        self.line = line
        self.column = column
        self.byte = byte
    }

    /// Positions of one file are ordered as they are in the text.
    public static func < (a: SourcePosition, b: SourcePosition) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

/// A stretch of a source file: from `start` up to, but without, `end`.
public struct SourceRange: Sendable, Hashable {
    /// The first position inside.
    public let start: SourcePosition
    /// The first position after.
    public let end: SourcePosition

    /// Makes a range from its ends.
    public init(start: SourcePosition, end: SourcePosition) {
        self.start = start
        self.end = end
    }
}

/// The text of a file with the path that is shown to people, and an index of its lines.
///
/// A class so that thousands of nodes can point at one text; it never changes.
public final class SourceFile: Sendable {
    /// The path as the user knows it: relative to where they are, or `<stdin>`.
    public let path: String
    /// The text as UTF-8, without a byte order mark. It may hold invalid UTF-8: the parser reports that.
    public let bytes: [UInt8]
    /// Whether a UTF-8 byte order mark stood before the text and was taken off.
    public let hadByteOrderMark: Bool
    /// The byte offset at which each line starts; never empty.
    let lineStarts: [Int]

    /// Takes a file's bytes; a leading UTF-8 byte order mark is dropped.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let text = marked ? Array(bytes.dropFirst(3)) : bytes
        hadByteOrderMark = marked
        self.bytes = text
        var starts = [0]
        starts.reserveCapacity(text.count / 32 + 1)
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                let byte = text[index]
                index += 1
                if byte == 0x0A || (byte == 0x0D && !(index < text.count && text[index] == 0x0A)) {
                    starts.append(index)
                }
            }
        }
        lineStarts = starts
    }

    /// Takes a text, as tests and editors have it.
    public convenience init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    /// The whole text; invalid UTF-8 is shown as U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// How many lines the text has; an empty text has one.
    public var lineCount: Int { lineStarts.count }

    /// The position of a byte offset; an offset beyond the text is its end.
    public func position(ofByte byte: Int) -> SourcePosition {
        let byte = min(max(byte, 0), bytes.count)
        let line = lineIndex(ofByte: byte)
        return SourcePosition(line: line + 1, column: scalarCount(from: lineStarts[line], to: byte) + 1, byte: byte)
    }

    /// The positions of a range of byte offsets.
    public func range(ofBytes range: Range<Int>) -> SourceRange {
        SourceRange(start: position(ofByte: range.lowerBound), end: position(ofByte: range.upperBound))
    }

    /// The text of a line counted from 1, without its line break; empty beyond the file.
    public func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        return String(decoding: bytes[lineBytes(number - 1)], as: UTF8.self)
    }

    /// The text between two positions.
    public func text(in range: SourceRange) -> String {
        let start = min(max(range.start.byte, 0), bytes.count)
        return String(decoding: bytes[start..<min(max(range.end.byte, start), bytes.count)], as: UTF8.self)
    }

    /// The line, counted from 0, that holds a byte offset.
    func lineIndex(ofByte byte: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= byte { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line counted from 0, without its line break.
    func lineBytes(_ index: Int) -> Range<Int> {
        let start = lineStarts[index]
        var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    private func scalarCount(from start: Int, to end: Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            for index in start..<end where bytes[index] & 0xC0 != 0x80 { count += 1 }
            return count
        }
    }
}
