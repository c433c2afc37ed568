import PluginKit
import Synchronization
import WorkflowModel

/// A plugin whose writes are watched: it does all that the plugin inside does, and remembers each call of `perform` and `verify`.
final class WatchedPlugin: Plugin {
    private let inside: any Plugin
    private let reached = Mutex<[String]>([])

    init(_ inside: any Plugin) { self.inside = inside }

    /// The writes that were really called, in order.
    var performed: [String] { reached.withLock { $0 } }

    var manifest: PluginManifest { inside.manifest }
    var consumer: (any EventConsumer)? { inside.consumer }
    var actions: [String: Action] {
        Dictionary(
            uniqueKeysWithValues: inside.actions.map { name, action in
                guard case .write(let write) = action else { return (name, action) }
                return (name, .write(WatchedWrite(plugin: self, name: name, inside: write)))
            })
    }

    fileprivate func note(_ name: String) { reached.withLock { $0.append("\(manifest.name).\(name)") } }
}

private struct WatchedWrite: WriteAction {
    let plugin: WatchedPlugin
    let name: String
    let inside: any WriteAction

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        plugin.note(name)
        return try await inside.perform(input, in: context)
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        try await inside.rehearse(input, in: context)
    }

    func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification {
        plugin.note(name)
        return try await inside.verify(input, in: context)
    }
}
