import PluginKit
import WorkflowModel

/// Takes in what happens to tickets, windows and its own thresholds, in the transaction that accepts the event.
struct ClockConsumer: EventConsumer {
    let shelf: PolicyShelf

    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        if event.type.hasPrefix("ticket.") { return try takeTicket(event, store, now, workspace) }
        if event.type.hasPrefix("maintenance.") {
            try WindowBook(shelf: shelf, store: store, now: now, workspace: workspace).take(event)
            return [:]
        }
        if event.type == "sla.at_risk" || event.type == "sla.breached", event.source == "/plugins/sla" {
            return try takeThreshold(event, store, now, workspace)
        }
        return [:]
    }

    func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws -> Value? {
        guard name == "sla", let id = known["clock"]?.string,
            var body = try reader.document(id, in: SLAPlugin.clocks)
        else { return nil }
        body = ClockView.declared(body)
        // What it was that the run began for stays true.
        body["threshold"] = known["threshold"]
        body["late_by"] = known["late_by"]
        return .map(body)
    }

    // MARK: Tickets

    private func takeTicket(
        _ event: Event, _ store: any PluginStore, _ now: Timestamp, _ workspace: WorkspaceTables
    ) throws -> ValueMap {
        let subject = event.subject.flatMap { $0.hasPrefix("ticket:") ? String($0.dropFirst(7)) : nil }
        guard let id = event.data["ticket"]?["id"]?.string ?? subject, !id.isEmpty,
            id.utf8.count <= TicketRecord.longestID, !id.utf8.contains(0)
        else { return [:] }
        let known = try TicketRecord(id, in: store)
        guard workspace.policies != nil || known != nil else { return [:] }
        var ticket = known ?? TicketRecord(id: id)
        let version = try shelf.keep(workspace.policies, in: store)
        var happenings = EventReading(directory: workspace.directory).happenings(
            event, now: now, known: ticket.isUnheard ? [:] : ticket.fields, sequence: ticket.nextSequence,
            version: version)
        for index in happenings.indices {
            try TicketSurroundings(store: store, workspace: workspace).add(to: &happenings[index], ticket, event)
        }
        let computation = try shelf.computation(for: ticket.history + happenings, workspace.policies, in: store)
        let keeper = ClockKeeper(
            store: store, now: now, computation: computation, teller: ClockTeller(store, now: now))
        let merged = happenings.first { $0.kind == .merged }
        let left = merged.map { computation.clocks(of: ticket.history, at: $0.at).clocks } ?? []
        for happening in happenings { ticket.add(happening) }
        let book = try keeper.keep(ticket)
        if let merged, let into = merged.detail["into"]?.string, into != id {
            try adopt(left, from: known, by: into, at: merged.at, version, store, now, workspace)
        }
        guard let nearest = ClockView.nearest(book.clocks) else { return [:] }
        return ["sla": .map(ClockView.map(ClockRecord.id(id, nearest), nearest))]
    }

    /// Leaves the open clocks of a merged ticket to the one that survives.
    private func adopt(
        _ clocks: [Clock], from source: TicketRecord?, by id: String, at: Timestamp, _ version: String?,
        _ store: any PluginStore,
        _ now: Timestamp, _ workspace: WorkspaceTables
    ) throws {
        guard let source, id.utf8.count <= TicketRecord.longestID, !id.utf8.contains(0) else { return }
        let left = clocks.filter(\.isOpen).map { clock -> Value in
            [
                "kind": .string(clock.kind.rawValue), "metric": .string(clock.metric.rawValue),
                "start": .timestamp(clock.start), "from": .string(source.id),
                "pauses": .list(
                    clock.pauses.map { pause in
                        [
                            "source": .string(pause.source), "from": .timestamp(pause.from),
                            "to": .timestamp(min(pause.to ?? at, at)),
                        ]
                    }),
            ]
        }
        guard !left.isEmpty else { return }
        let known = try TicketRecord(id, in: store)
        var ticket = known ?? TicketRecord(id: id)
        var happening = Happening(
            at: at, sequence: ticket.nextSequence, kind: .adopted, detail: ["clocks": .list(left)], version: version)
        if known == nil {
            // Nothing has told of the survivor yet: until something does, it is as the ticket that goes on in it.
            happening.fields = source.fields
            let last = Timeline(source.history).moments.last { $0.at <= at }
            happening.detail["has_reply"] = .bool(source.hasReply)
            if last?.isUnanswered == true,
                let asked = clocks.first(where: { $0.isOpen && ($0.metric == .firstReply || $0.metric == .nextReply) })?
                    .start
            {
                happening.detail["unanswered"] = .timestamp(asked)
            }
        }
        ticket.add(happening)
        let computation = try shelf.computation(for: ticket.history, workspace.policies, in: store)
        try ClockKeeper(store: store, now: now, computation: computation, teller: ClockTeller(store, now: now))
            .keep(ticket)
    }

    // MARK: Thresholds

    /// A threshold that is reached: by its timer, which is the first that is heard of it, or told of by what was taken in before.
    private func takeThreshold(
        _ event: Event, _ store: any PluginStore, _ now: Timestamp, _ workspace: WorkspaceTables
    ) throws -> ValueMap {
        guard let told = event.data["sla"]?.map, let id = told["clock"]?.string,
            let body = try store.document(id, in: SLAPlugin.clocks), let name = body["ticket"]?.string,
            let ticket = try TicketRecord(name, in: store)
        else { return [:] }
        let parts = event.id.components(after: "\(event.type)/\(id)/")
        guard let key = parts, ClockRecord(ticket: name, body: body).fired[key] == nil else { return [:] }
        let computation = try shelf.computation(for: ticket.history, workspace.policies, in: store)
        let keeper = ClockKeeper(
            store: store, now: now, computation: computation, teller: ClockTeller(store, now: now))
        let book = try keeper.keep(ticket, firing: (id, key))
        guard let clock = book.clocks.first(where: { ClockRecord.id(name, $0) == id }),
            let firing = clock.firings.first(where: { $0.key == key })
        else { return [:] }
        let late = now - firing.at
        return ["sla": .map(ClockView.map(id, clock, at: firing, late: late >= .seconds(1) ? late : nil))]
    }
}

extension String {
    /// What follows `start`; nil when the text begins otherwise.
    fileprivate func components(after start: String) -> String? {
        hasPrefix(start) ? String(dropFirst(start.count)) : nil
    }
}
