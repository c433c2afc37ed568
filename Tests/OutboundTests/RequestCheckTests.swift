import Outbound
import PluginKit
import Testing

@Suite struct RequestCheckTests {
    private static func failure(
        _ request: HTTPRequest, _ change: (inout OutboundSettings) -> Void = { _ in }
    ) async -> HTTPFailure? {
        var settings = OutboundSettings()
        settings.proxyFromEnvironment = false
        change(&settings)
        do throws(HTTPFailure) {
            _ = try await CurlHTTPClient(settings: settings).send(request, deadline: .seconds(20))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "an address that is no web address is refused and nothing is sent",
        arguments: [
            "", "/path", "example.com/x", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/x",
            "http://user:pa55@example.com/", "http://exa mple.com/", "http://example.com/\r\nX: y", "http://",
            "http://[::1", "http://example.com:99999/",
        ])
    func badAddress(url: String) async {
        let failure = await Self.failure(HTTPRequest(url: url))
        #expect(failure?.code == .invalidRequest)
        #expect(failure?.afterFirstByte == false)
        #expect(failure?.message.contains("pa55") == false)
    }

    @Test(
        "a header field that could break out of its line is refused",
        arguments: [
            ("X-A", "one\r\nX-B: two"), ("X-A", "one\nX-B: two"), ("X-A", "\0"), ("X A", "1"), ("", "1"),
            ("X-A:", "1"), ("Content-Length", "3"), ("transfer-encoding", "chunked"), ("Connection", "close"),
        ])
    func badHeader(name: String, value: String) async {
        let failure = await Self.failure(HTTPRequest(url: "http://127.0.0.1:1/", headers: [(name, value)]))
        #expect(failure?.code == .invalidRequest)
    }

    @Test(arguments: ["", "GET /", "GET\r\nX: 1"])
    func `a method that is no word is refused`(method: String) async {
        let failure = await Self.failure(HTTPRequest(method: method, url: "http://127.0.0.1:1/"))
        #expect(failure?.code == .invalidRequest)
    }

    @Test func `a body over the limit is refused`() async {
        let request = HTTPRequest(method: "POST", url: "http://127.0.0.1:1/", body: [1, 2, 3])
        #expect(await Self.failure(request) { $0.requestLimit = 2 }?.code == .invalidRequest)
    }

    @Test(
        "metadata and link-local addresses are forbidden in every spelling",
        arguments: [
            "http://169.254.169.254/latest/meta-data", "http://169.254.0.1/", "http://2852039166/",
            "http://0xA9FEA9FE/", "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
        ])
    func forbidden(url: String) async {
        let failure = await Self.failure(HTTPRequest(url: url))
        #expect(failure?.code == .forbiddenAddress)
        #expect(failure?.afterFirstByte == false)
    }

    @Test func `a name that leads to a forbidden address is stopped at the socket`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let request = HTTPRequest(url: "http://localhost:\(server.port)/")
        let failure = await Self.failure(request) { $0.addresses.allowLoopback = false }
        #expect(failure?.code == .forbiddenAddress)
        #expect(server.accepted == 0)
        #expect(await Self.failure(request) == nil)
    }

    @Test func `loopback is everything that reaches this machine`() {
        let rules = AddressRules(allowLoopback: false)
        let ipv6Loopback = [UInt8](repeating: 0, count: 15) + [1]
        for bytes in [[127, 0, 0, 1], [127, 9, 9, 9], [0, 0, 0, 0], ipv6Loopback, [UInt8](repeating: 0, count: 16)] {
            #expect(rules.objection(to: bytes) != nil)
            #expect(AddressRules().objection(to: bytes) == nil)
        }
        #expect(rules.objection(to: [10, 0, 0, 1]) == nil)
        #expect(rules.objection(to: [93, 184, 216, 34]) == nil)
        #expect(rules.objection(to: []) != nil)
    }
}
