import PluginKit
import RunStore
public import WorkflowModel

/// Actions that people have performed outside of any run.
extension Engine {
    /// What came of a deed.
    public struct Act: Sendable, Hashable {
        /// The deed's own id, `act_` and 26 characters: the events that it emitted and its line in the audit log name it.
        public var id: String
        /// What the action gave.
        public var output: Value
        /// What became of the events that it emitted, and of those that followed from them.
        public var receipts: [EventReceipt]

        /// What is told to another process.
        public var value: Value {
            ["id": .string(id), "output": output, "receipts": .list(receipts.map(\.value))]
        }
    }

    /// Performs the `state` action `action` (`incident.declare`) for a person, outside of any run. One transaction changes what the
    /// plugin keeps, accepts the events that it emits, which start playbooks as any others do, and adds a line to the audit log.
    ///
    /// - Parameters:
    ///   - input: as a step's `with:`, checked against the action's schema and filled with its defaults.
    ///   - person: who has it done.
    ///   - typist: who typed it, when that was somebody else.
    /// - Throws: ``EngineError`` when there is no such action or it is of another kind: what only looks is for ``ActionLook``, and what
    ///   changes the outside is for playbooks, which keep a ledger of it. ``WorkflowModel/Failure`` as a step would have it, also when
    ///   an event is refused. ``StoreError``. In each case nothing is changed.
    @discardableResult
    public func act(
        _ action: String, input: ValueMap, by person: String, typedBy typist: String? = nil
    ) async throws -> Act {
        try await act(action, input: input, by: person, typedBy: typist) { _, _ in }
    }

    /// The same, with `note` in the transaction.
    @discardableResult
    func act(
        _ action: String, input: ValueMap, by person: String, typedBy typist: String?,
        noting note: @escaping RequestNote<Act>
    ) async throws -> Act {
        try checkOpen()
        let (core, now) = (core, core.services.clock.now)
        let entry = try core.services.registry.known(action)
        guard case .state(let implementation) = entry.action else {
            throw EngineError(.badInput, entry.whyNoDeed)
        }
        let check = ActionCheck(entry, core.rules.settings.maximumOutput)
        let values = try check.input(.map(input))
        let id = "act_" + RunID(at: now, random: core.services.entropy(10)).text.dropFirst("run_".count)
        let context = core.rules.services.context(of: entry, for: .person(person, deed: id), now: now)
        try core.fault(.beforeAccept)
        let (act, dispatch) = try await core.store.write { transaction in
            let output: Value
            do {
                output = try implementation.run(
                    ActionInput(values.map ?? ValueMap()), on: transaction.pluginStore(of: entry.plugin.name),
                    in: context)
            } catch let error as StoreError where error.code != .misuse {
                throw error
            } catch {
                throw StepExecutor.failure(error, effect: .state)
            }
            var act = Act(id: id, output: try check.output(output), receipts: [])
            var dispatch = Dispatch()
            try core.rules.dispatcher.accept(
                transaction.takeEmitted(), cause: Cause(name: id, run: nil, depth: 0), into: &dispatch,
                in: transaction, now: now)
            act.receipts = dispatch.receipts
            _ = try transaction.appendAudit(
                AuditDraft(
                    at: now, by: person, action: "act", target: action, typedBy: typist,
                    detail: ["id": .string(id), "input": values]))
            try note(transaction, act)
            return (act, dispatch)
        }
        core.take(dispatch)
        core.timersChanged.raise()
        try core.fault(.afterAccept)
        return act
    }
}

extension PluginRegistry {
    /// The action of this full name.
    ///
    /// - Throws: ``EngineError`` `not_found`, with the name that is nearest.
    func known(_ action: String) throws(EngineError) -> Entry {
        if let entry = self[action] { return entry }
        let near = Similarity.nearest(to: action, among: entries.keys.sorted())
        throw EngineError(.notFound, "there is no action \(action)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
}

extension PluginRegistry.Entry {
    /// Why people cannot have it performed outside of runs.
    fileprivate var whyNoDeed: String {
        switch action.effect {
        case .pure, .read: "\(fullName) changes nothing, so it is looked at: signalbox look \(fullName)"
        case .state: ""
        case .write:
            "\(fullName) changes the outside world, which only a step of a playbook may do: signalbox run runs a playbook by hand"
        }
    }
}
