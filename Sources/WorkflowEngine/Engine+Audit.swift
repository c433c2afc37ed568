public import RunStore
public import WorkflowModel

/// The audit log: what people decide is noted in it by the transaction that makes the decision durable.
extension Engine {
    /// A note that adds a line to the audit log and then does `note`.
    ///
    /// - Parameters:
    ///   - action: what was decided, in a word: `approve`, `cancel`, …
    ///   - person: who decided.
    ///   - typist: who typed it, when that was somebody else.
    ///   - target: what it was decided about: a question, a run, a playbook.
    func audited<Outcome>(
        _ action: String, by person: String, typedBy typist: String? = nil, of target: String, _ detail: Value = [:],
        then note: RequestNote<Outcome>?
    ) -> RequestNote<Outcome> {
        let draft = AuditDraft(
            at: core.services.clock.now, by: person, action: action, target: target, typedBy: typist, detail: detail)
        return { transaction, outcome in
            _ = try transaction.appendAudit(draft)
            try note?(transaction, outcome)
        }
    }
}

extension AuditDraft {
    /// A draft about a decision that `typist` typed for `person`; nil when the person did.
    public init(
        at: Timestamp, by person: String, action: String, target: String, typedBy typist: String?, detail: Value = [:]
    ) {
        var detail = detail
        if let typist, typist != person, case .map(var map) = detail {
            map["typed_by"] = .string(typist)
            detail = .map(map)
        }
        self.init(at: at, by: person, action: action, target: target, detail: detail)
    }
}
