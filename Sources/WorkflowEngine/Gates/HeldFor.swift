public import RunStore
public import WorkflowModel

/// What a run that has not begun waits for: a place in its slot.
public struct HeldFor: Sendable, Hashable {
    /// The runs at work in the slot, oldest first.
    public var working: [RunID]
    /// How many that wait go before it.
    public var before: Int
    /// The key of the slot, for people.
    public var key: String

    /// What `run` waits for; nil when it waits for no place.
    ///
    /// - Throws: ``StoreError``.
    public init?(_ run: RunRecord, in reader: any StoreReader) throws {
        guard run.isHeld, !run.state.isFinal, let slot = run.slot else { return nil }
        let runs = try SlotKeeper.runs(in: slot, reader)
        working = runs.filter { !$0.isHeld }.map(\.id)
        before = runs.filter(\.isHeld).firstIndex { $0.id == run.id } ?? 0
        key = SlotKeeper.name(of: slot, run.playbook)
    }

    /// `waits for run_… (ticket:T-1), after 2 others`.
    public var sentence: String {
        let who = working.first.map { "\($0)" } ?? "a place"
        return "waits for \(who) (\(key))" + (before > 0 ? ", after \(before) other\(before == 1 ? "" : "s")" : "")
    }
}
