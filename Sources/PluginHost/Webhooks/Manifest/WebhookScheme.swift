public import Digests

/// A way in which deliveries prove where they come from.
public struct WebhookScheme: Sendable, Hashable {
    /// What is proved, and how.
    public enum Kind: Sendable, Hashable {
        /// A keyed code over the bytes of the delivery.
        case signature(WebhookSignature)
        /// The secret itself in a header, after a prefix such as `Bearer `.
        case header(name: String, prefix: String)
        /// The secret itself as a parameter of the address.
        case query(parameter: String)
        /// The secret is `USER:PASSWORD` of HTTP's basic authentication (RFC 7617).
        case basic
    }

    /// The name by which a workspace chooses it.
    public var name: String
    /// What is proved, and how.
    public var kind: Kind

    /// The headers that hold the proof; no expression sees them.
    var secretHeaders: [String] {
        switch kind {
        case .signature(let signature): [signature.header.lowercased()]
        case .header(let name, _): [name.lowercased()]
        case .query: []
        case .basic: ["authorization"]
        }
    }

    /// What a refusal asks for (RFC 9110, 11.6.1).
    var challenge: String {
        switch kind {
        case .signature: "Signature"
        case .header(_, let prefix): prefix.lowercased().hasPrefix("bearer") ? "Bearer" : "Secret"
        case .query: "Secret"
        case .basic: "Basic realm=\"hooks\", charset=\"UTF-8\""
        }
    }
}

/// How a sender signs.
public struct WebhookSignature: Sendable, Hashable {
    /// How the code is written.
    public enum Encoding: String, Sendable, CaseIterable {
        case hex, base64
    }

    /// A piece of the text that is signed.
    public enum Part: Sendable, Hashable {
        case text(String)
        /// The raw bytes of the body.
        case body
        /// The text of the time header, as it came.
        case timestamp
        /// The method, `POST`.
        case method
        /// The public address of the hook, which the workspace gives.
        case url
        /// A header, as it came.
        case header(String)
    }

    /// The hash under the code.
    public var algorithm: HMAC.Algorithm
    /// How the code is written.
    public var encoding: Encoding
    /// The header that holds the code.
    public var header: String
    /// What stands before each code; one with another prefix is of another version and is passed over.
    public var prefix: String
    /// What stands between several codes in the header; nil when there is one only.
    public var separator: String?
    /// What is signed.
    public var signed: [Part]
    /// How the text of the secret gives the key: as it stands, or Base64 after a prefix that is taken off.
    public var keyEncoding: KeyEncoding
    /// Where the time of the signature stands; nil when it has none.
    public var time: SignatureTime?

    /// How a secret's text becomes a key.
    public enum KeyEncoding: String, Sendable, CaseIterable {
        case text, base64
    }
}

/// The time that a signature covers.
public struct SignatureTime: Sendable, Hashable {
    /// How it is written.
    public enum Unit: String, Sendable, CaseIterable {
        /// Seconds since 1970.
        case s
        /// Milliseconds since 1970.
        case ms
        /// RFC 3339.
        case rfc3339
    }

    /// The header that holds it.
    public var header: String
    /// How it is written.
    public var unit: Unit
    /// How far it may be from our clock, either way.
    public var tolerance: Duration
}
