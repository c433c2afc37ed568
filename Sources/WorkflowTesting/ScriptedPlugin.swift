public import PluginKit
import Synchronization
public import WorkflowModel

/// A plugin `test` with one action of each kind, whose answers a test writes, and which remembers what reached it.
///
/// | action | effect |
/// | --- | --- |
/// | `compute` | pure |
/// | `look` | read |
/// | `keep` | state: puts its inputs as document `id` into `test.things` |
/// | `send` | write; a person settles it when uncertain |
/// | `put` | write, idempotent |
/// | `tell` | write, called again when uncertain |
/// | `drop` | write, left when uncertain |
/// | `order` | write that can be verified |
///
/// Without a script each gives `{value: inputs.value}`. It stands for the outside world too: it lives on when a test lets the
/// engine die.
public final class ScriptedPlugin: Plugin {
    /// What reached an action.
    public struct Call: Sendable, Hashable {
        /// The short name.
        public var action: String
        /// What it was given.
        public var input: ValueMap
        /// The key of a write.
        public var key: String?
        /// From 1.
        public var attempt: Int
        /// How often this action was called before.
        public var earlier: Int
        /// The step's instance.
        public var step: String
        /// The names that the step saw.
        public var names: ValueMap
    }

    /// What an action does with a call.
    public enum Reply: Sendable {
        case output(Value)
        case fail(Failure)
        /// Never answers and takes no notice of being cancelled.
        case hang
        case emit(Value, [EventDraft])
        /// Also makes this change to the plugin's documents.
        case change(Value, @Sendable (any PluginStore) throws -> Void)
    }

    /// Says what an action does with a call.
    public typealias Script = @Sendable (Call) throws -> Reply

    private struct State {
        var scripts: [String: Script] = [:]
        var verifier: (@Sendable (String) -> Verification)?
        var calls: [Call] = []
        var counts: [String: Int] = [:]
        var done: [String] = []
        var hung: [CheckedContinuation<Void, Never>] = []
        var taker: (@Sendable (Event, any PluginStore, Timestamp) throws -> ValueMap)?
        var teller: (@Sendable (_ name: String, _ known: Value, any PluginStoreReader) throws -> Value?)?
    }

    private let state = Mutex(State())
    /// What the plugin says of itself.
    public let manifest: PluginManifest

    /// A plugin without scripts.
    public init(consumes: [String] = []) {
        let action = { (name: String, effect: Effect, isIdempotent: Bool, onUncertain: ActionCall.OnUncertain) in
            var output = Schema(types: ["object"])
            output.properties = [.init("number", Schema(types: ["integer"]))]
            var input = Schema(types: ["object"])
            var count = Schema(types: ["integer"])
            count.defaultValue = 1
            input.properties = [.init("count", count)]
            return ActionManifest(
                name: name, summary: "A scripted action", effect: effect, input: input, output: output,
                isIdempotent: isIdempotent, onUncertain: onUncertain)
        }
        manifest = PluginManifest(
            name: "test", version: "1", summary: "Scripted",
            actions: [
                action("compute", .pure, false, .ask), action("look", .read, false, .ask),
                action("keep", .state, false, .ask), action("send", .write, false, .ask),
                action("put", .write, true, .ask), action("tell", .write, false, .retry),
                action("drop", .write, false, .skip), action("order", .write, false, .ask),
            ], emits: ["test.happened"], consumes: consumes,
            collections: [CollectionDeclaration(name: "things", indexes: ["value"])])
    }

    deinit { release() }

    /// Lets calls that hang end at last.
    public func release() {
        let hung = state.withLock { state in
            defer { state.hung = [] }
            return state.hung
        }
        for continuation in hung { continuation.resume() }
    }

    /// The implementations.
    public var actions: [String: Action] {
        [
            "compute": .pure(ScriptedAction(plugin: self, name: "compute")),
            "look": .read(ScriptedAction(plugin: self, name: "look")),
            "keep": .state(ScriptedAction(plugin: self, name: "keep")),
            "send": .write(ScriptedAction(plugin: self, name: "send")),
            "put": .write(ScriptedAction(plugin: self, name: "put")),
            "tell": .write(ScriptedAction(plugin: self, name: "tell")),
            "drop": .write(ScriptedAction(plugin: self, name: "drop")),
            "order": .write(ScriptedAction(plugin: self, name: "order")),
        ]
    }

    /// Takes in what the plugin consumes, when a test has said how.
    public var consumer: (any EventConsumer)? {
        manifest.consumes.isEmpty ? nil : ScriptedConsumer(plugin: self)
    }

    // MARK: Scripts

