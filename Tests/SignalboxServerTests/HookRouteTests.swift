import Logging
import PluginHost
import PluginKit
import Prometheus
import RESTInterface
import RunStore
import SignalboxServer
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces
import YAML

/// Deliveries to a server, each way in which they end: the status, the document that describes it, the line of the log, the count.
@Suite(.timeLimit(.minutes(1))) struct HookRouteTests {
    private static let manifest = """
        plugin: tried
        version: 0.1.0
        summary: For a test.
        emits: [ticket.created, thing.happened]
        webhooks:
          verify: { token: { kind: header, header: X-Token } }
          delivery: { header: X-Delivery }
          handshake: { when: body.type == "challenge", answer: { challenge: =body.challenge } }
          events:
            - { when: body.type == "ping", ignore: a test of the sender }
            - { when: has(body.id), type: ticket.created, data: { ticket: { id: =text(body.id), title: =body.title } } }
        """

    /// The hooks `tried`, and `lost` without a secret.
    private static func hooks() throws -> [Hook] {
        let (file, problems) = ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: manifest))
        #expect(problems == [])
        let settings = """
            tried: { secret: =secrets.KEY }
            lost: { plugin: tried, secret: =secrets.LOST }
            """
        let (hooks, mistakes) = HookReader.read(
            YAMLParser.parse(SourceFile(path: "signalbox.yaml", text: settings)).root,
            HookReader.Surroundings(
                plugins: ["tried": try #require(file?.webhooks)], allPlugins: ["tried"], secrets: ["KEY", "LOST"],
                people: [], teams: []))
        #expect(mistakes == [])
        return hooks
    }

    private static func api(_ fixture: EngineFixture) throws -> API {
        let set = try ActiveSet([])
        return API(
            APIServices(
                store: fixture.store, requests: RequestClient(store: fixture.store), registry: try fixture.registry,
                playbooks: { set }, directory: { Directory(zone: "UTC") }, look: { _, _ in .null },
                feed: ChangeFeed(start: fixture.clock.now), workspace: "test", version: "1"))
    }

    /// A delivery and how it ends.
    private struct Case {
        var status: Int
        /// The code of the problem, else the outcome.
        var word: String
        /// The outcome in the log and the count.
        var noted: String
        var body: String
        var hook = "tried"
        var headers: [(String, String)] = [("X-Token", "right"), ("Content-Type", "application/json")]
    }

    private static let cases = [
        Case(status: 202, word: "accepted", noted: "accepted", body: #"{"id":1}"#),
        Case(status: 200, word: "duplicate", noted: "duplicate", body: #"{"id":1}"#),
        Case(status: 200, word: "ignored", noted: "ignored", body: #"{"type":"ping"}"#),
        Case(status: 200, word: "none", noted: "handshake", body: #"{"type":"challenge","challenge":"c"}"#),
        Case(status: 202, word: "unmapped", noted: "unmapped", body: #"{"other":1}"#),
        Case(status: 400, word: "body_unreadable", noted: "unreadable", body: #"{"id":"#),
        Case(
            status: 401, word: "signature_missing", noted: "refused", body: #"{"id":2}"#,
            headers: [("Content-Type", "application/json")]),
        Case(status: 404, word: "unknown_hook", noted: "refused", body: #"{"id":2}"#, hook: "unknown"),
        Case(
            status: 413, word: "body_too_large", noted: "refused",
            body: "{\"id\":\"" + String(repeating: "x", count: 3000) + "\"}"),
        Case(
            status: 415, word: "unsupported_content_encoding", noted: "refused", body: #"{"id":2}"#,
            headers: [("X-Token", "right"), ("Content-Type", "application/json"), ("Content-Encoding", "gzip")]),
        Case(
            status: 415, word: "unsupported_media_type", noted: "unreadable", body: #"{"id":2}"#,
            headers: [("X-Token", "right"), ("Content-Type", "text/html")]),
        Case(status: 422, word: "event_refused", noted: "postponed", body: #"{"stubborn":1}"#),
        Case(status: 503, word: "secret_missing", noted: "postponed", body: #"{"id":2}"#, hook: "lost"),
    ]

    @Test("Every way in which a delivery ends is in the document, in the log with its name, and counted")
    func everyWay() async throws {
        let plugin = ScriptedPlugin(consumes: ["webhook.unmapped"])
        plugin.onEvent { event, _, _ in
            if event.data["webhook"]?["body"]?.string?.contains("stubborn") == true {
                throw Failure.permanent("full", "a plugin that takes no more")
            }
            return [:]
        }
        let (file, _) = ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: Self.manifest))
        let fixture = try EngineFixture(
            workflows: [], plugin: plugin, plugins: [DeclarativePlugin(try #require(file))])
        let (hooks, log, api) = (try Self.hooks(), KeptLog(), try Self.api(fixture))
        let document = OpenAPIDocument(api).value
        let described = document.at(["paths", "/hooks/{name}", "post", "responses"])
        try await ServerFixture.with(
            fixture, settings: { $0.bodyBytes = 2000 },
            services: { _, services in
                services.log = log.logger
                services.hooks = HookBook(
                    hooks: { hooks },
                    secret: { name in
                        guard name == "KEY" else { throw Failure.permanent("secret_missing", "\(name) is not set") }
                        return "right"
                    })
            }
        ) { here in
            for (number, sent) in Self.cases.enumerated() {
                let name = sent.noted == "duplicate" ? "d-0" : "d-\(number)"
                let answer = try await here.ask(
                    "POST", "/hooks/\(sent.hook)", sent.headers + [("X-Delivery", name)], sent.body)
                #expect(answer.status == sent.status, "\(sent.word): \(answer.text)")
                let value = try JSON.parse(answer.body)
                let word = answer.status < 300 ? value["outcome"]?.string ?? "none" : value["code"]?.string
                #expect(word == sent.word, "\(answer.text)")

                var response = described?["\(answer.status)"]
                if let reference = response?["$ref"]?.string {
                    response = document.at(reference.split(separator: "/").dropFirst())
                }
                let type = answer.headers["content-type"] ?? ""
                let schema = try #require(response?.at(["content", type, "schema"]), "\(answer.status) as \(type)")
                #expect(try StrictSchema(schema, in: document).violations(of: value) == [], "\(answer.text)")

                let line = log.lines.last { $0.hasPrefix("delivery ") } ?? ""
                #expect(line.contains(" delivery=\(name) "), "\(sent.word): \(line)")
                #expect(line.contains(" outcome=\(sent.noted) "), "\(sent.word): \(line)")
            }
            let documented = Set((described?.map ?? [:]).keys.compactMap { $0.string.flatMap { Int($0) } })
            #expect(documented == Set(Self.cases.map(\.status)), "what is documented, and what was answered")
            for (hook, outcome) in Set(Self.cases.map { [$0.hook, $0.noted] }).map({ ($0[0], $0[1]) }) {
                let count = Self.cases.count { $0.hook == hook && $0.noted == outcome }
                #expect(
                    here.metric("signalbox_webhook_deliveries_total{hook=\"\(hook)\",outcome=\"\(outcome)\"}")
                        == Double(count), "\(hook) \(outcome)")
            }
            #expect(!log.lines.contains { $0.contains("right") }, "no line has the secret")
        }
    }

    @Test("Hooks are those of the moment, and one that comes later knows what came before")
    func changing() async throws {
        let fixture = try EngineFixture(workflows: [])
        let hooks = Mutex(try Self.hooks().filter { $0.name == "tried" })
        try await ServerFixture.with(
            fixture,
            services: { _, services in
                services.hooks = HookBook(hooks: { hooks.withLock { $0 } }, secret: { _ in "right" })
            }
        ) { here in
            func send(_ hook: String, _ name: String) async throws -> Value {
                let answer = try await here.ask(
                    "POST", "/hooks/\(hook)",
                    [("X-Token", "right"), ("Content-Type", "application/json"), ("X-Delivery", name)],
                    #"{"id":1,"by":"\#(hook)"}"#)
                return try JSON.parse(answer.body)
            }
            #expect(try await send("tried", "a")["outcome"] == "accepted")
            #expect(try await send("lost", "a")["code"] == "unknown_hook")
            let all = try Self.hooks()
            hooks.withLock { $0 = all }
            #expect(try await send("lost", "a")["outcome"] == "accepted")
            hooks.withLock { $0.removeAll { $0.name == "tried" } }
            #expect(try await send("tried", "b")["code"] == "unknown_hook")
            hooks.withLock { $0 = all }
            #expect(try await send("tried", "b")["outcome"] == "duplicate")
        }
    }
}
