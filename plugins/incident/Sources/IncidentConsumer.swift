import PluginKit
import WorkflowModel

/// Keeps incidents and their timelines from events, and attaches to every event about an incident all that is known of it.
struct IncidentConsumer: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        // A sender whose clock is ahead must not shut out the facts that follow.
        let at = min(event.time, now)
        let severities = SeverityTable(workspace)
        guard event.type.hasPrefix("incident.") else { return try consumeOther(event, at: at, severities, store) }
        guard let id = event.data["incident"]?["id"]?.string ?? Self.incident(of: event), FactSheet.isID(id) else {
            return [:]
        }
        var incident = try IncidentShelf.find(id, in: store) ?? Incident(id: id, body: nil)
        if event.source == IncidentEvents.source, let revision = event.data["incident"]?["revision"]?.int,
            revision <= incident.revision
        {
            // Our own news: what it tells was kept with it.
            return ["incident": .map(incident.facts)]
        }
        let before = incident.facts
        let learning = IncidentLearning(event: event, at: at)
        learning.teach(&incident)
        let changes = IncidentChanges(from: before, to: incident.facts)
        learning.teachNews(&incident, changes)
        incident.settle(severities)
        if let entry = Self.entry(event, incident, changes, learning.news, at: at) {
            incident = try entry.keep(under: "\(event.source) \(event.id)", of: incident, in: store)
        }
        try IncidentShelf.put(incident, in: store)
        var facts: ValueMap = ["incident": .map(incident.facts)]
        if event.data["changes"]?.map == nil, event.type != "incident.declared" { facts["changes"] = .map(changes.map) }
        return facts
    }

    func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws -> Value? {
        guard name == "incident", let id = known["id"]?.string, let incident = try IncidentShelf.find(id, in: reader)
        else { return nil }
        return .map(incident.facts)
    }

    /// What happens about an incident beside itself: acknowledgements, answers, the post-mortem.
    private func consumeOther(
        _ event: Event, at: Timestamp, _ severities: SeverityTable, _ store: any PluginStore
    ) throws -> ValueMap {
        guard let id = Self.incident(of: event), var incident = try IncidentShelf.find(id, in: store) else {
            return [:]
        }
        let before = incident.body
        if event.type == "notification.acknowledged", let notification = event.data["notification"] {
            let instant = min(notification["acknowledged_at"]?.timestamp ?? at, at)
            IncidentLearning.acknowledge(&incident, at: instant, by: notification["acknowledged_by"]?.string)
            incident.settle(severities)
        }
        if let entry = OtherWords.entry(event, incident: incident.id, at: at) {
            incident = try entry.keep(under: "\(event.source) \(event.id)", of: incident, in: store)
        }
        if incident.body != before { try IncidentShelf.put(incident, in: store) }
        return ["incident": .map(incident.facts)]
    }

    /// The id of the incident that an event is about.
    private static func incident(of event: Event) -> String? {
        let family = event.type.prefix { $0 != "." }
        let named = [
            event.subject, event.data[String(family)]?["about"]?.string, event.data[String(family)]?["subject"]?.string,
        ]
        for subject in named { if let id = subject.flatMap(Self.id) { return id } }
        return event.data[String(family)]?["incident"]?.string
    }

    private static func id(_ subject: String) -> String? {
        subject.hasPrefix("incident:") ? String(subject.dropFirst("incident:".count)) : nil
    }

    private static func entry(
        _ event: Event, _ incident: Incident, _ changes: IncidentChanges, _ news: String?, at: Timestamp
    ) -> TimelineEntry? {
        var entry = TimelineEntry(incident: incident.id, at: at, text: "", source: event.source)
        entry.event = event.id
        entry.link = event.data["incident"]?["url"]?.string
        let author = event.data["comment"]?["author"]
        entry.actor = author?["name"]?.string ?? author?["id"]?.string
        switch event.type {
        case "incident.declared":
            entry.text = IncidentWords.declared(incident)
            (entry.kind, entry.isPinned) = ("status", true)
        case "incident.resolved":
            entry.text = IncidentWords.resolved(incident, news)
            (entry.kind, entry.isPinned) = ("status", true)
        default:
            let text = [changes.words, news ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
            guard !text.isEmpty else { return nil }
            entry.text = text
            (entry.kind, entry.isPinned) = (changes.isPinned ? "status" : "comms", changes.isPinned)
        }
        return entry
    }
}
