import WorkflowModel

/// The networks extension: IP addresses and networks in CIDR notation (cel-spec, tests/simple/testdata/network_ext.textproto).
enum NetworkFunctions {
    static let all: [FunctionLibrary.Function] = [
        .global("ip") { (value, frame) throws(EvalFailure) in try address(value, "ip").value },
        .global("cidr") { (value, frame) throws(EvalFailure) in try network(value, "cidr").value },
        .global("isIP") { (value, frame) throws(EvalFailure) in
            .bool(NetworkValue.address(try text(value, "isIP")) != nil)
        },
        .global("isCIDR") { (value, frame) throws(EvalFailure) in
            .bool(NetworkValue.network(try text(value, "isCIDR")) != nil)
        },
        .global("ip.isCanonical") { (value, frame) throws(EvalFailure) in
            .bool(try address(value, "ip.isCanonical").text == text(value, "ip.isCanonical"))
        },
        .method("family") { (value, frame) throws(EvalFailure) in
            .int(try address(value, "family").bytes.count == 4 ? 4 : 6)
        },
        .method("isUnspecified") { (value, frame) throws(EvalFailure) in
            .bool(try address(value, "isUnspecified").bytes.allSatisfy { $0 == 0 })
        },
        .method("isLoopback") { (value, frame) throws(EvalFailure) in
            .bool(isLoopback(try address(value, "isLoopback")))
        },
        .method("isGlobalUnicast") { (value, frame) throws(EvalFailure) in
            .bool(isGlobalUnicast(try address(value, "isGlobalUnicast")))
        },
        .method("isLinkLocalMulticast") { (value, frame) throws(EvalFailure) in
            .bool(isLinkLocalMulticast(try address(value, "isLinkLocalMulticast")))
        },
        .method("isLinkLocalUnicast") { (value, frame) throws(EvalFailure) in
            .bool(isLinkLocalUnicast(try address(value, "isLinkLocalUnicast")))
        },
        .method("containsIP") { (value, other, frame) throws(EvalFailure) in
            .bool(try network(value, "containsIP").holds(address(other, "containsIP")))
        },
        .method("containsCIDR") { (value, other, frame) throws(EvalFailure) in
            .bool(try network(value, "containsCIDR").holds(network(other, "containsCIDR")))
        },
        .method("ip") { (value, frame) throws(EvalFailure) in
            NetworkValue(bytes: try network(value, "ip").bytes, prefix: nil).value
        },
        .method("masked") { (value, frame) throws(EvalFailure) in
            let network = try network(value, "masked")
            return NetworkValue(bytes: network.masked(network.prefix ?? 0), prefix: network.prefix).value
        },
        .method("prefixLength") { (value, frame) throws(EvalFailure) in
            .int(Int64(try network(value, "prefixLength").prefix ?? 0))
        },
    ]

    private static func text(_ value: Value, _ name: String) throws(EvalFailure) -> String {
        guard case .string(let text) = value else { throw StandardFunctions.mismatch(name, value) }
        return text
    }

    private static func address(_ value: Value, _ name: String) throws(EvalFailure) -> NetworkValue {
        if let known = NetworkValue(value), known.prefix == nil { return known }
        guard let bytes = NetworkValue.address(try text(value, name)) else {
            throw EvalFailure(.invalidArgument, "\(Describing.short(value)) is no IP address")
        }
        return NetworkValue(bytes: bytes, prefix: nil)
    }

    private static func network(_ value: Value, _ name: String) throws(EvalFailure) -> NetworkValue {
        if let known = NetworkValue(value), known.prefix != nil { return known }
        guard let network = NetworkValue.network(try text(value, name)) else {
            throw EvalFailure(.invalidArgument, "\(Describing.short(value)) is no network; write it like 10.0.0.0/8")
        }
        return network
    }

    private static func isLoopback(_ address: NetworkValue) -> Bool {
        let bytes = address.bytes
        return bytes.count == 4 ? bytes[0] == 127 : bytes[15] == 1 && bytes[0..<15].allSatisfy { $0 == 0 }
    }

    private static func isLinkLocalMulticast(_ address: NetworkValue) -> Bool {
        let bytes = address.bytes
        return bytes.count == 4
            ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == 0xFF && bytes[1] & 0x0F == 2
    }

    private static func isLinkLocalUnicast(_ address: NetworkValue) -> Bool {
        let bytes = address.bytes
        return bytes.count == 4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    private static func isGlobalUnicast(_ address: NetworkValue) -> Bool {
        let bytes = address.bytes
        if isLoopback(address) || isLinkLocalUnicast(address) || bytes.allSatisfy({ $0 == 0 }) { return false }
        if bytes.count == 4 { return bytes[0] & 0xF0 != 0xE0 && !bytes.allSatisfy { $0 == 0xFF } }
        return bytes[0] != 0xFF
    }
}
