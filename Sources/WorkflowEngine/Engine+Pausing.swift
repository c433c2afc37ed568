import RunStore
import Triggers
public import WorkflowModel

/// Pausing playbooks, or everything, and going on.
extension Engine {
    /// The longest reason, in bytes.
    static let longestReason = 1000

    /// Pauses a playbook, or with nil all of them: what matches is recorded from then on and starts no run. Runs under way go on,
    /// unless `stopsRuns` asks that no step begins any more anywhere; that is for all playbooks only. Pausing again replaces the
    /// reason.
    ///
    /// - Throws: ``EngineError`` when there is no such playbook; ``StoreError``.
    @discardableResult
    public func pause(
        _ playbook: String?, by person: String, reason: String? = nil, stopsRuns: Bool = false,
        typedBy typist: String? = nil
    ) async throws -> Pause {
        try await pause(playbook, by: person, reason: reason, stopsRuns: stopsRuns, typedBy: typist) { _, _ in }
    }

    /// The same, with `note` in the transaction.
    @discardableResult
    func pause(
        _ playbook: String?, by person: String, reason: String?, stopsRuns: Bool, typedBy typist: String? = nil,
        noting note: @escaping RequestNote<Pause>
    ) async throws -> Pause {
        try checkOpen()
        if let playbook { try checkKnown(playbook) }
        if playbook != nil, stopsRuns {
            throw EngineError(.badInput, "runs are stopped for all playbooks or for none; cancel those of one playbook")
        }
        if let reason, reason.utf8.count > Engine.longestReason {
            throw EngineError(.badInput, "the reason has more than \(Engine.longestReason) bytes")
        }
        let (core, now) = (core, core.services.clock.now)
        let pause = Pause(playbook: playbook, by: person, at: now, reason: reason, stopsRuns: stopsRuns)
        let board = core.board
        try await core.store.write { transaction in
            board.mark(pause.record.playbook)
            try transaction.setGate(pause.record)
            var detail: ValueMap = ["stop_runs": .bool(stopsRuns)]
            detail["reason"] = reason.map(Value.string)
            _ = try transaction.appendAudit(
                AuditDraft(
                    at: now, by: person, action: "pause", target: pause.record.playbook, typedBy: typist,
                    detail: .map(detail)))
            try note(transaction, pause)
            if playbook == nil { core.halt(stopsRuns) }
        }
        await goOn()
        core.tell(.warning(nil, pause.sentence))
        return pause
    }

    /// What was lifted.
    public struct Resumption: Sendable, Hashable {
        /// The pause that held.
        public var pause: Pause?
        /// The breaker that was open, and is closed now.
        public var breaker: OpenBreaker?
        /// How many subjects the playbook rested for because it ran too often, and rests no more.
        public var loops: Int
        /// What is still paused.
        public var stillPaused: [Pause]

        /// What is told to another process.
        public var value: Value {
            [
                "was_paused": .bool(pause != nil), "was_stopped": .bool(breaker != nil), "loops": .int(Int64(loops)),
                "still_paused": .list(stillPaused.map { .string($0.sentence) }),
            ]
        }
    }

    /// Lifts the pause of a playbook and closes its breaker, or with nil lifts the pause of all playbooks; those that were paused
    /// one by one stay so.
    ///
    /// - Throws: ``EngineError`` when nothing holds it back; ``StoreError``.
    @discardableResult
    public func resume(
        _ playbook: String?, by person: String, typedBy typist: String? = nil
    ) async throws -> Resumption {
        try await resume(playbook, by: person, typedBy: typist) { _, _ in }
    }

    /// The same, with `note` in the transaction.
    @discardableResult
    func resume(
        _ playbook: String?, by person: String, typedBy typist: String? = nil,
        noting note: @escaping RequestNote<Resumption>
    ) async throws -> Resumption {
        try checkOpen()
        let (core, now) = (core, core.services.clock.now)
        let name = playbook ?? GateRecord.allPlaybooks
        let isKnown = playbook.map { set.playbook($0) != nil } ?? true
        let resumption = try await core.store.write { transaction -> Resumption in
            let pause = try transaction.gate(playbook: name, gate: Pause.gate, key: "").flatMap(Pause.init)
            let breaker = try OpenBreaker.all(in: transaction).first { $0.playbook == name }
            let loops = try transaction.gates(playbook: name, gate: GateKeeper.looping, limit: 10_000)
            guard pause != nil || breaker != nil || !loops.isEmpty else {
                let isAllPaused =
                    try transaction.gate(playbook: GateRecord.allPlaybooks, gate: Pause.gate, key: "") != nil
                let what = playbook.map { isKnown ? "\($0) is not paused" : "there is no playbook \($0)" }
                throw EngineError(
                    isKnown ? .badInput : .notFound,
                    (what ?? "not all playbooks are paused")
                        + (playbook != nil && isAllPaused ? " by itself; all are: signalbox resume --all" : ""))
            }
            try transaction.removeGate(playbook: name, gate: Pause.gate, key: "")
            try transaction.removeGate(playbook: name, gate: OpenBreaker.gate, key: "")
            for loop in loops { try transaction.removeGate(playbook: name, gate: GateKeeper.looping, key: loop.key) }
            _ = try transaction.appendAudit(
                AuditDraft(
                    at: now, by: person, action: "resume", target: name, typedBy: typist,
                    detail: ["was_stopped": .bool(breaker != nil), "loops": .int(Int64(loops.count))]))
            let resumption = Resumption(
                pause: pause, breaker: breaker, loops: loops.count, stillPaused: try Pause.all(in: transaction))
            try note(transaction, resumption)
            if playbook == nil { core.halt(false) }
            return resumption
        }
        let board = core.board
        board.forget(name)
        // In a transaction of its own: only when the rows are gone for good may the mark go.
        do {
            try await core.store.write { transaction in
                if try !StandingGates(transaction).playbooks.contains(name) { board.unmark(name) }
            }
        } catch is StoreError {
            // It is lifted all the same: a mark that stays costs a look at the rows.
        }
        await goOn()
        return resumption
    }

    /// Takes up what a stop has let go of, if one has ended.
    private func goOn() async {
        do { try await Rescuer(core: core).takeUpAll() } catch {
            // What was asked is done. The rescuer tries again, as after every failure of the store.
            core.tell(.warning(nil, "runs cannot be read: \(error)"))
        }
    }

    /// Lets a run begin that waits for a place in its slot: for rehearsals, which have no other run that could end.
    ///
    /// - Throws: ``StoreError``.
    public func letGo(_ run: RunID) async throws {
        let (core, slots) = (core, core.rules.dispatcher.keeper.slots)
        let dispatch = try await core.store.write { transaction in
            var dispatch = Dispatch()
            if let held = try transaction.run(run), held.isHeld, !held.state.isFinal {
                try slots.letGo(held, transaction, into: &dispatch)
            }
            return dispatch
        }
        core.take(dispatch)
    }

    private func checkKnown(_ playbook: String) throws(EngineError) {
        guard set.playbook(playbook) == nil else { return }
        let near = Similarity.nearest(to: playbook, among: set.playbooks.map(\.workflow.id))
        throw EngineError(
            .notFound, "there is no playbook \(playbook)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
}
