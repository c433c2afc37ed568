public import WorkflowModel

/// Turns the events of a ticket into what happened to it.
public struct EventReading: Sendable {
    private let directory: Directory

    /// - Parameter directory: says whose message one is, when the event does not.
    public init(directory: Directory) { self.directory = directory }

    /// Text that conditions of policies do not need and that would be kept with every ticket.
    private static let left: Set<String> = [
        "id", "title", "text", "url", "updated_at", "related", "facts_at", "history",
    ]
    private static let mostFields = 60
    private static let longestText = 500

    /// What `event` says of its ticket; more than one thing when it tells of messages by their times alone. Empty when it is about none.
    ///
    /// - Parameters:
    ///   - now: when it came in; nothing is later than that, whatever the sender's clock says.
    ///   - known: the ticket's fields before it.
    ///   - sequence: the number of the first.
    public func happenings(
        _ event: Event, now: Timestamp, known: ValueMap, sequence: Int64, version: String?
    ) -> [Happening] {
        guard event.type.hasPrefix("ticket.") else { return [] }
        let at = min(event.time, now)
        var first = Happening(at: at, sequence: sequence, kind: .updated, version: version)
        first.fields = fields(of: event)
        switch event.type {
        case "ticket.created":
            first.kind = .created
            if first.fields["status"] == nil { first.fields["status"] = "new" }
            first.detail = created(event)
        case "ticket.resolved": given("solved", &first)
        case "ticket.reopened": given("open", &first)
        case "ticket.closed": given("closed", &first)
        case "ticket.merged":
            first.kind = .merged
            first.fields["status"] = "closed"
            if let into = event.data["into"]?.string { first.detail["into"] = .string(into) }
        case "ticket.commented":
            if let comment = event.data["comment"]?.map {
                first.kind = .message
                first.detail = message(comment, known.merging(first.fields))
                if let written = comment["at"]?.timestamp { first.at = min(written, at) }
            }
        default: break
        }
        return begun(&first, known) + [first] + messages(told: first, known, version)
    }

    /// The making of the ticket, when the first that is heard of it is later: the desk knows best when it was made.
    private func begun(_ first: inout Happening, _ known: ValueMap) -> [Happening] {
        guard known.isEmpty, let made = first.fields["created_at"]?.timestamp, made < first.at else { return [] }
        var begun = first
        begun.at = made
        begun.kind = .created
        if first.kind != .created { begun.detail = [:] }
        let status = begun.fields["status"]?.string
        if status == nil || status == "solved" || status == "closed" { begun.fields["status"] = "new" }
        if first.kind == .created {
            first.kind = .updated
            first.detail = [:]
        }
        first.sequence += 1
        return [begun]
    }

    private func given(_ status: String, _ happening: inout Happening) {
        if happening.fields["status"] == nil { happening.fields["status"] = .string(status) }
    }

    private func created(_ event: Event) -> ValueMap {
        var detail = ValueMap()
        let comment = event.data["comment"]
        let by = comment?["by"]?.string ?? event.data["created_by"]?.string
        if let by, by == "agent" || by == "system" { detail["by"] = .string(by) }
        if comment?["automatic"]?.bool == true { detail["automatic"] = true }
        return detail
    }

    // MARK: Fields

    private func fields(of event: Event) -> ValueMap {
        let partial = event.data["ticket"]?.map ?? [:]
        let bound = EventCatalog.standard.bound(["ticket": .map(partial)], ofType: "ticket.created")["ticket"]?.map
        var fields = ValueMap()
        for entry in bound ?? partial {
            guard let field = entry.key.string, !Self.left.contains(field), !entry.value.isNull else { continue }
            keep(entry.value, field, &fields)
        }
        for entry in event.data["changes"]?.map ?? [:] {
            guard let field = entry.key.string, !Self.left.contains(field), fields[field] == nil,
                let value = entry.value["to"]
            else { continue }
            keep(value, field, &fields)
        }
        return fields
    }

    private func keep(_ value: Value, _ field: String, _ fields: inout ValueMap) {
        guard fields.count < Self.mostFields, field.utf8.count <= 100 else { return }
        switch value {
        case .string(let text) where text.utf8.count > Self.longestText: return
        case .list(let items) where items.count > 50 || items.contains { $0.list != nil || $0.map != nil }: return
        case .map(let map):
            var kept = ValueMap()
            for entry in map.entries.prefix(20) {
                guard let key = entry.key.string, !entry.value.isNull, entry.value.list == nil, entry.value.map == nil,
                    entry.value.string.map({ $0.utf8.count <= Self.longestText }) ?? true
                else { continue }
                kept[key] = entry.value
            }
            fields[field] = .map(kept)
        default: fields[field] = value
        }
    }

    // MARK: Messages

    private func message(_ comment: ValueMap, _ ticket: ValueMap) -> ValueMap {
        var detail: ValueMap = [
            "by": .string(author(comment, ticket)), "public": .bool(comment["public"]?.bool ?? false),
        ]
        if comment["automatic"]?.bool == true { detail["automatic"] = true }
        if comment["note"]?.bool == true || comment["channel"]?.string == "note" { detail["note"] = true }
        return detail
    }

    private func author(_ comment: ValueMap, _ ticket: ValueMap) -> String {
        if let by = comment["by"]?.string { return by }
        let names = [comment["author"]?["id"]?.string, comment["author"]?["email"]?.string].compactMap { $0 }
        if names.contains(where: { directory.person($0) != nil }) { return "agent" }
        let requester = [ticket["requester"]?["id"]?.string, ticket["requester"]?["email"]?.string]
        return names.contains { requester.contains($0) } ? "customer" : "unknown"
    }

    /// Messages that the ticket's own times tell of and that no event of theirs has told.
    private func messages(told first: Happening, _ known: ValueMap, _ version: String?) -> [Happening] {
        let sides = [("last_customer_message_at", "customer"), ("last_public_reply_at", "agent")]
        var found: [Happening] = []
        for (field, side) in sides {
            guard let written = first.fields[field]?.timestamp, written <= first.at,
                (known[field]?.timestamp).map({ $0 < written }) ?? true
            else { continue }
            if first.kind == .message, first.detail["by"]?.string == side, first.detail["automatic"] == nil { continue }
            // The message that made the ticket is the ticket.
            if first.kind == .created, side == "customer" { continue }
            found.append(
                Happening(
                    at: written, sequence: first.sequence + Int64(found.count) + 1, kind: .message,
                    detail: ["by": .string(side), "public": true, "told": true], version: version))
        }
        return found
    }
}
