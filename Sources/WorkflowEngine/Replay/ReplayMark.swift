public import RunStore
public import WorkflowModel

/// That a store holds a replay: its times are those of a history, and nobody may go on with it by the time of today, nor may a replay
/// begin where events of today are.
public enum ReplayMark {
    static let gate = "replay"

    /// The time at which the replay of a store stands, by its newest event; nil when the store holds none.
    ///
    /// - Throws: ``StoreError``.
    public static func time(in reader: any StoreReader) throws -> Timestamp? {
        guard try isSet(in: reader) else { return nil }
        return try reader.events(before: nil, limit: 1).first?.acceptedAt
    }

    /// Whether the store holds a replay.
    ///
    /// - Throws: ``StoreError``.
    public static func isSet(in reader: any StoreReader) throws -> Bool {
        try reader.gate(playbook: GateRecord.allPlaybooks, gate: gate, key: "") != nil
    }

    /// Marks the store as a replay's, or checks that it is none.
    ///
    /// - Throws: ``EngineError`` `refused` when the store is of the other kind.
    static func check(isReplay: Bool, in transaction: any StoreTransaction) throws {
        let isSet = try isSet(in: transaction)
        guard isSet != isReplay else { return }
        guard isReplay else {
            throw EngineError(
                .refused,
                "this database holds a replay, whose time is that of its events: `signalbox serve --clock replay` goes on with it; "
                    + "for real work name another state folder (--state-dir)")
        }
        let live = try transaction.runCounts().filter { !$0.key.isFinal && $0.value > 0 }.values.reduce(0, +)
        guard live == 0 else {
            throw EngineError(
                .refused,
                "this database has \(live) live \(live == 1 ? "run" : "runs"), which a replay would put into another time; name an "
                    + "empty state folder (--state-dir)")
        }
        guard try transaction.events(before: nil, limit: 1).isEmpty, try transaction.nextTimer() == nil else {
            throw EngineError(
                .refused,
                "this database has events of its own, and a replay would mix its times with theirs; name an empty state folder "
                    + "(--state-dir)")
        }
        try transaction.setGate(
            GateRecord(playbook: GateRecord.allPlaybooks, gate: gate, key: "", body: .map([:])))
    }
}
