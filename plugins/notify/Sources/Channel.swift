import PluginKit
import WorkflowModel

/// A way for messages to go, with its settings from `signalbox.yaml`.
struct Channel: Sendable {
    /// How a channel carries messages.
    enum Kind: String, Sendable, CaseIterable {
        case outbox
        case email
        case chat
        case webhook

        /// Whether one post serves all its recipients.
        var isShared: Bool { self == .chat || self == .webhook }
    }

    var name: String
    var kind: Kind
    var settings: ValueMap

    /// The channel `name` with these settings of `signalbox.yaml`.
    ///
    /// - Throws: ``Failure`` `channel_misconfigured` when `by` is missing or unknown.
    init(name: String, settings: Value) throws(Failure) {
        guard let map = settings.map else {
            throw .permanent("channel_misconfigured", "channel \(name): its settings must be a map")
        }
        let by = map["by"]?.string ?? name
        guard let kind = Kind(rawValue: by) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .permanent("channel_misconfigured", "channel \(name): by must be one of \(known), is \(by)")
        }
        self.name = name
        self.kind = kind
        self.settings = map
    }

    /// The outbox, which needs no settings.
    static let outbox = Channel(name: "outbox", kind: .outbox)

    private init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
        settings = ValueMap()
    }

    /// The setting `field`, which must be there.
    ///
    /// - Throws: ``Failure`` `channel_misconfigured`.
    func required(_ field: String) throws(Failure) -> Value {
        guard let value = settings[field], !value.isNull else {
            throw .permanent(
                "channel_misconfigured", "channel \(name) (\(kind.rawValue)): \(field) is missing in signalbox.yaml")
        }
        return value
    }

    /// The text of `field`, nil when it is not set.
    ///
    /// - Throws: ``Failure`` `channel_misconfigured` when it is no plain text.
    func text(_ field: String) throws(Failure) -> String? {
        guard let value = settings[field], !value.isNull else { return nil }
        guard let text = value.string else {
            throw .permanent("channel_misconfigured", "channel \(name): \(field) must be text")
        }
        return text
    }

    /// Refuses settings that are not whole, before anything is sent and in a dry run already.
    ///
    /// - Throws: ``Failure`` `channel_misconfigured`.
    func requireSettings() throws(Failure) {
        let fields =
            switch kind {
            case .outbox: [String]()
            case .email: ["host", "from"]
            case .chat: ["url"]
            case .webhook: ["url", "secret"]
            }
        for field in fields { _ = try required(field) }
    }

    /// Refuses an addressee that this channel cannot reach, before anything is sent.
    ///
    /// - Throws: ``Failure`` `no_address`.
    func requireReach(of addressee: Addressee) throws(Failure) {
        guard kind == .email, addressee.email == nil else { return }
        let why =
            addressee.kind == .channel
            ? "is a chat channel, which gets no mail" : "has no mail address in the people table"
        throw .permanent("no_address", "\(addressee.name ?? addressee.key) \(why)")
    }

    /// Where the channel leads, as rehearsals may show it: an address of a chat or webhook is itself a credential.
    var shownEndpoint: Value {
        switch settings["url"] {
        case .secret(let secret)?: .string(secret.redacted)
        case .string?: .string("‹address of channel \(name)›")
        default: settings["host"].map { $0.holdsSecret ? .string("‹secret›") : $0 } ?? .null
        }
    }
}
