import RunMachine
import RunStore
import WorkflowModel

/// Finds the recorded events that a `wait_for` may have waited for.
enum Ear {
    /// How many events of a subject are read at once.
    private static let page = 200

    /// How many of the newest events are looked at when any subject counts.
    private static let newest = 20_000

    /// The events about `subject` that have one of `types` and were accepted at `since` or later, oldest first. The event that
    /// started the run is none of them, what came before it neither, nor echoes of our own.
    static func events(
        _ types: [String], since: Timestamp, about subject: String?, of run: RunRecord, in reader: any StoreReader
    ) throws -> [HeardEvent] {
        guard let subject else { return [] }
        let isAny = subject == ListenStep.anySubject
        var found: [HeardEvent] = []
        var before: Int64?
        var looked = 0
        while true {
            let records =
                isAny
                ? try reader.events(before: before, limit: page)
                : try reader.events(ofSubject: subject, before: before, limit: page)
            looked += records.count
            for record in records {
                guard record.sequence > run.event ?? 0, !isAny || record.acceptedAt >= since else {
                    return found.reversed()
                }
                guard record.acceptedAt >= since, record.event.origin != .own, types.contains(record.event.type) else {
                    continue
                }
                var envelope = record.event.envelope.map ?? ValueMap()
                let names = Dispatcher.names(of: record)
                envelope["data"] = .map(names)
                found.append(HeardEvent(event: envelope, names: names))
            }
            guard records.count == page, let last = records.last, !isAny || looked < newest else {
                return found.reversed()
            }
            before = last.sequence
        }
    }
}
