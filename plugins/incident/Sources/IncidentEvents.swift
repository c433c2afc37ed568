import PluginKit
import WorkflowModel

/// The events of incidents that are changed here.
enum IncidentEvents {
    /// The source under which the engine emits them.
    static let source = "/plugins/incident"

    /// `incident.TYPE` about `incident`, once for each revision of it.
    static func draft(_ type: String, _ incident: Incident, _ changes: IncidentChanges) -> EventDraft {
        var shown = incident.facts
        shown["revision"] = .int(incident.revision)
        return EventDraft(
            type: type, subject: "incident:\(incident.id)",
            data: ["incident": .map(shown), "changes": changes.isEmpty ? .null : .map(changes.map)],
            key: key(incident))
    }

    /// The id under which the engine emits the event of the incident's newest revision.
    static func id(_ type: String, _ incident: Incident) -> String { "\(type)/\(key(incident))" }

    private static func key(_ incident: Incident) -> String { "incident:\(incident.id):\(incident.revision)" }
}
