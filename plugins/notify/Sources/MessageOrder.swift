import PluginKit
import WorkflowModel

/// What a step asks to be sent, all of it decided before anything leaves: text, subject, and one planned message per target.
struct MessageOrder: Sendable {
    /// Which action asks.
    enum Urgency: Sendable {
        case normal
        case page
    }

    /// The most recipients of one step.
    static let maximumRecipients = 100

    var subject: String
    var text: String
    var urgent: Bool
    /// Whether the message asks to be acknowledged.
    var acknowledges: Bool
    var dedupeKey: String?
    var dedupeWindow: Duration
    var planned: [PlannedMessage]

    /// Reads `input` and resolves its recipients at the instant of the step.
    ///
    /// - Throws: ``Failure``, always permanent: nothing of it gets better by trying again.
    init(_ input: ActionInput, urgency: Urgency, in context: ActionContext) throws(Failure) {
        let content = try MessageText(input, in: context)
        subject = content.subject
        text = content.text
        urgent = input["urgent"] == nil ? urgency == .page : try input.flag("urgent")
        acknowledges = input["acknowledge"] == nil ? true : try input.flag("acknowledge")
        dedupeKey = try input.optionalText("dedupe_key")
        dedupeWindow = try input.optionalDuration("dedupe_window") ?? .seconds(86_400)
        guard dedupeWindow > .zero else { throw .invalidInput("dedupe_window must be longer than nothing") }

        let recipients = try input.texts("to")
        guard !recipients.isEmpty else { throw .invalidInput("to is missing: write whom the message is for") }
        let addressees = try RecipientResolution(context: context).addressees(of: recipients)
        guard addressees.count <= Self.maximumRecipients else {
            throw .invalidInput(
                "to means \(addressees.count) recipients; one step tells at most \(Self.maximumRecipients)")
        }
        planned = try PlannedMessage.plan(
            for: addressees, by: try input.optionalText("by"), urgency: urgency, in: context)
    }
}
