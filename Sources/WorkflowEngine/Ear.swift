import RunMachine
import RunStore
import WorkflowModel

/// Finds the recorded events that a `wait_for` may have waited for.
enum Ear {
    /// How many events of a subject are read at once.
    private static let page = 200

    /// The events of the run's subject that have one of `types` and were accepted at `since` or later, oldest first. The event that
    /// started the run is none of them, and neither are echoes of our own.
    static func events(
        _ types: [String], since: Timestamp, of run: RunRecord, in reader: any StoreReader
    ) throws -> [HeardEvent] {
        guard let subject = run.subject else { return [] }
        var found: [HeardEvent] = []
        var before: Int64?
        while true {
            let records = try reader.events(ofSubject: subject, before: before, limit: page)
            for record in records {
                guard record.sequence > run.event ?? 0 else { return found.reversed() }
                guard record.acceptedAt >= since, record.event.origin != .own, types.contains(record.event.type) else {
                    continue
                }
                var envelope = record.event.envelope.map ?? ValueMap()
                let names = Dispatcher.names(of: record)
                envelope["data"] = .map(names)
                found.append(HeardEvent(event: envelope, names: names))
            }
            guard records.count == page, let last = records.last else { return found.reversed() }
            before = last.sequence
        }
    }
}
