/// Text of addresses as people wrote it.
enum PercentText {
    /// `text` with `%XX` as bytes; nil when that is no UTF-8, or a `%` has no two digits behind it.
    ///
    /// - Parameter isForm: `+` is a space, as in the part behind the `?` (WHATWG URL, "application/x-www-form-urlencoded").
    static func decode(_ text: some StringProtocol, isForm: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case 0x25:
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case 0x2B where isForm: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The parameters behind the `?`, in their order; nil when one cannot be read.
    static func query(_ text: some StringProtocol) -> [(name: String, value: String)]? {
        var found: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(sides[0], isForm: true),
                let value = sides.count == 2 ? decode(sides[1], isForm: true) : ""
            else { return nil }
            found.append((name, value))
        }
        return found
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
