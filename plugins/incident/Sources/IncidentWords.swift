import PluginKit
import WorkflowModel

/// The sentences of a timeline about the incident itself.
enum IncidentWords {
    static func declared(_ incident: Incident) -> String {
        let severity = incident.severity.map { " as \($0)" } ?? ""
        return "Declared\(severity)\(colon(incident["title"]?.string))"
    }

    static func resolved(_ incident: Incident, _ news: String?) -> String {
        "Resolved\(colon(news ?? incident["summary"]?.string))"
    }

    private static func colon(_ text: String?) -> String { text.map { ": \($0)" } ?? "" }
}

/// Events of others as entries of an incident's timeline.
enum OtherWords {
    /// The entry for `event`; nil for events that are no part of the story.
    static func entry(_ event: Event, incident: String, at: Timestamp) -> TimelineEntry? {
        var entry = TimelineEntry(incident: incident, at: at, text: "", source: event.source)
        entry.event = event.id
        let thing = event.data[String(event.type.prefix { $0 != "." })]
        switch event.type {
        case "notification.acknowledged":
            let who = thing?["acknowledged_by"]?.string ?? "somebody"
            entry.at = min(thing?["acknowledged_at"]?.timestamp ?? at, at)
            entry.actor = who
            entry.text = "\(who) acknowledged the message to \(thing?["to"]?.string ?? "somebody")"
            entry.isPinned = true
        case "ask.answered":
            let answer = thing?["answer"].map { $0.string ?? JSONWriter.text($0) } ?? "answered"
            entry.actor = thing?["answered_by"]?.string
            entry.text = "\(thing?["question"]?.string ?? "A question"): \(answer)"
            entry.kind = "decision"
        case "ask.expired": entry.text = "Nobody answered: \(thing?["question"]?.string ?? "a question")"
        case "run.failed":
            let why = thing?["failure"]?["message"]?.string.map { ": \($0)" } ?? ""
            entry.text = "The playbook \(thing?["playbook"]?.string ?? "?") failed\(why)"
        case "run.needs_attention":
            entry.text = "The playbook \(thing?["playbook"]?.string ?? "?") waits for a person to say what happened"
        case "postmortem.opened": entry.text = "Post-mortem \(thing?["id"]?.string ?? "") opened"
        case "postmortem.reviewed": entry.text = "Post-mortem \(thing?["id"]?.string ?? "") reviewed"
        case "action.created": entry.text = "Action item: \(thing?["title"]?.string ?? thing?["id"]?.string ?? "?")"
        case "sla.at_risk", "sla.breached":
            let metric = thing?["metric"]?.string ?? "an SLA"
            entry.text = "\(metric) \(event.type == "sla.breached" ? "missed" : "at risk")"
        default: return nil
        }
        return entry
    }
}
