/// Takes secrets out of texts that others wrote, such as the message of an error.
struct Redaction: Sendable {
    private var secrets: [String] = []

    /// Hides `secret` from now on.
    mutating func hide(_ secret: String) {
        if !secret.isEmpty { secrets.append(secret) }
    }

    /// Hides an address that is a credential: as a whole, and its path and query on their own.
    mutating func hide(url: String) {
        hide(url)
        guard let scheme = url.firstRange(of: "://") else { return }
        let rest = url[scheme.upperBound...]
        if let slash = rest.firstIndex(of: "/") {
            let path = String(rest[slash...])
            if path.utf8.count >= 8 { hide(path) }
        }
    }

    /// `text` without the secrets, cut to a length that a failure may have.
    func applied(to text: String) -> String {
        var text = text
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "‹secret›")
        }
        return text.count > 500 ? text.prefix(499) + "…" : text
    }
}
