import CLibCurlShim
public import PluginKit

/// SMTP over libcurl, with STARTTLS or TLS and login. Every message has its own connection.
public struct CurlMailClient: MailClient {
    private let settings: OutboundSettings
    private let threads: TransferThreads

    /// Makes a client with its own threads.
    public init(settings: OutboundSettings = OutboundSettings()) {
        self.settings = settings
        threads = TransferThreads(limit: settings.transfers, waiting: settings.waiting)
    }

    /// See ``MailClient/send(_:through:deadline:)``.
    public func send(
        _ message: MailMessage, through server: MailServer, deadline: Duration
    ) async throws(MailFailure) {
        let text = try MailText(message)
        guard text.bytes.count <= settings.requestLimit else {
            throw .invalid("it has \(text.bytes.count) bytes; at most \(settings.requestLimit) are sent")
        }
        try await talk(text, with: server, deadline: deadline)
    }

    /// See ``MailClient/greet(_:deadline:)``.
    public func greet(_ server: MailServer, deadline: Duration) async throws(MailFailure) {
        try await talk(nil, with: server, deadline: deadline)
    }

    /// Hands `text` over, or only greets without one.
    private func talk(_ text: MailText?, with server: MailServer, deadline: Duration) async throws(MailFailure) {
        try MailServerCheck.check(server)
        let settings = settings
        let due = ContinuousClock.now.advanced(by: deadline)
        let result = await threads.run { handle, cancellation in
            Self.transfer(text, through: server, settings: settings, due: due, handle, cancellation)
        }
        switch result {
        case .success(nil): return
        case .success(let failure?): throw failure
        case .failure(.cancelled):
            throw MailFailure(
                code: .cancelled, message: "the mail was cancelled before it began", afterFirstByte: false)
        case .failure(.overloaded):
            throw MailFailure(
                code: .overloaded, message: "the mail was not begun: too many transfers wait already; try later",
                afterFirstByte: false)
        }
    }

    private static func transfer(
        _ text: MailText?, through server: MailServer, settings: OutboundSettings, due: ContinuousClock.Instant,
        _ handle: EasyHandle, _ cancellation: Cancellation
    ) -> MailFailure? {
        guard let timeout = Milliseconds.left(until: due) else {
            return MailFailure(
                code: .timeout, message: "the deadline passed before a transfer was free", afterFirstByte: false)
        }
        handle.isSpent = true
        let state = TransferState(
            rules: settings.addresses, cancellation: cancellation, bodyLimit: settings.responseLimit)
        state.upload = text?.bytes ?? []
        state.attach(to: handle)
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        handle.set(CURLOPT_URL, "\(server.security == .tls ? "smtps" : "smtp")://\(host):\(server.port)")
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        handle.set(CURLOPT_PROXY, "")
        if server.security != .none { handle.set(CURLOPT_USE_SSL, shim_curl_tls_required) }
        handle.verifyTLS(authorities: settings.certificateFile)
        if let user = server.user {
            handle.set(CURLOPT_USERNAME, user)
            handle.set(CURLOPT_PASSWORD, server.password ?? "")
        }
        if let text {
            handle.set(CURLOPT_MAIL_FROM, "<\(text.sender)>")
            handle.set(CURLOPT_MAIL_RCPT, lines: text.recipients.map { "<\($0)>" })
            handle.set(CURLOPT_UPLOAD, 1)
        } else {
            // Without recipients libcurl greets, logs in and sends this command alone.
            handle.set(CURLOPT_CUSTOMREQUEST, "NOOP")
        }
        handle.set(CURLOPT_TIMEOUT_MS, timeout)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, min(timeout, Milliseconds.of(settings.connectTimeout)))
        let code = withExtendedLifetime(state) { handle.perform() }
        return code == CURLE_OK ? nil : failure(code, state: state, handle: handle, server: server)
    }

    private static func failure(
        _ code: CURLcode, state: TransferState, handle: EasyHandle, server: MailServer
    ) -> MailFailure {
        let place = "\(server.host):\(server.port)"
        let last = shim_curl_get_long(handle.curl, CURLINFO_RESPONSE_CODE)
        let reply = last > 0 ? last : nil
        let handedOver = !state.upload.isEmpty && state.uploaded == state.upload.count
        let detail = redacted(handle.explanation(of: code), server)
        func made(_ kind: MailFailure.Code, _ message: String, mayBeTaken: Bool) -> MailFailure {
            MailFailure(code: kind, replyCode: reply, message: message, afterFirstByte: mayBeTaken)
        }
        switch code {
        case CURLE_ABORTED_BY_CALLBACK:
            return made(.cancelled, "the mail to \(place) was cancelled", mayBeTaken: handedOver)
        case CURLE_OPERATION_TIMEDOUT:
            return made(.timeout, "\(place) did not answer in time: \(detail)", mayBeTaken: handedOver)
        case CURLE_COULDNT_CONNECT:
            if let objection = state.objection {
                return made(.forbiddenAddress, forbiddenMessage(place, objection), mayBeTaken: false)
            }
            return made(.refused, "nobody accepts connections at \(place): \(detail)", mayBeTaken: false)
        case CURLE_COULDNT_RESOLVE_HOST:
            return made(.dns, "the host \(server.host) cannot be looked up: \(detail)", mayBeTaken: false)
        case _ where TLSTrouble.codes.contains(code.rawValue):
            return made(.tls, "no trustworthy TLS connection to \(place): \(detail)", mayBeTaken: handedOver)
        default:
            break
        }
        // A reply from 400 on is the server's own word that it did not take the message.
        if (400...499).contains(last) {
            return made(.deferred, "\(place) said no for now with \(last): \(detail)", mayBeTaken: false)
        }
        if code == CURLE_LOGIN_DENIED {
            return made(.login, "\(place) did not accept the user or password: \(detail)", mayBeTaken: false)
        }
        if (500...599).contains(last) {
            return made(.rejected, "\(place) said no with \(last): \(detail)", mayBeTaken: false)
        }
        switch code {
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_WEIRD_SERVER_REPLY, CURLE_PARTIAL_FILE:
            return made(.connectionLost, "the connection to \(place) broke: \(detail)", mayBeTaken: handedOver)
        default:
            return made(.other, "the mail to \(place) failed: \(detail)", mayBeTaken: handedOver)
        }
    }

    /// libcurl does not repeat what it sends; should a version do so, the password still does not get out.
    private static func redacted(_ text: String, _ server: MailServer) -> String {
        guard let password = server.password, !password.isEmpty, text.contains(password) else { return text }
        return text.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
    }
}

/// What must be true of a server's description before a connection is tried.
enum MailServerCheck {
    static func check(_ server: MailServer) throws(MailFailure) {
        guard (1...65535).contains(server.port) else { throw .invalid("the mail server's port must be 1 to 65535") }
        let isHost = server.host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-:_".utf8.contains(byte)
            }
        }
        guard isHost, (1...253).contains(server.host.utf8.count) else {
            throw .invalid("the mail server's host must be a name or an address")
        }
        for text in [server.user, server.password].compactMap({ $0 })
        where text.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
            throw .invalid("the mail server's user or password has a control character")
        }
        guard server.user == nil || server.security != .none || isThisMachine(server.host) else {
            throw .invalid("a login without TLS would show the password to the network; use starttls or tls")
        }
    }

    private static func isThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
