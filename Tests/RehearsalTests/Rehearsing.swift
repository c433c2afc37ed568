import InMemoryRunStore
import Logging
import PluginKit
import Playbooks
import Rehearsal
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// A playbook as the engine takes it.
func playbook(_ text: String) throws -> ActivePlaybook {
    let workflow = try EngineFixture.workflow(text)
    return ActivePlaybook(workflow: workflow, bundle: "bundle-\(workflow.id)", content: ["id": .string(workflow.id)])
}

/// A playbook `p` that `type` starts when `condition` holds; `steps` follow as YAML.
func playbook(on type: String, when condition: String? = nil, _ steps: String) throws -> ActivePlaybook {
    try playbook(
        """
        playbook: p
        owner: lead@example.com
        mode: active
        trigger:
          - event: \(type)
        \(condition.map { "    when: '\($0)'\n" } ?? "")\(steps)
        """)
}

/// An event about a ticket of this priority.
func ticket(
    _ id: String = "T-1", type: String = "ticket.created", event: String? = nil, priority: String = "P1",
    after seconds: Int64 = 0
) -> Event {
    Event(
        id: event ?? "e-\(id)", source: "/desk", type: type, subject: "ticket:\(id)",
        time: Timestamp(seconds: 1_795_334_400 + seconds),
        data: ["ticket": ["id": .string(id), "title": "Broken", "priority": .string(priority)]])
}

/// What a scripted plugin is rehearsed in; `base` is what the workspace keeps.
func scripted(_ plugin: ScriptedPlugin, base: (any StoreSnapshot)? = nil) throws -> RehearsalSetting {
    var setting = RehearsalSetting(
        registry: try PluginRegistry([plugin]), collections: EngineFixture.collections,
        tables: WorkspaceTables(name: "test", directory: Directory(zone: "UTC")), workspaceID: "workspace-1",
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    setting.base = base
    return setting
}

/// A store in memory with the collections of `plugins`, and those of the scripted one.
func memory(of plugins: [WatchedPlugin]) -> InMemoryRunStore {
    var collections = EngineFixture.collections
    for plugin in plugins.map(\.manifest) {
        for collection in plugin.collections { collections["\(plugin.name).\(collection.name)"] = collection }
    }
    return InMemoryRunStore(collections: collections)
}
