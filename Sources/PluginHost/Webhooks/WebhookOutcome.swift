public import WorkflowModel

/// Why a delivery was not taken in, as the answer says it.
public struct WebhookRefusal: Error, Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// The code of the problem, `signature_wrong`.
    public var code: String
    /// What happened and what to do, for whoever runs the sender. Holds nothing secret and nothing of the body.
    public var detail: String
    /// The value of the header `WWW-Authenticate`, of a 401.
    public var challenge: String?

    /// A refusal of these parts.
    public init(_ status: Int, _ code: String, _ detail: String, challenge: String? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.challenge = challenge
    }
}

/// What would become of a delivery.
public struct WebhookOutcome: Sendable {
    /// In one word.
    public enum Kind: String, Sendable, CaseIterable {
        /// It became events.
        case accepted
        /// A rule says that it means nothing to us.
        case ignored
        /// It only asked whether we are there.
        case handshake
        /// It is genuine, but it, or a part of it, could not become an event of a known kind: it is kept as `webhook.unmapped`.
        case unmapped
        /// It is genuine, but its body cannot be read: it is refused, and kept as `webhook.unmapped` all the same.
        case unreadable
        /// It did not prove where it comes from, or is too old: nothing of it is kept.
        case refused
    }

    /// A word of the vendor's that no table knows.
    public struct UnknownWord: Sendable, Hashable {
        /// The table, `status`.
        public var table: String
        /// The word, as it came.
        public var word: String
    }

    /// In one word.
    public var kind: Kind
    /// The events to accept, in order.
    public var events: [Event] = []
    /// The body of the answer to a handshake.
    public var answer: Value?
    /// Why it is refused.
    public var refusal: WebhookRefusal?
    /// Why it is ignored or unmapped.
    public var reason: String?
    /// What identifies the delivery, the same when it is sent again; nil when the sender does not say. Not to be trusted of one that is
    /// refused.
    public var delivery: String?
    /// SHA-256 over hook and body, in hex.
    public var bodyHash: String
    /// Words that no table knows: they were kept as they came.
    public var unknownWords: [UnknownWord] = []

    /// Whether the delivery has proved where it comes from.
    public var isGenuine: Bool { kind != .refused }
}
