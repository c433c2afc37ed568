import PluginKit
import WorkflowModel

/// `ticket.reply`: the customer sees it.
struct ReplyOrder: DeskOrderMaker {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "reply", ticket: try input.ticketID(in: context))
        order.comment = DeskOrder.Comment(text: try input.text("text"), isPublic: true)
        if let status = input["status"] { order.fields["status"] = status }
        return order
    }
}
