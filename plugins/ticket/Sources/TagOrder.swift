import PluginKit
import WorkflowModel

/// `ticket.tag`.
struct TagOrder: DeskOrderMaker {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "tag", ticket: try input.ticketID(in: context))
        order.addedTags = try Self.unique(input.texts("add"))
        order.removedTags = try Self.unique(input.texts("remove"))
        if let both = order.addedTags.first(where: order.removedTags.contains) {
            throw Failure.invalidInput("the tag \(both) is to be added and to be removed; give it once")
        }
        guard !order.addedTags.isEmpty || !order.removedTags.isEmpty else {
            throw Failure.invalidInput("no tag is given; write `add:` or `remove:` with a tag or a list of tags")
        }
        return order
    }

    private static func unique(_ tags: [String]) -> [String] {
        tags.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
