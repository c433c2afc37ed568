import PluginKit
import WorkflowModel

/// What a post-mortem is about: an incident as a rule, but a ticket may have one too.
struct ReviewedSubject: Hashable {
    /// `incident:INC-7`, `ticket:4711`.
    let subject: String

    /// The id without its kind.
    var id: String {
        subject.firstIndex(of: ":").map { String(subject[subject.index(after: $0)...]) } ?? subject
    }

    /// What `text` names: an incident's id, or a subject with its kind.
    init(_ text: String) { subject = text.contains(":") ? text : "incident:\(text)" }

    /// What `input` or else the run is about; nil when neither says.
    init?(_ input: ActionInput, in context: ActionContext) throws(Failure) {
        if let given = try input.optionalText("incident") {
            self.init(given)
        } else if let id = context.names["incident"]?["id"]?.string {
            self.init("incident:\(id)")
        } else if let subject = context.subject, subject.hasPrefix("incident:") || subject.hasPrefix("ticket:") {
            self.init(subject)
        } else {
            return nil
        }
    }

    /// What the playbook knows of it, else what is kept of it.
    func facts(in context: ActionContext, _ reader: any PluginStoreReader) throws -> ValueMap {
        for kind in ["incident", "ticket"] where subject.hasPrefix(kind + ":") {
            if let facts = context.names[kind]?.map, facts["id"]?.string == id { return facts }
            if let kept = try reader.document(id, in: "\(kind).\(kind)s") { return kept }
        }
        return ValueMap()
    }

    /// The timeline that the incident itself keeps, and the messages that were sent about it.
    func entries(limit: Int, in reader: any PluginStoreReader) throws -> [TimelineEntry] {
        let sent = DocumentQuery(
            [.init("subject", .equals(.string(subject)))], order: "sent_at", descending: true, limit: limit)
        var entries = try reader.documents(in: "notify.messages", sent).compactMap { TimelineEntry(message: $0) }
        guard subject.hasPrefix("incident:") else { return entries }
        let kept = DocumentQuery(
            [.init("incident", .equals(.string(id)))], order: "at", descending: true, limit: limit)
        entries += try reader.documents(in: "incident.entries", kept).compactMap { TimelineEntry(kept: $0) }
        return entries
    }
}
