import Calendars
import PluginKit
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// Which event a rehearsal of a playbook plays.
struct PlayedEvent {
    let workflow: Workflow
    let open: OpenWorkspace
    /// What the workspace keeps; nil when nothing has happened yet.
    let store: SQLiteRunStore?

    /// The event of the file `event`, that of the ticket `ticket`, or the sample or the next fire of the playbook's first
    /// trigger; nil for a playbook that is
    /// started by hand.
    func choose(event: String?, ticket: String?) async throws -> Event? {
        let types = workflow.triggers.flatMap { trigger -> [String] in
            if case .event(let event) = trigger { event.types } else { [] }
        }
        if let event {
            let read = try EventFile.read(event, now: WallClock.now())
            guard read.count == 1 else {
                throw CommandFailure(
                    .usage, "\(event) has \(read.count) events, a dry run plays one",
                    help: "--events FILE --summary plays many")
            }
            return read[0]
        }
        if let ticket { return try await ticketEvent(ticket, types) }
        if types.isEmpty || isScheduledFirst, let fire = try nextFire() { return fire }
        guard let type = types.first else { return nil }
        guard let sample = try open.sampleEvent(ofType: type) else {
            throw CommandFailure(
                .failed, "there is no sample event \(type)",
                help: "--event FILE gives one; events/\(type).json in the workspace would be the sample")
        }
        return sample
    }

    private var isScheduledFirst: Bool { if case .schedule? = workflow.triggers.first { true } else { false } }

    /// The next fire of its schedules, at its time; nil when none comes.
    private func nextFire() throws -> Event? {
        do {
            let fire = try ScheduleFire.next(
                of: workflow, after: WallClock.now(), zone: open.workspace.settings.zone,
                calendars: open.businessCalendars)
            return fire.map { $0.event(at: $0.due) }
        } catch let error as CalendarError {
            throw CommandFailure(.failed, error.message, help: error.help)
        }
    }

    private func ticketEvent(_ ticket: String, _ types: [String]) async throws -> Event? {
        let unknown = CommandFailure(
            .failed, "no event has told of a ticket \(ticket)", help: "signalbox emit --event FILE makes tickets known")
        guard let store else { throw unknown }
        let (known, recorded) = try await store.read(view: { reader in
            (
                try reader.documents.document(ticket, in: "ticket.tickets"),
                try reader.events(ofSubject: "ticket:\(ticket)", before: nil, limit: 1000)
            )
        })
        // The newest recorded event that the playbook looks at is the truest one.
        if let record = recorded.first(where: { types.contains($0.event.type) }) { return record.event }
        guard let known else { throw unknown }
        guard let type = types.first, var sample = try open.sampleEvent(ofType: type) else { return nil }
        sample.id = "dry-run-\(ticket)"
        sample.data["ticket"] = .map(known)
        sample.subject = EventCatalog.standard.subject(ofType: type, data: sample.data)
        sample.time = WallClock.now()
        return sample
    }
}
