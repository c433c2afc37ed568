/// A way to another system that a plugin's settings describe, and how to try it without changing anything there.
public struct ConnectionCheck: Sendable {
    /// What is tried, as people know it: `channel chat`, `desk zendesk`.
    public var name: String
    /// Tries it. What it returns is the verdict for people.
    ///
    /// Throws ``Failure`` when the settings are not whole, a secret is missing, or the other side says no.
    public var run: @Sendable (ConnectionContext) async throws -> ConnectionVerdict

    /// A check of this name.
    public init(_ name: String, run: @escaping @Sendable (ConnectionContext) async throws -> ConnectionVerdict) {
        self.name = name
        self.run = run
    }
}

/// What came of trying a connection.
public struct ConnectionVerdict: Sendable, Hashable {
    /// What answered, in one sentence without a secret.
    public var text: String
    /// What makes it doubtful that messages will arrive all the same; nil when nothing does.
    public var doubt: String?

    /// A verdict.
    public init(_ text: String, doubt: String? = nil) {
        self.text = text
        self.doubt = doubt
    }
}

/// What a connection is tried with.
public struct ConnectionContext: Sendable {
    /// The way to other systems over HTTP; checks send `GET` and `HEAD` alone.
    public var http: any HTTPClient
    /// The way to mail servers; checks greet and log in alone.
    public var mail: any MailClient
    /// Looks up secrets.
    public var secrets: any SecretLookup
    /// How long one check may take.
    public var timeout: Duration

    /// A context of these parts.
    public init(http: any HTTPClient, mail: any MailClient, secrets: any SecretLookup, timeout: Duration) {
        self.http = http
        self.mail = mail
        self.secrets = secrets
        self.timeout = timeout
    }
}
