import PluginKit
import WorkflowModel

/// `ticket.link`.
struct LinkOrder: DeskOrderMaker {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "link", ticket: try input.ticketID(in: context))
        let other = try input.text("to")
        guard other != order.ticket else { throw Failure.invalidInput("ticket \(other) cannot be linked to itself") }
        order.link = (to: other, relation: try input.optionalText("relation") ?? "related")
        return order
    }
}
