import PluginKit
import WorkflowModel

/// The plugin `test` of one process, with an action of each kind.
///
/// | action | effect |
/// | --- | --- |
/// | `compute` | pure |
/// | `look` | read |
/// | `keep` | state: counts in a document of the step |
/// | `send` | write; a person settles it when uncertain |
/// | `put` | write, idempotent |
/// | `tell` | write, called again when uncertain |
/// | `drop` | write, left when uncertain |
/// | `order` | write that can be verified |
struct SimulatedPlugin: Plugin {
    static let collections: [String: CollectionDeclaration] = [
        "test.kept": CollectionDeclaration(name: "kept"), "test.heard": CollectionDeclaration(name: "heard"),
        "test.noted": CollectionDeclaration(name: "noted"),
    ]
    static let writes = ["send", "put", "tell", "drop", "order"]

    let process: Process
    let outside: Outside
    let watch: Watch

    var manifest: PluginManifest {
        func action(
            _ name: String, _ effect: Effect, isIdempotent: Bool = false, _ onUncertain: ActionCall.OnUncertain = .ask
        ) -> ActionManifest {
            ActionManifest(
                name: name, summary: "Simulated", effect: effect, input: Schema(types: ["object"]),
                output: Schema(types: ["object"]), isIdempotent: isIdempotent, onUncertain: onUncertain)
        }
        return PluginManifest(
            name: "test", version: "1", summary: "Simulated",
            actions: [
                action("compute", .pure), action("look", .read), action("keep", .state), action("send", .write),
                action("put", .write, isIdempotent: true), action("tell", .write, .retry),
                action("drop", .write, .skip), action("order", .write),
            ], emits: ["test.happened", "test.rang"], consumes: ["ticket.commented"],
            collections: SimulatedPlugin.collections.values.sorted { $0.name < $1.name })
    }

    var actions: [String: Action] {
        var actions: [String: Action] = [
            "compute": .pure(SimulatedAction(plugin: self, name: "compute")),
            "look": .read(SimulatedAction(plugin: self, name: "look")),
            "keep": .state(SimulatedAction(plugin: self, name: "keep")),
        ]
        for name in SimulatedPlugin.writes { actions[name] = .write(SimulatedAction(plugin: self, name: name)) }
        return actions
    }

    var consumer: (any EventConsumer)? { SimulatedConsumer() }
}

/// Counts each event of its type in a document, and sets a timer whose event tells that it was heard.
private struct SimulatedConsumer: EventConsumer {
    func consume(
        _ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables
    ) throws -> ValueMap {
        let times = try store.document(event.id, in: "test.heard")?["times"]?.int ?? 0
        try store.put(event.id, ["times": .int(times + 1), "due": .timestamp(now + .seconds(600))], in: "test.heard")
        let rang = EventDraft(
            type: "test.rang", subject: event.subject, data: ["ticket": event.data["ticket"] ?? .null], key: event.id)
        try store.setTimer(event.id, due: now + .seconds(600), emitting: rang)
        return ["heard": .int(times + 1)]
    }
}

private struct SimulatedAction: PureAction, ReadAction, StateAction, WriteAction {
    let plugin: SimulatedPlugin
    let name: String

    private func output(_ input: ActionInput) -> Value { ["value": input["value"] ?? .null, "number": 1] }

    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        try plugin.watch.called(name, context, by: plugin.process)
        try plugin.outside.mishap()
        return output(input)
    }

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        try plugin.watch.called(name, context.action, by: plugin.process)
        try await plugin.outside.look(plugin.process)
        return output(input)
    }

    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let id = context.caller.key
        let times = try store.document(id, in: "test.kept")?["times"]?.int ?? 0
        try store.put(id, ["times": .int(times + 1)], in: "test.kept")
        if plugin.outside.emits() { try store.emit(happened(context)) }
        try plugin.outside.mishap()
        return output(input)
    }

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        let key = context.idempotencyKey
        try plugin.watch.writes(name, context, by: plugin.process)
        try await plugin.outside.write(plugin.process, name, key: key, isIdempotent: name == "put")
        var result = ActionResult(output(input)) { store in
            let times = try store.document(key, in: "test.noted")?["times"]?.int ?? 0
            try store.put(key, ["times": .int(times + 1)], in: "test.noted")
        }
        if plugin.outside.emits() { result.emitted = [happened(context.action)] }
        return result
    }

    private func happened(_ context: ActionContext) -> EventDraft {
        EventDraft(
            type: "test.happened", subject: context.subject,
            data: ["ticket": context.names["ticket"] ?? .null], key: context.caller.key)
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        Rehearsal(summary: "Would call \(name)", sent: .map(input.values), output: output(input))
    }

    func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification {
        guard name == "order" else { return .unknown }
        return try await plugin.outside.ask(plugin.process, context.idempotencyKey)
    }
}
