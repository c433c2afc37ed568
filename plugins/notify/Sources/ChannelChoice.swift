import PluginKit
import WorkflowModel

/// Chooses the channel for an addressee: what the step says, else the workspace's default.
struct ChannelChoice {
    let by: String?
    let urgency: MessageOrder.Urgency
    let context: ActionContext

    private var channels: ValueMap { context.workspace.channels }
    /// All names in the order of the alphabet, so that "the first" does not hang on how a file was read.
    private var sortedNames: [String] { channels.keys.map(\.jsonText).sorted() }

    /// The channel for `addressee`. A chat channel `#name` with settings of its own beats the general one of the same kind.
    ///
    /// - Throws: ``Failure``: `unknown_channel`, `channel_not_configured`, `channel_misconfigured`.
    func channel(for addressee: Addressee) throws(Failure) -> Channel {
        let own = try ownChannel(of: addressee)
        guard let by else {
            if let own { return own }
            let usual = try standard()
            // A chat channel gets no mail: it is told by chat, when there is any.
            if addressee.kind == .channel, usual.kind == .email { return try first(.chat) ?? usual }
            return usual
        }
        if let settings = channels[by] {
            let named = try Channel(name: by, settings: settings)
            return own?.kind == named.kind ? own ?? named : named
        }
        guard let kind = Channel.Kind(rawValue: by) else { throw unknown(by) }
        if let own, own.kind == kind { return own }
        if kind == .outbox { return .outbox }
        if let first = try first(kind) { return first }
        throw .permanent(
            "channel_not_configured",
            "by: \(by): channels of signalbox.yaml has none of this kind; add one, or write by: outbox")
    }

    private func first(_ kind: Channel.Kind) throws(Failure) -> Channel? {
        for name in sortedNames {
            let candidate = try Channel(name: name, settings: channels[name] ?? .null)
            if candidate.kind == kind { return candidate }
        }
        return nil
    }

    private func ownChannel(of addressee: Addressee) throws(Failure) -> Channel? {
        guard addressee.kind == .channel else { return nil }
        for name in [addressee.key, String(addressee.key.dropFirst())] {
            if let settings = channels[name] { return try Channel(name: name, settings: settings) }
        }
        return nil
    }

    private func standard() throws(Failure) -> Channel {
        var names = ["default_channel"]
        if urgency == .page { names.insert("page_channel", at: 0) }
        for name in names {
            guard let wanted = context.settings[name]?.string else { continue }
            if let settings = channels[wanted] { return try Channel(name: wanted, settings: settings) }
            if wanted == Channel.Kind.outbox.rawValue { return .outbox }
            throw unknown(wanted)
        }
        let usual = urgency == .page ? ["page", "default"] : ["default"]
        for name in usual {
            if let settings = channels[name] { return try Channel(name: name, settings: settings) }
        }
        guard let first = sortedNames.first, let settings = channels[first] else { return .outbox }
        return try Channel(name: first, settings: settings)
    }

    private func unknown(_ name: String) -> Failure {
        let known = sortedNames + Channel.Kind.allCases.map(\.rawValue)
        let near = Similarity.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        return .permanent("unknown_channel", "there is no channel \(name) in signalbox.yaml\(near)")
    }
}
