/// The limits of what is read of deliveries.
public enum WebhookLimits {
    /// The most codes of one signature header that are tried.
    static let signatures = 32
    /// The most secrets of a hook: the current one and those that are on their way out.
    static let secrets = 5
    /// How deep JSON may nest.
    static let depth = 64
    /// The most fields of a form.
    static let formFields = 1000
    /// The most events of one delivery.
    public static let events = 1000
    /// The longest identity of a delivery, in bytes; a longer one is hashed.
    static let identity = 200
    /// How much of a body is kept in `webhook.unmapped`, in bytes.
    public static let keptBody = 256 << 10
    /// The most rules of a manifest.
    static let rules = 200
    /// The most entries of a table of words.
    static let words = 10_000
    /// The most unknown words that are told of one delivery.
    static let unknownWords = 20
}
