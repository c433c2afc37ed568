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

    /// What the playbook knows of it.
    func facts(in context: ActionContext) -> ValueMap {
        for kind in ["incident", "ticket"] where subject.hasPrefix(kind + ":") {
            if let facts = context.names[kind]?.map, facts["id"]?.string == id { return facts }
        }
        return ValueMap()
    }
}
