import PluginKit
import WorkflowModel

/// Keeps the collection `tickets` from events, and attaches to every event about a ticket all that is known of it.
struct TicketConsumer: EventConsumer {
    /// The most tickets of an incident that are marked as its own at one event.
    private static let mostOfIncident = 500

    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        // A sender whose clock is ahead must not shut out the facts that follow.
        let at = min(event.time, now)
        if event.type.hasPrefix("incident.") {
            try mark(event, at: at, store)
            return [:]
        }
        let partial = event.data["ticket"]?.map ?? [:]
        let subject = event.subject.flatMap { $0.hasPrefix("ticket:") ? String($0.dropFirst(7)) : nil }
        // What cannot be the id of a document is no ticket that anybody could ask for; the event itself is taken all the same.
        guard let id = partial["id"]?.string ?? subject, FactSheet.isID(id) else { return [:] }
        let stored = try store.document(id, in: TicketPlugin.tickets)
        guard event.type.hasPrefix("ticket.") else {
            // Others speak of a ticket to say which; what they know of it beside may be old.
            guard let stored else { return [:] }
            return ["ticket": .map(KnownTicket(id: id, body: stored).facts)]
        }
        var ticket = KnownTicket(id: id, body: stored)
        TicketLearning(event: event, at: at, workspace: workspace).teach(&ticket)
        try store.put(id, ticket.body, in: TicketPlugin.tickets)
        return ["ticket": .map(ticket.facts)]
    }

    func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws -> Value? {
        guard name == "ticket", let id = known["id"]?.string,
            let body = try reader.document(id, in: TicketPlugin.tickets)
        else { return nil }
        return .map(KnownTicket(id: id, body: body).facts)
    }

    /// Notes on the known tickets of an incident that they belong to it. Of a ticket that no event has told of there is nothing to note.
    private func mark(_ event: Event, at: Timestamp, _ store: any PluginStore) throws {
        guard let incident = event.data["incident"], let id = incident["id"]?.string, FactSheet.isID(id) else { return }
        let tickets = (incident["tickets"]?.list ?? []).prefix(Self.mostOfIncident).compactMap(\.string)
        for ticketID in tickets where FactSheet.isID(ticketID) {
            guard let body = try store.document(ticketID, in: TicketPlugin.tickets) else { continue }
            var ticket = KnownTicket(id: ticketID, body: body)
            guard ticket["incident"]?.string != id else { continue }
            ticket.learn("incident", .string(id), at: at)
            try store.put(ticketID, ticket.body, in: TicketPlugin.tickets)
        }
    }
}

/// What one event says about its ticket.
struct TicketLearning {
    let event: Event
    let at: Timestamp
    let workspace: WorkspaceTables
    /// The most related ids that are kept.
    private static let mostRelated = 200

    func teach(_ ticket: inout KnownTicket) {
        takeFields(&ticket)
        takeChanges(&ticket)
        switch event.type {
        case "ticket.created":
            if ticket["created_at"] == nil { ticket.learn("created_at", .timestamp(at), at: at) }
            if given("status") == nil { learnStatus("new", &ticket) }
        case "ticket.resolved":
            if given("status") == nil { learnStatus("solved", &ticket) }
            if given("resolved_at") == nil { ticket.learn("resolved_at", .timestamp(at), at: at) }
        case "ticket.reopened":
            if given("status") == nil { learnStatus("open", &ticket) }
            ticket.advance("reopened_at", to: at)
            if given("resolved_at") == nil { ticket.learn("resolved_at", .null, at: at) }
            ticket.learn("closed_at", .null, at: at)
            // What is open again is no part of another ticket any more.
            if given("merged_into") == nil { ticket.learn("merged_into", .null, at: at) }
            if given("reopen_count") == nil { ticket.count("reopen_count") }
        case "ticket.closed":
            if given("status") == nil { learnStatus("closed", &ticket) }
            if given("closed_at") == nil { ticket.learn("closed_at", .timestamp(at), at: at) }
        case "ticket.merged":
            learnStatus("closed", &ticket)
            if let into = event.data["into"]?.string { ticket.learn("merged_into", .string(into), at: at) }
        case "ticket.commented": takeComment(&ticket)
        case "ticket.assigned":
            let previous = event.data["previous_assignee"]?.string
            if given("reassignment_count") == nil, let previous, previous != ticket["assignee"]?.string {
                ticket.count("reassignment_count")
            }
        default: break
        }
        ticket.advance("updated_at", to: given("updated_at")?.timestamp.map { min($0, at) } ?? at)
    }

