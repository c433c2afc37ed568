import EnrichPlugin
import Logging
import IncidentPlugin
import MaintenancePlugin
import NotifyPlugin
import PluginHost
import PluginKit
import PluginTesting
import PostmortemPlugin
import Rehearsal
import RoutePlugin
import SLAPlugin
import RunMachine
import RunStore
import Testing
import TicketPlugin
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// There is no way from a rehearsal to the outside world.
@Suite("A write cannot be reached in a dry run")
struct NoWriteTests {
    /// The built-in plugins, watched.
    static func plugins() throws -> [WatchedPlugin] {
        // `ManifestFile` looks in a folder beside that of the plugin under test: any file in `plugins/X/Tests` will do.
        let beside = #filePath.replacing(
            "Tests/RehearsalTests/NoWriteTests.swift", with: "plugins/ticket/Tests/X.swift")
        func manifest(_ name: String) throws -> PluginManifest { try ManifestFile.read(name, besideTest: beside) }
        return [
            WatchedPlugin(TicketPlugin(manifest: try manifest("ticket"))),
            WatchedPlugin(EnrichPlugin(manifest: try manifest("enrich"))),
            WatchedPlugin(RoutePlugin(manifest: try manifest("route"))),
            WatchedPlugin(NotifyPlugin(manifest: try manifest("notify"))),
            WatchedPlugin(MaintenancePlugin(manifest: try manifest("maintenance"))),
            WatchedPlugin(SLAPlugin(manifest: try manifest("sla"))),
            WatchedPlugin(IncidentPlugin(manifest: try manifest("incident"))),
            WatchedPlugin(PostmortemPlugin(manifest: try manifest("postmortem"))),
        ]
    }

    /// Ways out of every kind, none of them the outbox alone.
    static let channels: ValueMap = [
        "default": ["by": "outbox"], "page": ["by": "chat", "url": "https://chat.example.com/hook"],
        "chat": ["by": "chat", "url": "https://chat.example.com/hook"],
        "email": ["by": "email", "host": "smtp.example.com", "from": "support@example.com"],
        "webhook": ["by": "webhook", "url": "https://hooks.example.com/in", "secret": "sign with this"],
    ]

    static let zendesk: Value = [
        "desk": "zendesk",
        "zendesk": [
            "url": "https://example.zendesk.com", "email": "user@example.com", "token": "a token",
            "users": ["agent-1": 7], "groups": ["support": 8],
        ],
    ]

    /// So long after the usual time of the tests' events somebody is on call.
    static let onCall = Samples.now.seconds - ticket().time.seconds

    /// A call of a write: the action, its inputs, and what the plugins are set to.
    struct Call: Sendable, CustomTestStringConvertible {
        var action: String
        var with: Value
        var settings: [String: Value]
        var testDescription: String { "\(action) \(JSONWriter.text(with)) \(settings.keys.sorted())" }
    }

    /// Every example of every write, by every way out.
    static func calls() throws -> [Call] {
        var calls: [Call] = []
        for plugin in try plugins().map(\.manifest) {
            for action in plugin.actions where action.effect == .write {
                for example in action.examples {
                    let name = "\(plugin.name).\(action.name)"
                    calls.append(Call(action: name, with: example.with, settings: [:]))
                    if plugin.name == "ticket" {
                        calls.append(Call(action: name, with: example.with, settings: ["ticket": zendesk]))
                    }
                    guard action.input.properties.contains(where: { $0.name == "by" }) else { continue }
                    for channel in channels {
                        var with = example.with.map ?? ValueMap()
                        with["by"] = .string(channel.key.jsonText.replacing("\"", with: ""))
                        calls.append(Call(action: name, with: .map(with), settings: [:]))
                    }
                }
            }
        }
        return calls
    }

    static func book(_ action: String, _ with: Value) throws -> ActivePlaybook {
        try playbook(on: "ticket.created", "steps: [{ id: it, uses: \(action), with: \(JSONWriter.text(with)) }]")
    }

    static func setting(_ plugins: [WatchedPlugin], _ call: Call, http: any HTTPClient) throws -> RehearsalSetting {
        var collections: [String: CollectionDeclaration] = [:]
        for plugin in plugins.map(\.manifest) {
            for collection in plugin.collections { collections["\(plugin.name).\(collection.name)"] = collection }
        }
        var setting = RehearsalSetting(
            registry: try PluginRegistry(plugins), collections: collections,
            tables: WorkspaceTables(name: "test", directory: Samples.directory, channels: channels),
            workspaceID: "workspace-1", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        setting.pluginSettings = call.settings
        setting.http = http
        return setting
    }

    @Test func `every write of every plugin has examples to try`() throws {
        let tried = Set(try Self.calls().map(\.action))
        for plugin in try Self.plugins().map(\.manifest) {
            for action in plugin.actions where action.effect == .write {
                #expect(tried.contains("\(plugin.name).\(action.name)"))
            }
        }
        #expect(
            tried == [
                "ticket.update", "ticket.reply", "ticket.note", "ticket.tag", "ticket.link", "notify.send",
                "notify.page",
            ])
    }

    @Test(arguments: try calls())
    func `a dry run of the action reaches nothing`(call: Call) async throws {
        let plugins = try Self.plugins()
        let http = ScriptedHTTPClient()
        let book = try Self.book(call.action, call.with)
        let report = try await DryRun(book, in: try Self.setting(plugins, call, http: http))
            .play(event: ticket("4711", after: Self.onCall))
        // It was really played: a step that failed before its write would prove nothing.
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(report.writes.map(\.action) == [call.action])
        #expect(report.writes.first?.summary.isEmpty == false)
        #expect(plugins.flatMap(\.performed).isEmpty)
        #expect(http.requests.isEmpty)

        let history = try await HistoryRehearsal([book], in: try Self.setting(plugins, call, http: http))
            .play([ticket("4711", after: Self.onCall)])
        #expect(history.playbooks.first?.writes == [call.action: 1])
        #expect(plugins.flatMap(\.performed).isEmpty)
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: try calls())
    func `the same call for real does reach the outside`(call: Call) async throws {
        // Without this the test above could watch the wrong thing.
        let plugins = try Self.plugins()
        let http = ScriptedHTTPClient((0..<20).map { _ in .status(200, body: "{}") })
        let mail = RecordingMailClient()
        let outbox = MemoryOutbox()
        let fixture = try EngineFixture(
            workflows: [try Self.book(call.action, call.with).workflow], store: memory(of: plugins),
            clock: ManualClock(Samples.now), plugins: plugins)
        let engine = try await fixture.open { _, services in
            services.performer = LivePerformer(
                http: http, mail: mail, outbox: outbox, documents: fixture.store, secrets: SecretBook())
            services.pluginSettings = call.settings
            services.workspace = {
                WorkspaceTables(name: "test", directory: Samples.directory, channels: Self.channels)
            }
        }
        let id = try #require(try await engine.emit([ticket("4711", after: Self.onCall)]).first?.runs.first)
        try await fixture.runThrough(engine)
        let run = try await fixture.run(id)
        #expect(plugins.flatMap(\.performed).contains(call.action), "\(String(describing: run.row.failure))")
        #expect(!http.requests.isEmpty || !mail.deliveries.isEmpty || !outbox.files.isEmpty)
        await engine.close()
    }

    @Test(arguments: ["send", "put", "tell", "drop", "order"])
    func `no kind of write is performed, whatever the rehearsal goes through`(name: String) async throws {
        let plugin = ScriptedPlugin()
        plugin.onVerify { _ in .done(["value": 1]) }
        // A failure and a time-out must not lead to a real call either.
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - { id: a, uses: test.\(name), with: { value: 1 }, retry: { attempts: 3 } }
              - for_each: '[1, 2, 3]'
                as: n
                steps: [{ uses: test.\(name), with: { value: =n } }]
              - parallel: [{ uses: test.\(name) }, { uses: test.\(name) }]
              - fail: "enough"
            on_failure: [{ uses: test.\(name) }]
            """)
        let events = (1...3).map { ticket("T-\($0)", after: Int64($0)) }
        let rehearsal = try scripted(plugin)
        let report = try await DryRun(book, in: rehearsal).play(event: events[0])
        #expect(report.run?.state == .failed && report.writes.count == 7)
        let byHand = try await DryRun(book, in: rehearsal).play(event: events[0], force: true)
        #expect(byHand.writes.count == 7)
        let history = try await HistoryRehearsal([book], in: rehearsal).play(events)
        #expect(history.playbooks.first?.writes == ["test.\(name)": 21])
        #expect(plugin.calls(of: name).isEmpty && plugin.done.isEmpty)
    }

    @Test func `what shadow mode matches is rehearsed too`() async throws {
        let plugin = ScriptedPlugin()
        let shadow = try playbook(
            """
            playbook: p
            owner: lead@example.com
            mode: shadow
            trigger: [{ event: ticket.created }]
            steps: [{ id: a, uses: test.send, with: { value: 1 } }]
            """)
        let fixture = try EngineFixture(workflows: [shadow.workflow], plugin: plugin)
        let engine = try await fixture.open { _, services in
            services.shadowRunner = ShadowRehearsal.runner { try scripted(plugin) }
        }
        let id = try #require(try await engine.emit([ticket()]).first?.runs.first)
        try await fixture.runThrough(engine)
        let run = try await fixture.run(id)
        #expect(run.row.kind == .shadow && run.row.state == .succeeded, "\(String(describing: run.row.failure))")
        #expect(plugin.calls(of: "send").isEmpty && plugin.done.isEmpty)
        await engine.close()
    }
}
