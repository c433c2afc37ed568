public import RunStore
import Triggers
public import WorkflowModel

/// That a person has paused a playbook, or all of them: what matches meanwhile is recorded and starts no run.
public struct Pause: Sendable, Hashable {
    static let gate = "pause"

    /// The playbook; nil for all of them.
    public var playbook: String?
    /// Who.
    public var by: String
    /// Since when.
    public var at: Timestamp
    /// Why.
    public var reason: String?
    /// Whether the runs under way stand still, too: no step begins anywhere.
    public var stopsRuns: Bool

    init(playbook: String?, by: String, at: Timestamp, reason: String?, stopsRuns: Bool) {
        self.playbook = playbook
        self.by = by
        self.at = at
        self.reason = reason
        self.stopsRuns = stopsRuns
    }

    /// Reads a row; nil when it is of another gate.
    public init?(_ record: GateRecord) {
        guard record.gate == Pause.gate, let by = record.body["by"]?.string, let at = record.body["at"]?.timestamp
        else { return nil }
        self.init(
            playbook: record.playbook == GateRecord.allPlaybooks ? nil : record.playbook, by: by, at: at,
            reason: record.body["reason"]?.string, stopsRuns: record.body["stops_runs"]?.bool ?? false)
    }

    var record: GateRecord {
        var body: ValueMap = ["by": .string(by), "at": .timestamp(at), "stops_runs": .bool(stopsRuns)]
        body["reason"] = reason.map(Value.string)
        return GateRecord(
            playbook: playbook ?? GateRecord.allPlaybooks, gate: Pause.gate, key: "", body: .map(body))
    }

    /// The pauses that hold, that of all playbooks first.
    ///
    /// - Throws: ``StoreError``.
    public static func all(in reader: any StoreReader) throws -> [Pause] {
        try reader.gates(playbook: nil, gate: gate, limit: 1000).compactMap(Pause.init)
    }

    /// `all playbooks are paused by lead@example.com since 2026-11-22T08:00:00Z: a storm of tickets`.
    public var sentence: String {
        let what = playbook.map { "\($0) is" } ?? "all playbooks are"
        return "\(what) paused by \(by) since \(Timestamp(seconds: at.seconds).rfc3339)"
            + (reason.map { ": \($0)" } ?? "")
            + (stopsRuns ? "; no step begins anywhere" : "")
    }
}

/// That a playbook rests because it failed or began too often.
public struct OpenBreaker: Sendable, Hashable {
    static let gate = "breaker"

    /// The playbook.
    public var playbook: String
    /// Since when.
    public var since: Timestamp
    /// From when on one run is let through to see.
    public var until: Timestamp
    /// What it opened for, in a sentence.
    public var why: String
    /// The run that was let through and has not ended.
    public var probe: RunID?

    /// The breakers that are not closed.
    ///
    /// - Throws: ``StoreError``.
    public static func all(in reader: any StoreReader) throws -> [OpenBreaker] {
        try reader.gates(playbook: nil, gate: gate, limit: 1000).compactMap { record in
            BreakerGate.State(record.body).map {
                OpenBreaker(
                    playbook: record.playbook, since: $0.since, until: $0.until, why: $0.why, probe: $0.probe)
            }
        }
    }

    /// `p is stopped since 2026-11-22T08:00:00Z: 15 of the 20 runs … have failed`.
    public var sentence: String {
        "\(playbook) is stopped since \(Timestamp(seconds: since.seconds).rfc3339): \(why)"
            + (probe.map { "; \($0) runs to see whether it is well again" } ?? "")
    }
}