    private var partial: ValueMap { event.data["ticket"]?.map ?? [:] }

    private func given(_ field: String) -> Value? {
        guard let value = partial[field], !value.isNull else { return nil }
        return value
    }

    private func takeFields(_ ticket: inout KnownTicket) {
        let bound = EventCatalog.standard.bound(["ticket": .map(partial)], ofType: "ticket.created")
        for entry in bound["ticket"]?.map ?? partial {
            // Null means "not said": what is taken away stands among the changes.
            guard let field = entry.key.string, !entry.value.isNull else { continue }
            switch (field, entry.value) {
            case ("id", _), ("updated_at", _), ("facts_at", _), ("history", _): continue
            case ("last_public_reply_at", let value), ("last_customer_message_at", let value),
                ("last_message_at", let value):
                if let instant = value.timestamp { ticket.advance(field, to: instant) }
            case ("related", .list(let ids)):
                ticket.add(ids.filter { $0.string.map(FactSheet.isID) ?? false }, to: field, most: Self.mostRelated)
            case ("requester", .map(let parts)), ("customer", .map(let parts)):
                ticket.learn(field, parts: parts, at: at)
            default: ticket.learn(field, entry.value, at: at)
            }
        }
    }

    private func takeChanges(_ ticket: inout KnownTicket) {
        guard let changes = event.data["changes"]?.map, !changes.isEmpty else { return }
        let schema = FactSheet.Kind.ticket.schema
        for entry in changes {
            guard let field = entry.key.string, schema?.property(field) != nil, field != "id", given(field) == nil,
                let change = entry.value.map, let value = change["to"]
            else { continue }
            ticket.learn(field, schema?.property(field)?.bound(value) ?? value, at: at)
        }
    }

    /// An automatic message is neither an answer of ours nor one of the customer's.
    private func takeComment(_ ticket: inout KnownTicket) {
        guard let comment = event.data["comment"], comment["automatic"]?.bool != true else { return }
        let written = comment["at"]?.timestamp.map { min($0, at) } ?? at
        let by = author(of: comment, ticket)
        let isPublic = comment["public"]?.bool == true
        if given("comment_count") == nil { ticket.count("comment_count") }
        switch by {
        case "customer": ticket.advance("last_customer_message_at", to: written)
        case "agent" where isPublic: ticket.advance("last_public_reply_at", to: written)
        default: break
        }
        // Whose turn it is: internal notes and systems do not change that.
        guard by == "customer" || (by == "agent" && isPublic), ticket.advance("last_message_at", to: written) else {
            return
        }
        let who = comment["author"]?["id"]?.string ?? comment["author"]?["email"]?.string
        ticket.keep("last_message_by", by.map(Value.string) ?? .null)
        ticket.keep("last_message_author", who.map(Value.string) ?? .null)
    }

    private func author(of comment: Value, _ ticket: KnownTicket) -> String? {
        if let by = comment["by"]?.string { return by }
        let names = [comment["author"]?["id"]?.string, comment["author"]?["email"]?.string].compactMap { $0 }
        if names.contains(where: { workspace.directory.person($0) != nil }) { return "agent" }
        let requester = [ticket["requester"]?["id"]?.string, ticket["requester"]?["email"]?.string]
        return names.contains { requester.contains($0) } ? "customer" : nil
    }

    private func learnStatus(_ status: String, _ ticket: inout KnownTicket) {
        ticket.learn("status", .string(status), at: at)
    }
}
