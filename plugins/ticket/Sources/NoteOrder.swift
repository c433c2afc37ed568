import PluginKit
import WorkflowModel

/// `ticket.note`: the customer does not see it.
struct NoteOrder: DeskOrderMaker {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "note", ticket: try input.ticketID(in: context))
        order.comment = DeskOrder.Comment(text: try input.text("text"), isPublic: false)
        return order
    }
}
