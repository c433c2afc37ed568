import RunMachine
import RunStore
import WorkflowModel

/// What a run begins with: the first entry of its journal.
struct RunBeginning: Sendable {
    let services: EngineServices
    let settings: EngineSettings

    /// - Parameters:
    ///   - events: what was collected for the run; nil for what a playbook that collects sees of a single event.
    ///   - dropped: how many more had come than are kept.
    func start(
        of run: RunRecord, _ event: EventRecord?, collects: Bool, events: [EventRecord]? = nil, dropped: Int = 0,
        now: Timestamp
    ) -> RunStart {
        var envelope = event?.event.envelope.map
        envelope?["data"] = nil
        var seed: UInt64 = 0
        for byte in services.entropy(8) { seed = seed << 8 | UInt64(byte) }
        var start = RunStart(
            run: run.id, url: settings.runURL?(run.id), at: now, event: envelope,
            names: event.map(Dispatcher.names) ?? ValueMap(), inputs: run.inputs, seed: seed)
        if collects || events != nil {
            start.events = (events ?? event.map { [$0] } ?? []).map(RunBeginning.envelope)
            start.dropped = dropped
        }
        return start
    }

    /// An event as `events` shows it.
    private static func envelope(_ record: EventRecord) -> Value {
        guard var envelope = record.event.envelope.map else { return record.event.envelope }
        envelope["data"] = .map(Dispatcher.names(of: record))
        return .map(envelope)
    }

    /// The journal of a run that is ended before it began.
    func journal(
        ofUnbegun run: RunRecord, _ event: EventRecord?, cancelledBy person: String, _ reason: String?, now: Timestamp
    ) -> [JournalRecord] {
        var entries: [JournalEntry] = []
        if run.entries == 0 { entries.append(.started(start(of: run, event, collects: false, now: now))) }
        entries.append(.stopping(.cancelled(by: person, reason: reason), until: now))
        entries.append(
            .ended(
                .cancelled, outputs: nil, nil,
                reason: reason.map { "cancelled by \(person): \($0)" } ?? "cancelled by \(person)"))
        return RunBeginning.records(entries, after: run.entries, now: now)
    }

    /// Entries as they are stored.
    static func records(_ entries: [JournalEntry], after last: Int, now: Timestamp) -> [JournalRecord] {
        entries.enumerated().map { number, entry in
            JournalRecord(
                sequence: last + number + 1, at: now, kind: entry.kind, step: entry.step, version: JournalEntry.version,
                body: entry.body)
        }
    }
}
