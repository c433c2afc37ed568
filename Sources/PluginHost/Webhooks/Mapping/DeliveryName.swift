import Digests

/// What senders call a delivery.
enum DeliveryName {
    /// `text` as an identity: nil when it is empty; a hash in its place when it is long or has control characters.
    static func checked(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        let isPlain =
            text.utf8.count <= WebhookLimits.identity
            && !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        return isPlain ? text : "sha256:" + SHA256.hex(of: text)
    }
}

/// Names of event types.
enum EventTypeName {
    /// Whether `text` is a name such as `ticket.created`.
    static func isOne(_ text: String) -> Bool {
        guard text.utf8.count <= 200 else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, (0x61...0x7A).contains(first) else { return false }
                return part.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
                }
            }
    }
}
