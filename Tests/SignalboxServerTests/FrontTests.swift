import Foundation
import Prometheus
import SignalboxServer
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces

/// Health, metrics, what every answer has, and the end.
@Suite(.timeLimit(.minutes(1))) struct FrontTests {
    @Test("It lives before it is ready, and is not ready while it begins or ends")
    func health() async throws {
        try await ServerFixture.with(callers: ServerFixture.Callers()) { here in
            #expect(try await here.ask("GET", "/healthz").status == 200)
            #expect(try await here.ask("HEAD", "/healthz").body.isEmpty)
            #expect(try await here.ask("GET", "/readyz").text == #"{"status":"ready"}"#)
            here.server.state.enter(.draining)
            let answer = try await here.ask("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(answer.text.contains("stopping"))
            #expect(try await here.ask("GET", "/healthz").status == 200)
        }
    }

    @Test("Not ready says that a newer executor has begun")
    func replaced() async throws {
        try await ServerFixture.with { here in
            let newer = try await here.fixture.open()
            let answer = try await here.ask("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(answer.text.contains("store: "))
            await newer.close()
        }
    }

    @Test("Metrics need a token, and count requests by route and status")
    func metrics() async throws {
        try await ServerFixture.with(callers: ServerFixture.Callers()) { here in
            #expect(try await here.ask("GET", "/metrics").status == 401)
            let answer = try await here.ask("GET", "/metrics", [("Authorization", "Bearer viewer")])
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                answer.text.contains(
                    #"signalbox_http_requests_total{method="GET",route="/metrics",status="401"} 1"#), "\(answer.text)")
            #expect(answer.text.contains(#"signalbox_http_refusals_total{code="no_token"} 1"#))
        }
    }

    @Test("A path that is not there and a method that it has not are problems, without the path in a label")
    func wrongPath() async throws {
        try await ServerFixture.with { here in
            let missing = try await here.ask("GET", "/a/b?c=d")
            #expect(missing.status == 404)
            #expect(try JSON.parse(missing.body)["code"] == "not_found")
            let wrong = try await here.ask("DELETE", "/events")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "POST")
            #expect(!here.metrics.text().contains("/a/b"))
        }
    }

    @Test("A request with two Host fields is refused, and its connection ends")
    func twoHosts() async throws {
        try await ServerFixture.with { here in
            try await here.away {
                for second in ["Host: b", "Host: a", "host: a", "HOST:"] {
                    let client = try RawClient(port: here.port)
                    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\(second)\r\n\r\n")
                    let answer = try #require(try client.answer())
                    #expect(answer.status == 400, "\(second)")
                    #expect(try JSON.parse(answer.body)["code"] == "repeated_host")
                    #expect(try client.isEnded())
                }
            }
        }
    }

    @Test("A proxy is believed only when it is trusted, and then the nearest address that is not one")
    func forwarded() async throws {
        for (proxies, expected) in [([], "own"), (["127.0.0.0/8", "10.0.0.0/8"], "given")] {
            try await ServerFixture.with(settings: { $0.trustedProxies = proxies.compactMap(AddressRange.init) }) {
                here in
                let answer = try await here.ask(
                    "GET", "/healthz",
                    [("X-Request-Id", "given"), ("X-Forwarded-For", "192.0.2.1, 198.51.100.7, 10.0.0.1")])
                #expect((answer.headers["x-request-id"] == "given") == (expected == "given"))
            }
        }
    }

    @Test("Requests on one connection are answered in their order, also when they come at once")
    func pipelining() async throws {
        try await ServerFixture.with { here in
            try await here.away {
                let client = try RawClient(port: here.port)
                let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                client.send(get + "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + get)
                #expect(try (0..<3).map { _ in try client.answer()?.status } == [200, 404, 200])
            }
        }
    }

    @Test("What is under way when it stops is answered, and nothing new is taken")
    func drain() async throws {
        try await ServerFixture.with { here in
            let client = try await here.away { try Kept(RawClient(port: here.port)) }
            let body = #"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#
            let (first, second) = (body.prefix(10), body.dropFirst(10))
            client.value.send(
                "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(first)"
            )
            // The server has the head when another request has been answered after it.
            _ = try await here.ask("GET", "/healthz")
            async let stopped: Void = here.server.stop()
            while here.server.state.phase != .draining { await Task.yield() }
            client.value.send(String(second))
            let answer = try await here.away { try client.value.answer() }
            #expect(answer?.status == 202)
            await stopped
            #expect(throws: RawClient.Trouble.self) { _ = try RawClient(port: here.port) }
        }
    }

    @Test("A port that is taken is told with the system's words")
    func taken() async throws {
        try await ServerFixture.with { here in
            let other = WebServer(
                address: ListenAddress(host: "127.0.0.1", port: here.port), settings: ServerSettings(),
                services: here.services)
            await #expect(throws: WebServer.ListenFailure.self) { _ = try await other.start() }
        }
    }
}

/// Lets a test hand a connection from one thread to another, one at a time.
struct Kept: @unchecked Sendable {
    // Only one thread uses it at a time: the test waits for each.
    let value: RawClient

    init(_ value: RawClient) { self.value = value }
}
