import PluginKit
import WorkflowModel

/// `postmortem.complete_action`: a claim with evidence, its verification by somebody else, or why it will not be done.
struct CompleteActionAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var item = try ActionItem.item(try input.text("id"), in: store)
        let by = Self.person(try input.text("by"), in: context.workspace.directory)
        let before = item.state
        let event: String
        switch (try input.flag("verify"), try input.optionalText("wont_do")) {
        case (true, nil):
            try verify(&item, by: by, evidence: try input.optionalText("evidence"))
            event = "verified"
        case (false, let reason?):
            try giveUp(&item, by: by, reason: reason)
            event = "completed"
        case (false, nil):
            try claim(&item, by: by, evidence: try input.optionalText("evidence"))
            event = "completed"
        case (true, _?): throw Failure.invalidInput("verify and wont_do are both given; write one of them")
        }
        let changed = item.state != before
        if changed {
            try item.put(in: store)
            try Reminders.cancel(item, in: store)
            try store.emit(ActionEvents.draft(event, item, at: context.now, key: item.state.rawValue))
        }
        return [
            "id": .string(item.id), "state": .string(item.state.rawValue), "changed": .bool(changed),
            "action": .map(item.shown(at: context.now)),
        ]
    }

    private func claim(_ item: inout ActionItem, by: String, evidence: String?) throws(Failure) {
        if item.state == .doneClaimed { return }
        try requireOpen(item)
        guard let evidence, evidence.contains(where: { !$0.isWhitespace }) else {
            throw .permanent(
                "evidence_missing", "say by evidence: what shows that \(item.id) is done, a link or a figure")
        }
        item.state = .doneClaimed
        item.evidence = evidence
        item.claimedBy = by
    }

    private func verify(_ item: inout ActionItem, by: String, evidence: String?) throws(Failure) {
        if item.state == .verified { return }
        guard item.state == .doneClaimed else {
            throw .permanent(
                "not_claimed", "\(item.id) is \(item.state.rawValue); only what is claimed to be done can be verified")
        }
        try requireAnother(item, than: [item.owner, item.claimedBy], by: by, to: "verify")
        item.state = .verified
        item.verifiedBy = by
        if let evidence, !evidence.isEmpty { item.evidence = evidence }
    }

    private func giveUp(_ item: inout ActionItem, by: String, reason: String) throws(Failure) {
        if item.state == .wontDo { return }
        try requireOpen(item)
        try requireAnother(item, than: [item.owner], by: by, to: "give up")
        item.state = .wontDo
        item.reason = reason
        item.verifiedBy = by
    }

    private func requireOpen(_ item: ActionItem) throws(Failure) {
        guard !item.state.isClosed else {
            throw .permanent("already_closed", "\(item.id) is \(item.state.rawValue) already")
        }
    }

    private func requireAnother(
        _ item: ActionItem, than people: [String?], by: String, to what: String
    ) throws(Failure) {
        guard people.contains(by) else { return }
        throw .permanent("same_person", "\(by) cannot \(what) \(item.id): it takes somebody else than who did it")
    }

    /// The id of somebody who may be given by address, so that nobody verifies their own work under another name.
    private static func person(_ text: String, in directory: Directory) -> String { directory.person(text)?.id ?? text }
}
