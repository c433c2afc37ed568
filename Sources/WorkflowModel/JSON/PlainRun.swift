/// Finds quickly where the bytes of a text stop being letters that JSON has as they are: eight bytes are looked at together.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// A place from `start` on up to which there is no control character, double quote or backslash, and with `isASCII` nothing but
    /// ASCII. The next of these is fewer than eight bytes further.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isASCII: Bool) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var at = start
        while at + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            // The high bit of a byte is set where the byte is less than a space, or was zero before one was taken away.
            var found =
                (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            if isASCII { found |= word }
            guard found & highs == 0 else { break }
            at += 8
        }
        return at
    }
}
