import PluginKit

/// `notify.page`: a message that cannot wait; it goes by the workspace's channel for pages and is marked urgent.
struct PageAction: WriteAction {
    let memory: DeliveryMemory

    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
        try await MessageDelivery(order: MessageOrder(input, urgency: .page, in: context.action), memory: memory)
            .perform(in: context)
    }

    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
        try await MessageRehearsal(order: MessageOrder(input, urgency: .page, in: context.action))
            .rehearse(in: context)
    }
}
