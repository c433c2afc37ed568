/// The value of an attribute as a header field carries it (HTTP protocol binding 1.0.2, section 3.1.3.2).
public enum HeaderText {
    /// The text: a quoted value is unquoted first, then one round of percent-decoding. Nil when a quote is not closed, a percent sign
    /// is not followed by two hex digits, or what comes out is not UTF-8.
    public static func decode(_ value: String) -> String? {
        var bytes = Array(value.utf8)
        if bytes.first == 0x22 {
            guard let inner = unquote(bytes) else { return nil }
            bytes = inner
        }
        guard bytes.contains(0x25) else { return String(validating: bytes, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x25 {
                guard at + 2 < bytes.count, let high = digit(bytes[at + 1]), let low = digit(bytes[at + 2]) else {
                    return nil
                }
                decoded.append(high << 4 | low)
                at += 3
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// The inside of a quoted string (RFC 9110, section 5.6.4).
    private static func unquote(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 2, bytes.last == 0x22 else { return nil }
        var inner: [UInt8] = []
        var at = 1
        while at < bytes.count - 1 {
            if bytes[at] == 0x5C {
                at += 1
                guard at < bytes.count - 1 else { return nil }
            } else if bytes[at] == 0x22 {
                return nil
            }
            inner.append(bytes[at])
            at += 1
        }
        return inner
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
