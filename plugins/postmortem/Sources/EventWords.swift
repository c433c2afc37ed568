import WorkflowModel

/// Recorded events in the words of a timeline.
enum EventWords {
    /// The entry for `event`; nil for events that are no part of the story.
    static func entry(_ event: Event) -> TimelineEntry? {
        guard let (text, kind, pinned) = words(event) else { return nil }
        return TimelineEntry(
            id: event.id, at: event.time, text: text, source: event.source, actor: actor(event), kind: kind,
            isPinned: pinned)
    }

    private static func words(_ event: Event) -> (text: String, kind: String, pinned: Bool)? {
        let family = event.type.split(separator: ".").first.map(String.init) ?? event.type
        let thing = event.data[family]
        let title = thing?["title"]?.string
        switch event.type {
        case "incident.declared":
            return ("Incident declared\(after(thing?["severity"]))\(colon(title))", "status", true)
        case "incident.resolved": return ("Incident resolved\(colon(thing?["summary"]?.string))", "status", true)
        case "ticket.created": return ("Ticket created\(colon(title))", "fact", true)
        case "ticket.assigned":
            return ("Ticket assigned to \(thing?["assignee"]?.string ?? "nobody")", "fact", false)
        case "ticket.commented": return comment(event)
        case "ticket.resolved", "ticket.closed", "ticket.reopened":
            return ("Ticket \(event.type.dropFirst("ticket.".count))", "status", true)
        case "incident.updated", "ticket.updated": return changes(event, family)
        case "notification.acknowledged":
            let who = thing?["acknowledged_by"]?.string ?? "somebody"
            return ("\(who) acknowledged the message by \(thing?["by"]?.string ?? "another channel")", "fact", true)
        case "sla.at_risk", "sla.breached":
            let metric = thing?["metric"]?.string ?? "SLA"
            return ("\(metric) \(event.type == "sla.breached" ? "breached" : "at risk")", "fact", true)
        case "ask.answered":
            let answer = thing?["answer"].map { $0.string ?? JSONWriter.text($0) } ?? "no answer"
            return ("\(thing?["question"]?.string ?? "A question"): \(answer)", "decision", false)
        case "ask.opened": return nil
        default: return ("\(event.type)\(colon(title))", "fact", false)
        }
    }

    private static func changes(_ event: Event, _ family: String) -> (text: String, kind: String, pinned: Bool)? {
        guard let changes = event.data["changes"]?.map, !changes.isEmpty else {
            return event.data[family]?["summary"]?.string.map { ($0, "fact", false) }
        }
        let marked = ["status", "severity", "priority"]
        let words = changes.compactMap { entry -> String? in
            guard let name = entry.key.string, name != "updated_at" else { return nil }
            return "\(name): \(shown(entry.value["from"])) → \(shown(entry.value["to"]))"
        }
        guard !words.isEmpty else { return nil }
        let pinned = marked.contains { changes[$0] != nil }
        return (words.joined(separator: ", "), pinned ? "status" : "fact", pinned)
    }

    private static func comment(_ event: Event) -> (text: String, kind: String, pinned: Bool)? {
        guard let comment = event.data["comment"], let text = comment["text"]?.string,
            comment["automatic"]?.bool != true
        else { return nil }
        let who = comment["by"]?.string ?? "somebody"
        return ("\(who): \(text)", comment["public"]?.bool == true ? "comms" : "fact", false)
    }

    private static func actor(_ event: Event) -> String? {
        event.data["comment"]?["author"]?["id"]?.string ?? event.data["notification"]?["acknowledged_by"]?.string
            ?? event.data["ask"]?["answered_by"]?.string
    }

    private static func shown(_ value: Value?) -> String {
        guard let value, !value.isNull else { return "none" }
        return value.string ?? JSONWriter.text(value)
    }

    private static func after(_ value: Value?) -> String { value?.string.map { " as \($0)" } ?? "" }

    private static func colon(_ text: String?) -> String { text.map { ": \($0)" } ?? "" }
}
