public import WorkflowModel

/// The text of an open document, with the places that editors name: lines from 0, and characters in units of UTF-16 (Language Server
/// Protocol 3.17, "Position").
public struct DocumentText: Sendable {
    /// The text as UTF-8.
    public let bytes: [UInt8]
    /// Where each line begins.
    private let starts: [Int]

    /// The document of this text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A { starts.append(index + 1) }
            if byte == 0x0D, index + 1 >= bytes.count || bytes[index + 1] != 0x0A { starts.append(index + 1) }
        }
        self.starts = starts
    }

    /// The byte at a position; beyond the end of a line it is that of the line's end.
    public func byte(line: Int, character: Int) -> Int {
        guard line >= 0, line < starts.count else { return line < 0 ? 0 : bytes.count }
        var at = starts[line]
        let end = lineEnd(line)
        var units = 0
        while at < end, units < character {
            let length = Self.length(bytes[at])
            units += length == 4 ? 2 : 1
            at += length
        }
        return min(at, end)
    }

    /// The position of a byte.
    public func position(_ byte: Int) -> Value {
        let byte = min(max(byte, 0), bytes.count)
        var (low, high) = (0, starts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= byte { low = middle } else { high = middle - 1 }
        }
        var units = 0
        var at = starts[low]
        while at < byte {
            let length = Self.length(bytes[at])
            units += length == 4 ? 2 : 1
            at += length
        }
        return ["line": .int(Int64(low)), "character": .int(Int64(units))]
    }

    /// The range of some bytes.
    public func range(_ bytes: Range<Int>) -> Value {
        ["start": position(bytes.lowerBound), "end": position(bytes.upperBound)]
    }

    /// The bytes of the line that holds a byte, without its end.
    public func line(around byte: Int) -> Range<Int> {
        let line = (starts.lastIndex { $0 <= byte }) ?? 0
        return starts[line]..<lineEnd(line)
    }

    /// The document with `text` in place of `range`.
    public func replacing(_ range: Range<Int>, with text: String) -> [UInt8] {
        Array(bytes[..<range.lowerBound]) + Array(text.utf8) + Array(bytes[range.upperBound...])
    }

    private func lineEnd(_ line: Int) -> Int {
        var end = line + 1 < starts.count ? starts[line + 1] : bytes.count
        while end > starts[line], bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return end
    }

    /// How many bytes the character that begins with `byte` has.
    private static func length(_ byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
