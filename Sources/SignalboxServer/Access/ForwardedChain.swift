import Workspaces

/// Whom a request comes from, when reverse proxies stand before the server.
///
/// Each proxy adds the address that it saw. So the list is read from its end: the first address that is no trusted proxy is the
/// client's, and what stands before it is hearsay that anybody may have written. Of the two fields only the one that the proxies
/// write is believed; the other comes from clients as it is.
struct ForwardedChain {
    /// The field that the trusted proxies write.
    let field: ProxyField
    /// The proxies.
    let trusted: [AddressRange]

    /// The most hops that are looked at.
    static let maximumHops = 50

    /// The client's address.
    ///
    /// - Parameters:
    ///   - peer: who has the connection.
    ///   - lines: the values of the field, one for each line that it has, in their order.
    /// - Returns: the nearest address that is no trusted proxy. Where the list ends, or names no address, the nearest proxy that is
    ///   known counts as the client.
    func client(peer: String, lines: [String]) -> String {
        guard isTrusted(peer) else { return peer }
        var client = peer
        var seen = 0
        for line in lines.reversed() {
            guard let hops = hops(line) else { return client }
            for hop in hops.reversed() {
                seen += 1
                guard seen <= Self.maximumHops, let address = Self.address(hop) else { return client }
                client = address
                guard isTrusted(address) else { return client }
            }
        }
        return client
    }

    private func isTrusted(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }

    private func hops(_ line: String) -> [String]? {
        switch field {
        case .xForwardedFor:
            line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                Self.trimmed(Substring($0))
            }
        case .forwarded: ForwardedElements(line).map(\.addresses)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// The address of a hop, without the port that some proxies write; nil when it is none.
    static func address(_ hop: String) -> String? {
        if hop.hasPrefix("[") {
            guard let end = hop.firstIndex(of: "]") else { return nil }
            let rest = hop[hop.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return plain(String(hop[hop.index(after: hop.startIndex)..<end]))
        }
        if let address = plain(hop) { return address }
        guard let colon = hop.lastIndex(of: ":"), isPort(hop[colon...]) else { return nil }
        let host = String(hop[..<colon])
        return host.contains(":") ? nil : plain(host)
    }

    private static func plain(_ text: String) -> String? { AddressRange.bytes(text) == nil ? nil : text }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && (2...6).contains(text.utf8.count)
            && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// The elements of a `Forwarded` field (RFC 7239 section 4).
struct ForwardedElements {
    /// What `for` says in each element, in order; an empty text where it says nothing.
    let addresses: [String]

    /// Reads one line of the field; nil when it is not well formed, so that a quotation mark that a client has left open cannot
    /// hide what the proxies have added.
    init?(_ line: String) {
        var scan = Array(line.utf8)[...]
        var addresses: [String] = []
        func skipSpace() { scan = scan.drop { $0 == 0x20 || $0 == 0x09 } }
        func take(_ byte: UInt8) -> Bool {
            guard scan.first == byte else { return false }
            scan = scan.dropFirst()
            return true
        }
        func token() -> String {
            let word = scan.prefix { Self.isToken($0) }
            scan = scan[word.endIndex...]
            return String(decoding: word, as: UTF8.self)
        }
        func value() -> String? {
            guard take(UInt8(ascii: "\"")) else {
                // Addresses of IPv6 have to be quoted, and some proxies forget it.
                let word = scan.prefix { Self.isToken($0) || [0x3A, 0x5B, 0x5D].contains($0) }
                scan = scan[word.endIndex...]
                return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
            }
            var text: [UInt8] = []
            while let byte = scan.first {
                scan = scan.dropFirst()
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                if byte == UInt8(ascii: "\\") {
                    guard let next = scan.first else { return nil }
                    scan = scan.dropFirst()
                    text.append(next)
                } else {
                    text.append(byte)
                }
            }
            return nil
        }
        while true {
            var address: String?
            while true {
                skipSpace()
                if let next = scan.first, next != UInt8(ascii: ","), next != UInt8(ascii: ";") {
                    let name = token()
                    guard !name.isEmpty, take(UInt8(ascii: "=")), let text = value() else { return nil }
                    if name.lowercased() == "for" {
                        guard address == nil else { return nil }
                        address = text
                    }
                }
                skipSpace()
                guard take(UInt8(ascii: ";")) else { break }
            }
            addresses.append(address ?? "")
            if scan.isEmpty { break }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
        self.addresses = addresses
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
