import PluginKit
import Testing
import WorkflowModel

private struct Echo: PureAction {
    func run(_ input: ActionInput, in context: ActionContext) throws -> Value { .map(input.values) }
}

private struct Sink: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    { [:] }
}

private struct TestPlugin: Plugin {
    var manifest: PluginManifest
    var actions: [String: Action]
    var consumer: (any EventConsumer)?

    init(_ name: String, declared: [(String, Effect)] = [], implemented: [String] = [], consumes: [String] = []) {
        manifest = PluginManifest(
            name: name, version: "1", summary: "",
            actions: declared.map {
                ActionManifest(name: $0.0, summary: "", effect: $0.1, input: .anything, output: .anything)
            }, consumes: consumes)
        actions = Dictionary(uniqueKeysWithValues: implemented.map { ($0, Action.pure(Echo())) })
        consumer = consumes.isEmpty ? nil : Sink()
    }
}

@Suite("The registry")
struct PluginRegistryTests {
    @Test("an action is found by its full name")
    func lookup() throws {
        let registry = try PluginRegistry([TestPlugin("a", declared: [("echo", .pure)], implemented: ["echo"])])
        #expect(registry["a.echo"]?.manifest.name == "echo")
        #expect(registry["a.other"] == nil)
    }

    @Test("manifests and implementations that do not fit are refused with both names")
    func conflicts() {
        let cases: [([TestPlugin], String)] = [
            ([TestPlugin("a"), TestPlugin("a")], "two plugins are named a"),
            ([TestPlugin("a", declared: [("x", .pure)])], "a.x is in the manifest but not implemented"),
            ([TestPlugin("a", implemented: ["x"])], "a.x is implemented but not in the manifest"),
            (
                [TestPlugin("a", declared: [("x", .write)], implemented: ["x"])],
                "a.x is declared as write but implemented as pure"
            ),
        ]
        for (plugins, message) in cases {
            let conflict = #expect(throws: PluginRegistry.Conflict.self) { try PluginRegistry(plugins) }
            #expect(conflict?.description == message)
        }
    }

    @Test("consumers are asked in the order of the plugins, by type, family or for everything")
    func consumers() throws {
        let registry = try PluginRegistry([
            TestPlugin("one", consumes: ["ticket.*"]), TestPlugin("two", consumes: ["ticket.created"]),
            TestPlugin("all", consumes: ["*"]), TestPlugin("none"),
        ])
        #expect(registry.consumers(of: "ticket.created").map(\.plugin) == ["one", "two", "all"])
        #expect(registry.consumers(of: "ticket.closed").map(\.plugin) == ["one", "all"])
        #expect(registry.consumers(of: "ticketing.closed").map(\.plugin) == ["all"])
    }
}
