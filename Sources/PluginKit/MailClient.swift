public import WorkflowModel

/// The seam to mail.
public protocol MailClient: Sendable {
    /// Hands `message` to `server`, to all its recipients or to none.
    ///
    /// - Parameter deadline: The time for everything, from the look-up of the name to the server's last word.
    /// - Throws: ``MailFailure``; its ``MailFailure/afterFirstByte`` says whether the message may be on its way.
    func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure)

    /// Greets `server`, with TLS and login as it describes them, and leaves without handing over anything.
    ///
    /// - Throws: ``MailFailure`` as ``send(_:through:deadline:)`` would.
    func greet(_ server: MailServer, deadline: Duration) async throws(MailFailure)
}

extension MailClient {
    /// Not possible: a client that stands in for a real one has nobody to greet.
    public func greet(_ server: MailServer, deadline: Duration) async throws(MailFailure) {
        throw MailFailure(code: .other, message: "this client cannot try a mail server", afterFirstByte: false)
    }
}

/// A mail with a text for a body.
public struct MailMessage: Sendable, Equatable {
    /// A mailbox: an address and the name shown for it.
    public struct Address: Sendable, Equatable {
        /// The bare address, like `support@example.com`.
        public var address: String
        /// The name shown before it; may be any text of one line.
        public var name: String?

        /// Makes a mailbox.
        public init(_ address: String, name: String? = nil) {
            self.address = address
            self.name = name
        }
    }

    /// The one who sends.
    public var from: Address
    /// The ones the message is for.
    public var to: [Address]
    /// The ones who get a copy.
    public var cc: [Address]
    /// The subject, one line of any text.
    public var subject: String
    /// The body, any text; lines may end in LF or CRLF.
    public var body: String
    /// Whether the body is HTML instead of plain text.
    public var isHTML: Bool
    /// The identity without angle brackets, like `run-17.step-2@signalbox.example.com`. The same message sent again must
    /// bear the same identity, so that readers and servers can tell (RFC 5322 section 3.6.4).
    public var messageID: String
    /// The moment that the message says it was written at.
    public var date: Timestamp
    /// More header fields, in order, like `Auto-Submitted: auto-generated`; values are ASCII of one line.
    public var extraHeaders: [(name: String, value: String)]

    /// Makes a message.
    public init(
        from: Address, to: [Address], cc: [Address] = [], subject: String, body: String, isHTML: Bool = false,
        messageID: String, date: Timestamp, extraHeaders: [(name: String, value: String)] = []
    ) {
        self.from = from
        self.to = to
        self.cc = cc
        self.subject = subject
        self.body = body
        self.isHTML = isHTML
        self.messageID = messageID
        self.date = date
        self.extraHeaders = extraHeaders
    }

    /// Whether both would be the same message on the wire.
    public static func == (first: MailMessage, second: MailMessage) -> Bool {
        first.from == second.from && first.to == second.to && first.cc == second.cc
            && first.subject == second.subject && first.body == second.body && first.isHTML == second.isHTML
            && first.messageID == second.messageID && first.date == second.date
            && first.extraHeaders.elementsEqual(second.extraHeaders) { $0 == $1 }
    }
}

/// The server that takes our mail.
public struct MailServer: Sendable, Equatable {
    /// How the connection is protected.
    public enum Security: String, Sendable, CaseIterable {
        /// Not at all: for a relay on the same machine.
        case none
        /// Begins in the clear and must switch to TLS before anything of worth is said (RFC 3207).
        case starttls
        /// TLS from the first byte (RFC 8314).
        case tls
    }

    /// The host's name or address.
    public var host: String
    /// The port: 25, 465 or 587 as a rule.
    public var port: Int
    /// The protection.
    public var security: Security
    /// The user to log in as; `nil` for no login.
    public var user: String?
    /// The password of the user; never shown in any message.
    public var password: String?

    /// Makes a server.
    public init(host: String, port: Int, security: Security, user: String? = nil, password: String? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
    }
}

/// Why a message was not handed over, as far as we know.
public struct MailFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure, a closed set that is safe to store.
    public enum Code: String, Sendable, CaseIterable {
        /// The message or the server's description is at fault; nothing was sent.
        case invalidMessage = "invalid_message"
        /// The rules of this installation forbid the address that the name led to.
        case forbiddenAddress = "forbidden_address"
        /// The name of the host could not be looked up.
        case dns
        /// Nobody accepted the connection.
        case refused
        /// TLS could not be agreed on, the certificate is not to be trusted, or STARTTLS is not offered.
        case tls
        /// The server did not accept the user or the password.
        case login
        /// The server said no for now (4xx, RFC 5321 section 4.2.1).
        case deferred
        /// The server said no for good (5xx).
        case rejected
        /// The deadline passed.
        case timeout
        /// The task was cancelled.
        case cancelled
        /// The connection broke.
        case connectionLost = "connection_lost"
        /// This process already has as many requests waiting as it may.
        case overloaded
        /// Anything else the transport reports.
        case other
    }

    /// The kind.
    public let code: Code
    /// The last reply code of the server, like 451; `nil` when there was none.
    public let replyCode: Int?
    /// What happened and what to do; never holds a password.
    public let message: String
    /// Whether the server may have taken the message: it was sent to its end and no reply came.
    public let afterFirstByte: Bool

    /// Makes a failure.
    public init(code: Code, replyCode: Int? = nil, message: String, afterFirstByte: Bool) {
        self.code = code
        self.replyCode = replyCode
        self.message = message
        self.afterFirstByte = afterFirstByte
    }

    /// The message with the kind.
    public var description: String { "\(message) (\(code.rawValue))" }

    /// Whether the same message may be taken later with nothing changed here: network trouble and 4xx, not 5xx.
    public var isTransient: Bool {
        switch code {
        case .dns, .refused, .deferred, .timeout, .connectionLost, .overloaded, .other: true
        case .invalidMessage, .forbiddenAddress, .tls, .login, .rejected, .cancelled: false
        }
    }
}
