import Foundation
import RunStore
import SignalboxServer
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces

@Suite(.timeLimit(.minutes(1))) struct EventRouteTests {
    private static let structured = [("Content-Type", "application/cloudevents+json")]
    private static let batch = [("Content-Type", "application/cloudevents-batch+json")]
    private static let lines = [("Content-Type", "application/x-ndjson")]

    private static func event(_ id: String, type: String = "test.happened") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"\#(type)","data":{"n":1}}"#
    }

    private static func stored(_ id: String, in here: ServerFixture) async throws -> Int {
        try await here.fixture.store.read(view: { try $0.events(withID: id).count })
    }

    @Test("An event is answered with its place in the order, and the second time as known already")
    func accept() async throws {
        try await ServerFixture.with { here in
            let first = try await here.ask("POST", "/events", Self.structured, Self.event("1"))
            #expect(first.status == 202)
            #expect(first.headers["content-type"] == "application/json")
            #expect(
                first.text == #"{"events":[{"source":"/test","id":"1","sequence":1,"duplicate":false}]}"#)
            let second = try await here.ask("POST", "/events", Self.structured, Self.event("1"))
            #expect(second.status == 202)
            #expect(
                second.text == #"{"events":[{"source":"/test","id":"1","sequence":1,"duplicate":true}]}"#)
        }
    }

    @Test("A batch and lines are accepted in their order, with duplicates told apart")
    func batches() async throws {
        try await ServerFixture.with { here in
            let answer = try await here.ask(
                "POST", "/events", Self.batch, "[\(Self.event("1")),\(Self.event("2")),\(Self.event("1"))]")
            let events = try #require(try JSON.parse(answer.body)["events"]?.list)
            #expect(events.map { $0["id"]?.string } == ["1", "2", "1"])
            #expect(events.map { $0["duplicate"]?.bool } == [false, false, true])
            let lines = try await here.ask("POST", "/events", Self.lines, "\(Self.event("3"))\n\(Self.event("2"))\n")
            let more = try #require(try JSON.parse(lines.body)["events"]?.list)
            #expect(more.map { $0["duplicate"]?.bool } == [false, true])
            let none = try await here.ask("POST", "/events", Self.batch, "[]")
            #expect(none.text == #"{"events":[]}"#)
        }
    }

    @Test("One bad event of a batch refuses all of it, and says which")
    func allOrNothing() async throws {
        try await ServerFixture.with { here in
            let answer = try await here.ask(
                "POST", "/events", Self.batch, #"[\#(Self.event("1")),{"specversion":"1.0","id":"2","source":"/s"}]"#)
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let problem = try JSON.parse(answer.body)
            #expect(problem["code"] == "bad_event")
            #expect(problem["event"] == 1)
            #expect(problem["attribute"] == "type")
            #expect(try await Self.stored("1", in: here) == 0)
        }
    }

    struct Refusal: Sendable {
        var headers: [(String, String)] = structured
        var body = ""
        var status: Int
        var code: String
        var detail = ""
    }

    @Test(
        "What is refused says why with the right status, and is counted",
        arguments: [
            Refusal(
                body: "{\"specversion\":\"1.0\",\n\"id\" 1}", status: 400, code: "bad_body", detail: "line 2, column 6"),
            Refusal(body: String(repeating: "[", count: 200), status: 400, code: "bad_body", detail: "64 levels"),
            Refusal(body: "", status: 400, code: "bad_body"),
            Refusal(
                headers: [("Content-Type", "text/plain")], body: "x", status: 415, code: "unsupported_content_type"),
            Refusal(headers: [], body: "x", status: 415, code: "unsupported_content_type"),
            Refusal(
                headers: structured + [("Content-Encoding", "gzip")], body: "x", status: 415,
                code: "unsupported_content_encoding"),
            Refusal(body: event(String(repeating: "x", count: 900)), status: 413, code: "event_too_large"),
            Refusal(body: String(repeating: " ", count: 3000), status: 413, code: "body_too_large", detail: "2048"),
            Refusal(
                headers: batch, body: "[" + (1...6).map { event("\($0)") }.joined(separator: ",") + "]", status: 413,
                code: "too_many_events"),
        ])
    func refuse(_ refusal: Refusal) async throws {
        try await ServerFixture.with(
            settings: {
                $0.bodyBytes = 2048
                $0.eventBytes = 700
                $0.eventsPerRequest = 5
            },
            { here in
                let answer = try await here.ask("POST", "/events", refusal.headers, refusal.body)
                #expect(answer.status == refusal.status)
                let problem = try JSON.parse(answer.body)
                #expect(problem["code"]?.string == refusal.code)
                #expect(problem["status"]?.int == Int64(refusal.status))
                #expect(refusal.detail.isEmpty || problem["detail"]?.string?.contains(refusal.detail) == true)
                let request = try #require(answer.headers["x-request-id"])
                #expect(problem["instance"]?.string == "urn:signalbox:request:\(request)")
                #expect(here.metric("signalbox_http_refusals_total{code=\"\(refusal.code)\"}") == 1)
            })
    }

    @Test("A body that comes in chunks is counted while it comes")
    func chunked() async throws {
        try await ServerFixture.with(settings: { $0.bodyBytes = 2000 }) { here in
            let head =
                "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            let (good, large) = try await here.away {
                let client = try RawClient(port: here.port)
                let (first, second) = (Self.event("1").prefix(20), Self.event("1").dropFirst(20))
                client.send(head)
                for part in [first, second] { client.send("\(String(part.count, radix: 16))\r\n\(part)\r\n") }
                client.send("0\r\n\r\n")
                let good = try client.answer()
                client.send(head)
                for _ in 0..<30 { client.send("64\r\n\(String(repeating: " ", count: 100))\r\n") }
                return (good, try client.answer())
            }
            #expect(good?.status == 202)
            #expect(large?.status == 413)
            #expect(large?.headers["connection"] == "close")
        }
    }

    @Test("A body that breaks off is not taken for a whole one")
    func truncated() async throws {
        try await ServerFixture.with { here in
            let body = "\(Self.event("1"))\n\(Self.event("2"))\n"
            let cut = "\(Self.event("1"))\n"
            try await here.away {
                let client = try RawClient(port: here.port)
                client.send(
                    "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(cut)"
                )
                client.finish()
                #expect(try client.answer()?.status != 202)
            }
            #expect(try await Self.stored("1", in: here) == 0)
        }
    }

    @Test("When the writer has no room, the sender is told when to come back, and nothing is accepted")
    func overloaded() async throws {
        let fixture = try EngineFixture(store: CrowdedStore())
        try await ServerFixture.with(fixture) { here in
            let answer = try await here.ask("POST", "/events", Self.structured, Self.event("1"))
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "1")
            #expect(try JSON.parse(answer.body)["code"] == "overloaded")
            #expect(try await Self.stored("1", in: here) == 0)
        }
    }

    @Test("Sending events needs a coordinator")
    func access() async throws {
        try await ServerFixture.with(callers: ServerFixture.Callers()) { here in
            let nobody = try await here.ask("POST", "/events", Self.structured, Self.event("1"))
            #expect(nobody.status == 401)
            #expect(nobody.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            let viewer = try await here.ask(
                "POST", "/events", Self.structured + [("Authorization", "Bearer viewer")], Self.event("1"))
            #expect(viewer.status == 403)
            let coordinator = try await here.ask(
                "POST", "/events", Self.structured + [("Authorization", "Bearer coordinator")], Self.event("1"))
            #expect(coordinator.status == 202)
        }
    }

    @Test("The examples of CloudEvents get through the front door, and what must be refused does not")
    func conformance() async throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("CloudEventsTests/Conformance/http.json")
        let root = try JSON.parse(Array(try Data(contentsOf: path)))
        let cases = try #require(root["cases"]?.list)
        try await ServerFixture.with { here in
            for test in cases {
                let headers = (test["http"]?["headers"]?.list ?? []).compactMap { pair in
                    pair.list.flatMap { pair in
                        pair[0].string.flatMap { name in pair[1].string.map { (name, $0) } }
                    }
                }
                let body =
                    test["http"]?["body"]?.string.map { Array($0.utf8) }
                    ?? test["http"]?["body_base64"]?.string.flatMap(Base64Text.decode) ?? []
                let answer = try await here.away { [port = here.port] in
                    try RawClient.ask(port, "POST", "/events", headers, body)
                }
                let id = test["id"]?.string ?? ""
                if test["expect"]?["error"] == true {
                    #expect([400, 415].contains(answer.status), "\(id): \(answer.text)")
                } else {
                    #expect(answer.status == 202, "\(id): \(answer.text)")
                    #expect(
                        try JSON.parse(answer.body)["events"]?.list?.count == test["expect"]?["events"]?.list?.count,
                        "\(id)")
                }
            }
        }
    }
}
