import PluginKit

/// `notify.send`: a message to people or a channel.
struct SendAction: WriteAction {
    let memory: DeliveryMemory

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        try await MessageDelivery(order: MessageOrder(input, urgency: .normal, in: context.action), memory: memory)
            .perform(in: context)
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        try await MessageRehearsal(order: MessageOrder(input, urgency: .normal, in: context.action))
            .rehearse(in: context)
    }
}
