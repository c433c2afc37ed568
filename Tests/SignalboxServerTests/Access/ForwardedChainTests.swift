import Testing
import Workspaces

@testable import SignalboxServer

@Suite struct ForwardedChainTests {
    private static let trusted = ["10.0.0.0/8", "::1"].compactMap(AddressRange.init)

    private func client(_ lines: String..., peer: String = "10.0.0.1", field: ProxyField = .xForwardedFor) -> String {
        ForwardedChain(field: field, trusted: Self.trusted).client(peer: peer, lines: lines)
    }

    @Test func `who connects directly is who the connection says, whatever the field says`() {
        #expect(client("1.2.3.4", peer: "203.0.113.9") == "203.0.113.9")
        #expect(client("1.2.3.4", peer: "unix") == "unix")
        #expect(client(peer: "10.0.0.1") == "10.0.0.1")
    }

    @Test(arguments: [
        (["203.0.113.9"], "203.0.113.9"), (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9", "10.1.1.1,10.2.2.2"], "203.0.113.9"),
        (["10.3.3.3, 10.2.2.2"], "10.3.3.3"), (["203.0.113.9:4711"], "203.0.113.9"), (["2001:db8::7"], "2001:db8::7"),
        (["[2001:db8::7]:443"], "2001:db8::7"), ([" \t203.0.113.9\t "], "203.0.113.9"),
        (["::ffff:10.1.1.1, ::ffff:203.0.113.9"], "::ffff:203.0.113.9"),
    ])
    func `behind proxies the nearest address that is no proxy is the client's`(lines: [String], expected: String) {
        #expect(
            ForwardedChain(field: .xForwardedFor, trusted: Self.trusted).client(peer: "10.0.0.1", lines: lines)
                == expected)
    }

    @Test(arguments: [
        "unknown", "", ",", "203.0.113.9,", "203.0.113.9;10.1.1.1", "010.1.1.1", "1.2.3", "1.2.3.4.5",
        "evil.example.com",
        "203.0.113.9 10.1.1.1", "[2001:db8::7", "2001:db8::7]:80", "203.0.113.9:", "203.0.113.9:abc",
        "203.0.113.9:123456",
        "é", "\0", "' OR 1=1", "0x7f.1",
    ])
    func `what is no address ends the list, and the proxy that is known stands for the client`(line: String) {
        #expect(client(line) == "10.0.0.1")
        #expect(client("6.6.6.6, \(line), 10.4.4.4") == "10.4.4.4")
    }

    @Test func `a list without end is not followed`() {
        let hops = Array(repeating: "10.9.9.9", count: 100_000).joined(separator: ",")
        #expect(client("6.6.6.6,\(hops)") == "10.9.9.9")
    }

    @Test(arguments: [
        ("for=203.0.113.9", "203.0.113.9"), ("For=\"203.0.113.9:80\";proto=http;by=10.1.1.1", "203.0.113.9"),
        ("for=6.6.6.6, for=203.0.113.9;host=a", "203.0.113.9"), ("for=\"[2001:db8::7]:80\"", "2001:db8::7"),
        ("for=[2001:db8::7]", "2001:db8::7"), ("for=203.0.113.9, for=10.1.1.1", "203.0.113.9"),
        ("proto=https ; for=203.0.113.9", "203.0.113.9"), ("for=\"203.0.113.\\9\"", "203.0.113.9"),
        ("for=6.6.6.6, proto=https", "10.0.0.1"), ("for=_hidden", "10.0.0.1"), ("for=unknown", "10.0.0.1"),
        ("for=\", for=203.0.113.9", "10.0.0.1"), ("for=1.1.1.1;for=2.2.2.2", "10.0.0.1"), ("", "10.0.0.1"),
        ("=1.1.1.1", "10.0.0.1"), ("for", "10.0.0.1"), ("for=", "10.0.0.1"), ("for=\"\\", "10.0.0.1"),
        ("for=1.1.1.1 for=2.2.2.2", "10.0.0.1"),
    ])
    func `the field of RFC 7239 is read by its grammar, or not at all`(line: String, expected: String) {
        #expect(client(line, field: .forwarded) == expected)
    }

    @Test func `a client's own broken line cannot hide the line of the proxy`() {
        #expect(client("for=\"", "for=203.0.113.9", field: .forwarded) == "203.0.113.9")
    }

    @Test func `addresses of IPv6 are limited by their network`() {
        #expect(AddressKey.key(of: "2001:db8:1:2:3:4:5:6") == AddressKey.key(of: "2001:db8:1:2::1"))
        #expect(AddressKey.key(of: "2001:db8:1:2::1") != AddressKey.key(of: "2001:db8:1:3::1"))
        #expect(AddressKey.key(of: "203.0.113.9") == "203.0.113.9")
        #expect(AddressKey.key(of: "unix") == "unix")
    }
}
