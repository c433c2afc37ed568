import Access
import Foundation
import InMemoryRunStore
import IncidentPlugin
import Playbooks
import PluginHost
import PluginKit
import RESTInterface
import RunStore
import SLAPlugin
import Testing
import TicketPlugin
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// The API over an engine in memory, asked without HTTP. Every answer is checked against its schema in the OpenAPI document.
final class APIBench: Sendable {
    let fixture: EngineFixture
    let engine: Engine
    let api: API
    let feed: ChangeFeed
    let document: Value

    static let viewer = Caller(name: "board", role: .viewer, tokenID: "t1")
    static let coordinator = Caller(name: "ada", person: "ada", role: .coordinator, tokenID: "t2")
    static let lead = Caller(name: "bob", person: "bob", role: .lead, tokenID: "t3")
    static let admin = Caller(name: "root", person: "eve", role: .admin, tokenID: "t4")
    static let system = Caller(name: "ci", role: .coordinator, tokenID: "t5")

    static let playbooks = [
        """
        playbook: greet
        owner: lead@example.com
        mode: active
        trigger:
          - event: ticket.created
            when: ticket.priority == "P1"
        steps:
          - { id: tell, uses: test.send, with: { value: =ticket.id } }
          - { id: after, uses: test.compute, with: { value: 1 } }
        """,
        """
        playbook: ask-first
        owner: lead@example.com
        mode: active
        trigger:
          - event: ticket.updated
        steps:
          - id: page
            approve: { by: [ada, bob], prompt: "Page for ${{ ticket.id }}?", timeout: 1h, on_timeout: continue, on_reject: continue }
        """,
        """
        playbook: by-hand
        title: Started by a person
        owner: lead@example.com
        mode: active
        trigger:
          - manual:
              inputs:
                service: { type: string, required: true }
        steps:
          - { id: note, uses: test.keep, with: { id: =inputs.service, value: 1 } }
        """,
        """
        playbook: nightly
        owner: lead@example.com
        mode: active
        trigger:
          - schedule: { cron: "0 3 * * *" }
        steps:
          - { id: look, uses: test.look, with: { value: 1 } }
        """,
    ]

    /// - Parameter clocks: whether tickets have SLA clocks.
    init(clocks: Bool = false) async throws {
        let plugin = ScriptedPlugin()
        var plugins: [any Plugin] = [
            TicketPlugin(manifest: try APIBench.manifest("ticket")),
            IncidentPlugin(manifest: try APIBench.manifest("incident")),
        ]
        if clocks { plugins.append(SLAPlugin(manifest: try APIBench.manifest("sla"))) }
        var collections = EngineFixture.collections
        // Incidents look for messages that were sent about them.
        for manifest in plugins.map(\.manifest) + [try APIBench.manifest("notify")] {
            for collection in manifest.collections { collections["\(manifest.name).\(collection.name)"] = collection }
        }
        fixture = try EngineFixture(
            workflows: [], store: InMemoryRunStore(collections: collections), plugin: plugin, plugins: plugins)
        let playbooks = try APIBench.playbooks.map { text in
            let workflow = try EngineFixture.workflow(text)
            return ActivePlaybook(workflow, bundle: WorkflowBundle(of: workflow, text: text))
        }
        let directory = APIBench.directory()
        let feed = ChangeFeed(start: Timestamp(seconds: 1_795_334_400))
        engine = try await fixture.open(playbooks: playbooks) { settings, services in
            settings.requestInterval = .milliseconds(5)
            services.clock = SystemClock()
            services.workspace = { WorkspaceTables(name: "test", directory: directory, policies: APIBench.policies) }
            services.readBundle = ActivePlaybook.stored
            services.progress = { feed.note($0) }
        }
        engine.start()
        self.feed = feed
        let (set, look) = (try ActiveSet(playbooks), engine.look)
        api = API(
            APIServices(
                store: fixture.store, requests: RequestClient(store: fixture.store), registry: try fixture.registry,
                playbooks: { set }, directory: { directory }, look: { try await look.look($0, $1) }, feed: feed,
                workspace: "test",
                version: "1.2.3"))
        document = OpenAPIDocument(api).value
    }

