import PluginKit
import WorkflowModel

/// `postmortem.list_actions`: action items in order of their due date.
struct ListActionsAction: ReadAction {
    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let now = context.action.now
        let limit = try input.optionalInt("limit") ?? 100
        let overdue: Bool? = input["overdue"] == nil ? nil : try input.flag("overdue")
        let subject = try input.optionalText("incident").map { ReviewedSubject($0).subject }
        let query = try query(input)
        let items = try await context.documents.read { reader in
            try reader.documents(in: ActionItem.collection, query).compactMap { ActionItem($0.body) }
        }
        let fitting = items.filter { item in
            (overdue.map { $0 == (item.overdue(at: now) != nil) } ?? true)
                && (subject.map { $0 == item.subject } ?? true)
        }
        let shown = fitting.prefix(limit)
        return [
            "actions": .list(shown.map { .map($0.shown(at: now)) }), "count": .int(Int64(shown.count)),
            "overdue": .int(Int64(shown.count { $0.overdue(at: now) != nil })), "more": .bool(fitting.count > limit),
        ]
    }

    private func query(_ input: ActionInput) throws(Failure) -> DocumentQuery {
        var conditions: [DocumentQuery.Condition] = []
        let states = try input.texts("state")
        let known = ActionItem.State.allCases.map(\.rawValue)
        for state in states where !known.contains(state) {
            throw .invalidInput("state must be one of \(known.joined(separator: ", ")), is \(state)")
        }
        if !states.isEmpty { conditions.append(.init("state", .oneOf(states.map(Value.string)))) }
        for field in ["owner", "team", "postmortem"] {
            if let text = try input.optionalText(field) { conditions.append(.init(field, .equals(.string(text)))) }
        }
        if let incident = try input.optionalText("incident") {
            conditions.append(.init("incident", .equals(.string(ReviewedSubject(incident).id))))
        }
        return DocumentQuery(conditions, order: "due_at", limit: 10_000)
    }
}
