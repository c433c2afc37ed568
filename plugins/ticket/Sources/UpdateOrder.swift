import PluginKit
import WorkflowModel

/// `ticket.update`.
struct UpdateOrder: DeskOrderMaker {
    private static let fields = [
        "status", "priority", "assignee", "team", "queue", "service", "category", "severity", "impact", "urgency",
        "due_at",
    ]

    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "update", ticket: try input.ticketID(in: context))
        for field in Self.fields {
            if let value = input[field] { order.fields[field] = value }
        }
        if try input.flag("unassign") {
            guard order.fields["assignee"] == nil else {
                throw Failure.invalidInput("assignee and unassign contradict each other; give one of them")
            }
            order.fields["assignee"] = .null
        }
        guard !order.fields.isEmpty else {
            throw Failure.invalidInput(
                "nothing is to be changed; give at least one of \(Self.fields.joined(separator: ", "))")
        }
        return order
    }
}
