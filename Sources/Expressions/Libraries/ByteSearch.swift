import Glibc

/// Searching in UTF-8.
enum Bytes {
    static func find(_ part: [UInt8], in bytes: some RandomAccessCollection<UInt8>, from start: Int) -> Int? {
        bytes.withContiguousStorageIfAvailable { find(part, in: $0, from: start) } ?? nil
    }

    static func find(_ part: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let first = part.first else { return start }
        guard let base = bytes.baseAddress, start + part.count <= bytes.count else { return nil }
        if part.count > 32 { return findLong(part, in: bytes, from: start) }
        var from = start
        let end = bytes.count - part.count + 1
        // memchr finds candidates many bytes at a time.
        while from < end, let hit = memchr(base + from, Int32(first), end - from) {
            let index = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            if memcmp(base + index, part, part.count) == 0 { return index }
            from = index + 1
        }
        return nil
    }

    /// Knuth, Morris and Pratt's search: never slower than the lengths of text and part together.
    private static func findLong(_ part: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var fallback = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in 1..<part.count {
            while length > 0, part[index] != part[length] { length = fallback[length - 1] }
            if part[index] == part[length] { length += 1 }
            fallback[index] = length
        }
        length = 0
        for index in start..<bytes.count {
            while length > 0, bytes[index] != part[length] { length = fallback[length - 1] }
            if bytes[index] == part[length] { length += 1 }
            if length == part.count { return index - length + 1 }
        }
        return nil
    }
}
