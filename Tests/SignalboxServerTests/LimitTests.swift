import SignalboxServer
import Testing
import WorkflowModel
import WorkflowTesting
import Workspaces

/// What a connection may do, tried with connections that do more.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    private static let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(
        "A head or body that does not come in time is answered with 408, and the connection ends",
        arguments: [
            ("GET /healthz HTTP/1.1\r\nHo", 408, "head_timeout"),
            (
                "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", 408,
                "body_timeout"
            ),
        ])
    func slow(_ bytes: String, _ status: Int, _ code: String) async throws {
        try await ServerFixture.with(
            settings: {
                $0.headTime = .milliseconds(60)
                $0.bodyTime = .milliseconds(60)
            },
            { here in
                try await here.away {
                    let client = try RawClient(port: here.port)
                    client.send(bytes)
                    let answer = try client.answer()
                    #expect(answer?.status == status)
                    #expect(answer?.headers["content-type"] == "application/problem+json")
                    #expect(try JSON.parse(answer?.body ?? [])["code"]?.string == code)
                    #expect(try client.isEnded())
                }
                #expect(here.metric("signalbox_http_connections_closed_total{reason=\"\(code)\"}") == 1)
            })
    }

    @Test("A byte now and then does not keep a slow head alive")
    func trickle() async throws {
        try await ServerFixture.with(settings: { $0.headTime = .milliseconds(80) }) { here in
            try await here.away {
                let client = try RawClient(port: here.port)
                client.send("GET /healthz HTTP/1.1\r\n")
                for letter in 0..<200 { client.send("X-\(letter): 1\r\n") }
                #expect(try client.answer()?.status == 408 || client.isEnded())
            }
        }
    }

    @Test("A connection that says nothing is ended, before its first request and between two")
    func silent() async throws {
        try await ServerFixture.with(
            settings: {
                $0.idleTime = .milliseconds(60)
                $0.headTime = .milliseconds(60)
            },
            { here in
                try await here.away {
                    let never = try RawClient(port: here.port)
                    #expect(try never.isEnded())
                    let once = try RawClient(port: here.port)
                    once.send(Self.get)
                    #expect(try once.answer()?.status == 200)
                    #expect(try once.isEnded())
                }
                #expect(here.metric("signalbox_http_connections_closed_total{reason=\"silent\"}") == 2)
            })
    }

    @Test(
        "Heads with too many fields or bytes, and what is no HTTP, are problems",
        arguments: [
            ("GET / HTTP/1.1\r\n" + (0..<60).map { "x-\($0): 1\r\n" }.joined() + "\r\n", 431),
            ("GET / HTTP/1.1\r\nx: " + String(repeating: "y", count: 5000) + "\r\n\r\n", 431),
            ("GET /" + String(repeating: "y", count: 9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431),
            ("hello\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ])
    func badHead(_ bytes: String, _ status: Int) async throws {
        try await ServerFixture.with(
            settings: {
                $0.headerFields = 50
                $0.headerBytes = 4096
            },
            { here in
                try await here.away {
                    let client = try RawClient(port: here.port)
                    client.send(bytes)
                    let answer = try client.answer()
                    #expect(answer?.status == status)
                    #expect(answer?.headers["content-type"] == "application/problem+json")
                    #expect(try client.isEnded())
                }
            })
    }

    @Test("When there are as many connections as may be, the one that was silent longest makes room")
    func crowd() async throws {
        try await ServerFixture.with(settings: { $0.connections = 3 }) { here in
            try await here.away {
                let clients = try (0..<3).map { _ in
                    let client = try RawClient(port: here.port)
                    client.send(Self.get)
                    #expect(try client.answer()?.status == 200)
                    return client
                }
                let fourth = try RawClient(port: here.port)
                fourth.send(Self.get)
                #expect(try fourth.answer()?.status == 200)
                #expect(try clients[0].isEnded())
                clients[2].send(Self.get)
                #expect(try clients[2].answer()?.status == 200)
            }
            #expect(here.metric("signalbox_http_connections_closed_total{reason=\"silent_longest\"}") == 1)
        }
    }

    private static let event: String = {
        let body = #"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#
        return "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/cloudevents+json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }()

    @Test("What is not answered in time is 503, and may still be done")
    func slowAnswer() async throws {
        let store = HeldStore()
        try await ServerFixture.with(
            EngineFixture(store: store), settings: { $0.requestTime = .milliseconds(60) },
            { here in
                store.hold()
                try await here.away {
                    let client = try RawClient(port: here.port)
                    client.send(Self.event)
                    let answer = try client.answer()
                    #expect(answer?.status == 503)
                    #expect(answer?.headers["retry-after"] != nil)
                    #expect(try JSON.parse(answer?.body ?? [])["code"] == "answer_timeout")
                    #expect(try client.isEnded())
                }
                #expect(here.metric("signalbox_http_connections_closed_total{reason=\"answer_timeout\"}") == 1)
                store.letGo()
            })
    }

    @Test("When all connections are being answered, a further one is told so and ended, and nobody else is")
    func full() async throws {
        let store = HeldStore()
        try await ServerFixture.with(EngineFixture(store: store), settings: { $0.connections = 1 }) { here in
            store.hold()
            try await here.away {
                let first = try RawClient(port: here.port)
                first.send(Self.event)
                #expect(store.waitForOne())
                let second = try RawClient(port: here.port)
                let answer = try second.answer()
                #expect(answer?.status == 503)
                #expect(answer?.headers["retry-after"] != nil)
                #expect(try JSON.parse(answer?.body ?? [])["code"] == "too_many_connections")
                #expect(try second.isEnded())
                #expect(here.metric("signalbox_http_connections_closed_total{reason=\"too_many\"}") == 1)
                store.letGo()
                #expect(try first.answer()?.status == 202)
            }
        }
    }

    @Test("Who asks before sending a large body is told to go on, or that it is too large")
    func expectation() async throws {
        try await ServerFixture.with(settings: { $0.bodyBytes = 2000 }) { here in
            try await here.away {
                let body = #"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#
                let head =
                    "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                let client = try RawClient(port: here.port)
                client.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n")
                #expect(try client.answer()?.status == 100)
                client.send(body)
                #expect(try client.answer()?.status == 202)
                client.send(head + "Content-Length: 3000\r\n\r\n")
                #expect(try client.answer()?.status == 413)
            }
        }
    }
}
