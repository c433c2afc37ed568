/// Where a server listens: a host and a port, or nowhere.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// What is listened on when nobody says anything else: this machine alone reaches it.
    public static let standard = ListenAddress(host: "127.0.0.1", port: 8420)

    /// A name or an IP address, without brackets.
    public var host: String
    /// The port; 0 lets the system choose a free one.
    public var port: Int

    /// An address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[::1]:port` or a port alone, which is one of this machine; nil when it is none of these.
    public init?(_ text: String) {
        var host = "127.0.0.1"
        var digits = text[...]
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), text[text.index(after: end)...].first == ":" else { return nil }
            host = String(text[text.index(after: text.startIndex)..<end])
            digits = text[text.index(end, offsetBy: 2)...]
            guard AddressRange.bytes(host) != nil else { return nil }
        } else if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            digits = text[text.index(after: colon)...]
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(ListenAddress.isOfName) else {
                return nil
            }
        }
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), port <= 65_535
        else { return nil }
        self.init(host: host, port: port)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
        default: false
        }
    }

    /// `127.0.0.1:8420`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
