import PluginKit
import Templates
import WorkflowModel

/// `ticket.reply`: the customer sees it.
struct ReplyOrder: DeskOrderMaker {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder {
        var order = DeskOrder(action: "reply", ticket: try input.ticketID(in: context))
        order.comment = DeskOrder.Comment(text: try text(input, context), isPublic: true)
        if let status = input["status"] { order.fields["status"] = status }
        return order
    }

    private func text(_ input: ActionInput, _ context: ActionContext) throws -> String {
        let template = try input.optionalText("template")
        switch (try input.optionalText("text"), template) {
        case (let text?, nil): return text
        case (nil, let template?):
            return try printed(template, context.names.merging(input["data"]?.map ?? [:]), context)
        case (_?, _?): throw Failure.invalidInput("give text or template, not both")
        case (nil, nil): throw Failure.invalidInput("there is nothing to say; give text or template")
        }
    }

    /// A template is strict: a name that is not there fails the step, so that no customer reads a message with a hole.
    private func printed(_ name: String, _ names: ValueMap, _ context: ActionContext) throws -> String {
        let library: TemplateLibrary?
        do {
            library = try TemplateLibrary(of: name, from: context.templates)
        } catch {
            throw Failure(code: "template_invalid", message: error.message, place: error.place)
        }
        guard let library else {
            let near = Similarity.nearest(to: name, among: context.templates.keys.sorted())
            throw Failure.permanent(
                "template_not_found", "there is no template \(name)\(near.map { "; did you mean \($0)?" } ?? "")")
        }
        do {
            return try library.render(name, names)
        } catch {
            throw Failure(code: "template_name_missing", message: error.message, place: error.place)
        }
    }
}