    /// Says what the action of this short name does.
    public func on(_ action: String, _ script: @escaping Script) { state.withLock { $0.scripts[action] = script } }

    /// Says what `order` answers when it is asked about a key.
    public func onVerify(_ verifier: @escaping @Sendable (_ key: String) -> Verification) {
        state.withLock { $0.verifier = verifier }
    }

    /// Says how events are taken in.
    public func onEvent(_ taker: @escaping @Sendable (Event, any PluginStore, Timestamp) throws -> ValueMap) {
        state.withLock { $0.taker = taker }
    }

    /// Says what the plugin knows now under the names that it attaches to events.
    public func onFacts(
        _ teller: @escaping @Sendable (_ name: String, _ known: Value, any PluginStoreReader) throws -> Value?
    ) {
        state.withLock { $0.teller = teller }
    }

    /// What reached the actions, in order; of one action when named.
    public func calls(of action: String? = nil) -> [Call] {
        state.withLock { state in state.calls.filter { action == nil || $0.action == action } }
    }

    /// The keys of writes that have really happened, in order.
    public var done: [String] { state.withLock(\.done) }

    // MARK: Inside

    fileprivate func reply(_ name: String, _ input: ActionInput, _ context: ActionContext, key: String?, attempt: Int)
        throws
        -> Reply
    {
        let (call, script) = state.withLock { state in
            let call = Call(
                action: name, input: input.values, key: key, attempt: attempt,
                earlier: state.counts[name, default: 0], step: context.step?.description ?? "", names: context.names)
            state.calls.append(call)
            state.counts[name, default: 0] += 1
            return (call, state.scripts[name])
        }
        return try script?(call) ?? .output(["value": input["value"] ?? .null])
    }

    fileprivate func happened(_ key: String) { state.withLock { $0.done.append(key) } }

    fileprivate func verify(_ key: String) -> Verification { state.withLock(\.verifier)?(key) ?? .unknown }

    fileprivate func hang() async {
        await withCheckedContinuation { continuation in state.withLock { $0.hung.append(continuation) } }
    }

    fileprivate func take(_ event: Event, _ store: any PluginStore, _ now: Timestamp) throws -> ValueMap {
        try state.withLock(\.taker)?(event, store, now) ?? ValueMap()
    }

    fileprivate func tell(_ name: String, _ known: Value, _ reader: any PluginStoreReader) throws -> Value? {
        try state.withLock(\.teller)?(name, known, reader)
    }
}

private struct ScriptedConsumer: EventConsumer {
    let plugin: ScriptedPlugin

    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        try plugin.take(event, store, now)
    }

    func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws -> Value? {
        try plugin.tell(name, known, reader)
    }
}

private struct ScriptedAction: PureAction, ReadAction, StateAction, WriteAction {
    let plugin: ScriptedPlugin
    let name: String

    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        switch try plugin.reply(name, input, context, key: nil, attempt: 1) {
        case .output(let output), .emit(let output, _), .change(let output, _): return output
        case .fail(let failure): throw failure
        case .hang: return .null
        }
    }

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        switch try plugin.reply(name, input, context.action, key: nil, attempt: 1) {
        case .output(let output), .emit(let output, _), .change(let output, _): return output
        case .fail(let failure): throw failure
        case .hang:
            await plugin.hang()
            return .null
        }
    }

    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        try store.put(input["id"]?.string ?? context.caller.key, input.values, in: "test.things")
        switch try plugin.reply(name, input, context, key: nil, attempt: 1) {
        case .output(let output): return output
        case .emit(let output, let drafts):
            for draft in drafts { try store.emit(draft) }
            return output
        case .change(let output, let change):
            try change(store)
            return output
        case .fail(let failure): throw failure
        case .hang: return .null
        }
    }

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        let key = context.idempotencyKey
        if let secret = input["secret"] { _ = try await context.secrets.reveal(secret) }
        let reply = try plugin.reply(name, input, context.action, key: key, attempt: context.attempt)
        switch reply {
        case .fail(let failure):
            if failure.kind == .uncertain { plugin.happened(key) }
            throw failure
        case .hang:
            plugin.happened(key)
            await plugin.hang()
            return ActionResult(.null)
        case .output(let output):
            plugin.happened(key)
            return ActionResult(output)
        case .emit(let output, let drafts):
            plugin.happened(key)
            return ActionResult(output, emitted: drafts)
        case .change(let output, let change):
            plugin.happened(key)
            return ActionResult(output, change: change)
        }
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        Rehearsal(summary: "Would call \(name)", sent: .map(input.values), output: ["value": input["value"] ?? .null])
    }

    func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification {
        name == "order" ? plugin.verify(context.idempotencyKey) : .unknown
    }
}
