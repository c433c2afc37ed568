import PluginKit
import WorkflowModel

/// Carries an order out on the desk that the settings name, and teaches what is known of the ticket with the outcome.
struct DeskWrite: WriteAction {
    let order: any DeskOrderMaker

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        let order = try order.order(input, in: context.action)
        let file: String?
        switch try Desk(context.action.settings) {
        case .outbox:
            let message = OutboxMessage(order, key: context.idempotencyKey, in: context.action)
            try context.outbox.deliver(name: message.name, text: message.text)
            file = message.name
        case .zendesk(let account):
            try await ZendeskDesk(account: account).carryOut(order, in: context)
            file = nil
        }
        let now = context.action.now
        return ActionResult(Self.output(order, file: file)) { store in
            guard let body = try store.document(order.ticket, in: TicketPlugin.tickets) else { return }
            var ticket = KnownTicket(id: order.ticket, body: body)
            order.teach(&ticket, at: now)
            try store.put(order.ticket, ticket.body, in: TicketPlugin.tickets)
        }
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        let order = try order.order(input, in: context.action)
        switch try Desk(context.action.settings) {
        case .outbox:
            // The key is not known before the step runs; `key` stands in its place in the file's name.
            let message = OutboxMessage(order, key: "key", in: context.action)
            return Rehearsal(
                summary: "Would put \(order.words) into the outbox", sent: message.fields,
                output: Self.output(order, file: message.name))
        case .zendesk(let account):
            let requests = try ZendeskDesk(account: account).requests(for: order)
            return Rehearsal(
                summary: "Would send Zendesk \(order.words)", sent: .list(requests.map(\.shown)),
                output: Self.output(order, file: nil))
        }
    }

    func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification {
        let order = try order.order(input, in: context.action)
        guard case .zendesk(let account) = try Desk(context.action.settings) else { return .unknown }
        switch try await ZendeskDesk(account: account).holds(order, in: context) {
        case true?: return .done(Self.output(order, file: nil))
        case false?: return .notDone
        case nil: return .unknown
        }
    }

    private static func output(_ order: DeskOrder, file: String?) -> Value {
        var output: ValueMap = [
            "ticket": .string(order.ticket), "desk": file == nil ? "zendesk" : "outbox",
            "file": file.map(Value.string) ?? .null,
        ]
        if let comment = order.comment { output["public"] = .bool(comment.isPublic) }
        output["changes"] = .map(order.changes)
        return .map(output)
    }
}
