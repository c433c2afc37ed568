/// Which addresses this process may connect to. They are judged when a socket is opened, so a name that changes its
/// address between a check and the connection (DNS rebinding) gains nothing.
public struct AddressRules: Sendable, Equatable {
    /// Whether the machine itself may be reached: `127.0.0.0/8`, `0.0.0.0/8` and `::1`.
    public var allowLoopback: Bool

    /// Makes rules.
    public init(allowLoopback: Bool = true) { self.allowLoopback = allowLoopback }

    /// Why an address is refused; `nil` when it may be reached.
    ///
    /// Link-local addresses (RFC 3927, RFC 4291 section 2.5.6) hold the metadata services of clouds, which hand out
    /// credentials; one vendor's lies at `fd00:ec2::254` as well. IPv4 inside IPv6 (mapped, and NAT64 of RFC 6052) is
    /// judged as the IPv4 address.
    ///
    /// - Parameter bytes: 4 bytes of an IPv4 or 16 of an IPv6 address in network order; anything else is refused.
    public func objection(to bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: return objectionToIPv4(bytes)
        case 16: break
        default: return "not an Internet address"
        }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        let nat64: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
        let prefix = Array(bytes.prefix(12))
        if prefix == mapped || prefix == nat64 { return objectionToIPv4(Array(bytes.suffix(4))) }
        if bytes[0] == 0xfe, bytes[1] & 0xc0 == 0x80 { return "a link-local address" }
        if bytes == [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54] {
            return "the address of a metadata service"
        }
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] <= 1, !allowLoopback { return "a loopback address" }
        return nil
    }

    private func objectionToIPv4(_ bytes: [UInt8]) -> String? {
        if bytes[0] == 169, bytes[1] == 254 { return "a link-local address" }
        if bytes[0] == 127 || bytes[0] == 0, !allowLoopback { return "a loopback address" }
        return nil
    }
}
