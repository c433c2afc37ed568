import Digests
import PluginKit
import WorkflowModel

/// One message that leaves on its own: one mail or file for each recipient, one post for each chat channel or webhook.
struct PlannedMessage: Sendable {
    var channel: Channel
    var addressees: [Addressee]

    /// What this message goes to, the same in every attempt.
    var target: String { "\(channel.name):\(addressees.map(\.key).joined(separator: ","))" }

    /// The recipients as people read them.
    var recipients: String { addressees.map(\.shown).joined(separator: ", ") }

    /// Sorts the addressees into messages.
    ///
    /// - Throws: ``Failure`` when a channel is missing or cannot reach somebody; nothing has been sent then.
    static func plan(
        for addressees: [Addressee], by: String?, urgency: MessageOrder.Urgency, in context: ActionContext
    ) throws(Failure) -> [PlannedMessage] {
        var planned: [PlannedMessage] = []
        let choice = ChannelChoice(by: by, urgency: urgency, context: context)
        for addressee in addressees {
            let channel = try choice.channel(for: addressee)
            try channel.requireSettings()
            try channel.requireReach(of: addressee)
            if channel.kind.isShared, let position = planned.firstIndex(where: { $0.channel.name == channel.name }) {
                planned[position].addressees.append(addressee)
            } else {
                planned.append(PlannedMessage(channel: channel, addressees: [addressee]))
            }
        }
        return planned
    }

    /// The key of this message: from the step's key and the target.
    func key(of idempotencyKey: String) -> String {
        Hex.encode(HMAC.sha256(key: Array(idempotencyKey.utf8), message: Array("message\n\(target)".utf8)))
    }

    /// The token by which this message is acknowledged: 128 bits that nobody guesses who does not know the step's key,
    /// in letters and digits that no shell or address bar minds.
    func token(of idempotencyKey: String) -> String {
        let code = HMAC.sha256(key: Array(idempotencyKey.utf8), message: Array("acknowledge\n\(target)".utf8))
        return Hex.encode(Array(code.prefix(16)))
    }

    /// The mark under which a sent message is found again by its dedupe key.
    func dedupeMark(_ key: String) -> String { SHA256.hex(of: "\(key)\n\(target)") }
}
