import WorkflowModel

/// An IP address or a network of the networks extension, carried as an optional that holds two or three parts, which no other
/// optional does: its type, its bytes (4 or 16) and, for a network, the length of its prefix.
struct NetworkValue {
    let bytes: [UInt8]
    let prefix: Int?

    init(bytes: [UInt8], prefix: Int?) {
        self.bytes = bytes
        self.prefix = prefix
    }

    init?(_ value: Value) {
        guard case .optional(let parts) = value, parts.count > 1, case .bytes(let bytes) = parts[1] else { return nil }
        self.bytes = bytes
        prefix = parts.count > 2 ? parts[2].int.map { Int($0) } : nil
    }

    static func isOne(_ value: Value) -> Bool {
        if case .optional(let parts) = value { return parts.count > 1 }
        return false
    }

    var value: Value {
        .optional([.type(typeName), .bytes(bytes)] + (prefix.map { [.int(Int64($0))] } ?? []))
    }

    var typeName: String { prefix == nil ? "net.IP" : "net.CIDR" }

    /// The address in its usual form: dotted, or hexadecimal as RFC 5952 has it.
    var text: String { address + (prefix.map { "/\($0)" } ?? "") }

    private var address: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        func hex(_ part: ArraySlice<Int>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }

    /// Reads an address; nil when it is none. Zones and dotted IPv4 inside IPv6 are refused, hexadecimal IPv4-mapped ones become IPv4.
    static func address(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 64 else { return nil }
        guard text.contains(":") else { return dotted(text) }
        var halves: [[Int]] = [[]]
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
        var index = 0
        // "::" gives an empty piece in the middle, two at an end.
        while index < pieces.count {
            if pieces[index].isEmpty {
                let isStart = index == 0
                let isEnd = index == pieces.count - 1
                if isStart || isEnd {
                    guard pieces.count > index + 1 ? pieces[index + 1].isEmpty : pieces[index - 1].isEmpty else {
                        return nil
                    }
                    if isStart {
                        index += 1
                        continue
                    }
                    index += 1
                    continue
                }
                guard halves.count == 1 else { return nil }
                halves.append([])
            } else {
                guard pieces[index].utf8.count <= 4, let group = Int(pieces[index], radix: 16),
                    pieces[index].allSatisfy(\.isHexDigit)
                else { return nil }
                halves[halves.count - 1].append(group)
            }
            index += 1
        }
        let given = halves.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? given < 8 : given == 8 else { return nil }
        let groups =
            halves[0] + [Int](repeating: 0, count: 8 - given) + (halves.count == 2 ? halves[1] : [])
        let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }

    private static func dotted(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), let byte = UInt8(part),
                part.count == 1 || part.first != "0"
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Reads `ADDRESS/LENGTH`; nil when it is none.
    static func network(_ text: String) -> NetworkValue? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = address(String(parts[0])), !parts[1].isEmpty,
            parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let prefix = Int(parts[1]), prefix <= bytes.count * 8
        else { return nil }
        return NetworkValue(bytes: bytes, prefix: prefix)
    }

    /// The bytes with everything after `prefix` bits set to zero.
    func masked(_ prefix: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let bits = max(0, min(8, prefix - index * 8))
            return bits == 0 ? 0 : byte & (0xFF << UInt8(8 - bits))
        }
    }

    /// Whether the network holds every address of `other`.
    func holds(_ other: NetworkValue) -> Bool {
        guard let prefix, bytes.count == other.bytes.count, (other.prefix ?? other.bytes.count * 8) >= prefix else {
            return false
        }
        return masked(prefix) == other.masked(prefix)
    }
}