    /// One target for all tickets.
    static let policies = PolicyTable(
        version: "v1",
        content: [
            "format": 1, "calendars": [:],
            "policies": [
                [
                    "id": "all", "default": true,
                    "metrics": [["metric": "first_reply", "targets": ["*": .duration(.seconds(14_400))]]],
                ]
            ],
        ])

    static func manifest(_ plugin: String) throws -> PluginManifest {
        var root = URL(filePath: #filePath)
        for _ in 1...3 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "plugins/\(plugin)/plugin.yaml"), encoding: .utf8)
        return try #require(ManifestReader.read(text, file: "plugin.yaml").manifest)
    }

    static func directory() -> Directory {
        var directory = Directory(zone: "UTC")
        directory.people = ["ada", "bob", "eve"].map { id in
            var person = Person(id: id, name: id)
            person.email = "\(id)@example.com"
            return person
        }
        return directory
    }

    // MARK: Asking

    /// What the operation answers; a field that its schema does not know is a failure of the test.
    @discardableResult
    func ask(
        _ id: String, _ path: [String: String] = [:], _ query: [(String, String)] = [], body: Value? = nil,
        as caller: Caller = admin, key: String? = nil, location: SourceLocation = #_sourceLocation
    ) async throws -> APIAnswer {
        let operation = try #require(
            api.operations.first { $0.id == id }, "no operation \(id)", sourceLocation: location)
        let answer = try await api.answer(
            operation,
            APIRequest(
                caller: caller, path: path, query: query.map { (name: $0.0, value: $0.1) },
                body: body.map { JSONWriter.data($0) } ?? [], contentType: body == nil ? nil : "application/json",
                idempotencyKey: key))
        // As it is on the wire: instants are texts there.
        let wire = try JSON.parse(JSONWriter.text(answer.value))
        let described = document.at(["paths", operation.path, operation.method.rawValue.lowercased(), "responses"])
        let schema = try #require(
            described?["\(answer.status)"]?.at(["content", "application/json", "schema"]),
            "\(id) does not say what \(answer.status) is like", sourceLocation: location)
        let problems = try StrictSchema(schema, in: document).violations(of: wire)
        #expect(problems.isEmpty, "\(id): \(problems) in \(JSONWriter.text(wire))", sourceLocation: location)
        return answer
    }

    /// The problem with which the operation refuses.
    func refusal(
        _ id: String, _ path: [String: String] = [:], _ query: [(String, String)] = [], body: Value? = nil,
        as caller: Caller = admin, key: String? = nil, location: SourceLocation = #_sourceLocation
    ) async throws -> APIProblem {
        do {
            let answer = try await ask(id, path, query, body: body, as: caller, key: key, location: location)
            Issue.record("\(id) was not refused: \(JSONWriter.text(answer.value))", sourceLocation: location)
            return APIProblem(0, "none", "")
        } catch let problem as APIProblem {
            return problem
        }
    }

    /// Takes in an event about a ticket and works until nothing waits; gives the runs.
    @discardableResult
    func emit(_ ticket: String, type: String = "ticket.created", priority: String = "P1") async throws -> [RunID] {
        let event = Event(
            id: "\(type)-\(ticket)", source: "/desk", type: type, time: Timestamp(seconds: 1_795_334_400),
            data: ["ticket": ["id": .string(ticket), "title": "Broken", "priority": .string(priority)]])
        let runs = try await engine.emit([event]).flatMap(\.runs)
        await engine.idle()
        return runs
    }

    /// The items of all pages of a list.
    func pages(_ id: String, _ query: [(String, String)], limit: Int) async throws -> [[Value]] {
        var pages: [[Value]] = []
        var cursor: String?
        repeat {
            let answer = try await ask(
                id, [:], query + [("limit", "\(limit)")] + (cursor.map { [("cursor", $0)] } ?? []))
            pages.append(answer.value["items"]?.list ?? [])
            cursor = answer.value["next"]?.string
        } while cursor != nil && pages.count < 100
        return pages
    }
}

extension Value {
    /// The element at this place; nil when this is no list or has none there.
    subscript(place: Int) -> Value? { list.flatMap { $0.indices.contains(place) ? $0[place] : nil } }
}
