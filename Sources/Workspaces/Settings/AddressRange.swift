import Glibc

/// A range of IP addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// The bytes of the first address, 4 or 16.
    private let base: [UInt8]
    /// How many leading bits an address shares with ``base``.
    private let bits: Int

    /// As it was written.
    public let description: String

    /// Reads an address with or without the length of its prefix; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let base = AddressRange.bytes(String(first)) else { return nil }
        var bits = base.count * 8
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
            bits = length
        }
        self.base = base
        self.bits = bits
        description = text
    }

    /// Whether `address`, an IP address as text, is in it. An IPv4 address inside of IPv6 counts as the former.
    public func contains(_ address: String) -> Bool {
        guard let bytes = AddressRange.bytes(address), bytes.count == base.count else { return false }
        for bit in stride(from: 0, to: bits, by: 8) {
            let mask: UInt8 = bits - bit >= 8 ? 0xFF : ~(0xFF >> UInt8(bits - bit))
            guard bytes[bit / 8] & mask == base[bit / 8] & mask else { return false }
        }
        return true
    }

    /// The bytes of an IP address; nil when the text is none.
    public static func bytes(_ text: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: v4) { Array($0) } }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: v6) { Array($0) }
        let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
