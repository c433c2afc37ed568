import WorkflowModel

/// A ticket as it was from one happening to the next.
struct Moment: Sendable {
    var happening: Happening
    /// The ticket's fields after it.
    var fields: ValueMap
    /// Whether the status is another than before.
    var statusChanged: Bool
    /// Whether the oldest message of the customer has no public reply yet.
    var isUnanswered: Bool

    var at: Timestamp { happening.at }
    var status: String { fields["status"]?.string ?? "new" }
    var isDone: Bool { status == "solved" || status == "closed" }
    var priority: String? { fields["priority"]?.string }

    /// The ticket with every field of its schema, for conditions.
    var ticket: ValueMap {
        EventCatalog.standard.bound(["ticket": .map(fields)], ofType: "ticket.created")["ticket"]?.map ?? fields
    }

    /// Whether it is a message of the customer that a person wrote.
    var isCustomerMessage: Bool {
        happening.kind == .message && happening.detail["by"]?.string == "customer"
            && happening.detail["automatic"]?.bool != true
    }

    /// Whether it is a public reply that counts under `policy`.
    func isReply(_ policy: Policy?) -> Bool {
        let detail = happening.detail
        guard happening.kind == .message, detail["public"]?.bool == true, detail["automatic"]?.bool != true else {
            return false
        }
        if detail["note"]?.bool == true, !(policy?.publicNotes ?? false) { return false }
        switch detail["by"]?.string {
        case "agent": return true
        case "system": return !(policy?.humanOnly ?? true)
        default: return false
        }
    }
}

/// The states of a ticket, one after each happening, oldest first.
struct Timeline: Sendable {
    let moments: [Moment]

    init(_ happenings: [Happening]) {
        var fields = ValueMap()
        var isUnanswered = false
        var moments: [Moment] = []
        for happening in happenings.sorted(by: Happening.precedes) {
            let before = fields["status"]?.string
            fields = Timeline.fields(fields, after: happening)
            var moment = Moment(
                happening: happening, fields: fields, statusChanged: fields["status"]?.string != before,
                isUnanswered: isUnanswered)
            if happening.kind == .folded { isUnanswered = happening.detail["unanswered"]?.bool ?? false }
            if happening.kind == .created { isUnanswered = happening.detail["by"] == nil }
            if moment.isCustomerMessage { isUnanswered = true }
            if moment.isReply(nil) { isUnanswered = false }
            moment.isUnanswered = isUnanswered
            moments.append(moment)
        }
        self.moments = moments
    }

    /// The fields after `happening`: parts of people and companies are taken in one by one.
    static func fields(_ before: ValueMap, after happening: Happening) -> ValueMap {
        var fields = before
        for entry in happening.fields {
            guard let key = entry.key.string else { continue }
            if case .map(let parts) = entry.value, case .map(let old)? = before[key] {
                fields[key] = .map(old.merging(parts))
            } else {
                fields[key] = entry.value
            }
        }
        return fields
    }
}
