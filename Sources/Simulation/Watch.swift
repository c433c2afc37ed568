import InMemoryRunStore
import PluginKit
import RunStore
import WorkflowModel

/// Looks at every call when it is made: what is durable at that moment must allow it.
///
/// Unchecked: it lives on its world's thread.
final class Watch: @unchecked Sendable {
    private let world: World
    private let store: InMemoryRunStore
    /// The intents that were called, by run, step and place in the journal.
    private var used: Set<String> = []
    private var steps: [String: String] = [:]
    private(set) var calls = 0
    /// Since when no step may begin; nil when they may.
    var stoppedSince: () -> Timestamp? = { nil }

    init(_ world: World, _ store: InMemoryRunStore) {
        self.world = world
        self.store = store
    }

    /// A `pure` or `read` action is called.
    func called(_ action: String, _ context: ActionContext, by process: Process) throws {
        guard process.isAlive else { throw Died() }
        calls += 1
        guard let id = context.run, let step = context.step?.description else {
            return world.broken("\(action) is called outside of runs")
        }
        rests(id, step)
        world.trace("\(id) \(step) calls \(action)")
        let (run, entries, _) = try known(id, step, key: nil)
        if run?.state.isFinal ?? true { world.broken("\(id) calls \(step) after its end") }
        if let last = entries.last, Watch.ends.contains(last.kind) {
            world.broken("\(id) calls \(step) again, which is stored as \(last.kind)")
        }
    }

    /// A write is called.
    func writes(_ action: String, _ context: WriteContext, by process: Process) throws {
        guard process.isAlive else { throw Died() }
        calls += 1
        guard let id = context.action.run, let step = context.action.step?.description else {
            return world.broken("\(action) is called outside of runs")
        }
        let key = context.idempotencyKey
        rests(id, step)
        world.trace("\(id) \(step) calls \(action), attempt \(context.attempt), \(key.prefix(8))")
        let (run, entries, effect) = try known(id, step, key: key)
        if run?.state.isFinal ?? true { world.broken("\(id) calls \(step) after its end") }
        let place = "\(id)/\(step)"
        if let other = steps.updateValue(place, forKey: key), other != place {
            world.broken("\(place) has the key of \(other)")
        }
        guard let last = entries.last, last.kind == "intended", last.body["key"]?.string == key else {
            return world.broken("\(place) is called without an intent on disk (\(entries.last?.kind ?? "nothing"))")
        }
        if last.body["attempt"]?.int != Int64(context.attempt) {
            world.broken("\(place): attempt \(context.attempt) is called, another is intended")
        }
        if !used.insert("\(place)/\(last.sequence)").inserted {
            world.broken("\(place) is called twice for one intent")
        }
        if effect?.state != .intended || effect?.run != id || effect?.step != step {
            world.broken("\(place) is called and the ledger says \(effect.map { "\($0.state)" } ?? "nothing")")
        }
    }

    /// What was decided just before everything was stopped may still begin, once the store has answered.
    private func rests(_ run: RunID, _ step: String) {
        guard let since = stoppedSince(), world.steady > since + .seconds(120) else { return }
        world.broken("\(run) calls \(step) although everything is stopped since \(since.rfc3339)")
    }

    /// The kinds of entries after which a step is not called again.
    static let ends: Set<String> = ["completed", "failed"]

    private func known(
        _ id: RunID, _ step: String, key: String?
    ) throws -> (run: RunRecord?, entries: [JournalRecord], effect: EffectRecord?) {
        try store.withReader { reader in
            (
                try reader.run(id), try reader.journal(of: id, after: 0).filter { $0.step == step },
                try key.flatMap { try reader.effect($0) }
            )
        }
    }
}
