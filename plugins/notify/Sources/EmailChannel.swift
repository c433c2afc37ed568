import PluginKit
import WorkflowModel

/// Messages as mail, one for each recipient.
enum EmailChannel {
    static func deliver(_ message: ComposedMessage, deadline: Duration, in context: WriteContext) async throws {
        let channel = message.planned.channel
        let (server, secrets) = try await server(of: channel, context.secrets)
        guard let addressee = message.planned.addressees.first, let address = addressee.email else {
            throw Failure.permanent("no_address", "\(message.planned.recipients) has no mail address")
        }
        guard let from = try channel.text("from") else {
            throw Failure.permanent("channel_misconfigured", "channel \(channel.name): from is missing")
        }
        var headers: [(name: String, value: String)] = [("Auto-Submitted", "auto-generated")]
        if message.urgent { headers += [("Importance", "high"), ("X-Priority", "1")] }
        let mail = MailMessage(
            from: mailbox(from), to: [.init(address, name: addressee.name)], subject: message.subject,
            body: message.text + "\n", messageID: message.messageID, date: message.sentAt, extraHeaders: headers)
        do {
            try await context.mail.send(mail, through: server, deadline: deadline)
        } catch {
            throw failure(error, channel: channel.name, redaction: secrets)
        }
    }

    /// Greets the server and logs in, and hands nothing over.
    static func check(_ channel: Channel, in context: ConnectionContext) async throws -> ConnectionVerdict {
        let (server, secrets) = try await server(of: channel, context.secrets)
        do {
            try await context.mail.greet(server, deadline: context.timeout)
        } catch {
            throw failure(error, channel: channel.name, redaction: secrets)
        }
        let login = server.user == nil ? "without a login" : "and accepts the login"
        return ConnectionVerdict("the mail server at port \(server.port) answers \(login)")
    }

    private static func server(
        of channel: Channel, _ secrets: any SecretLookup
    ) async throws -> (MailServer, Redaction) {
        let host = try await secrets.reveal(try channel.required("host"))
        let written = try channel.text("security") ?? MailServer.Security.starttls.rawValue
        guard let security = MailServer.Security(rawValue: written) else {
            let known = MailServer.Security.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.permanent(
                "channel_misconfigured", "channel \(channel.name): security must be one of \(known), is \(written)")
        }
        let usual: Int64 =
            switch security {
            case .none: 25
            case .starttls: 587
            case .tls: 465
            }
        let port = channel.settings["port"].map(\.int) ?? usual
        guard let port, (1...65_535).contains(port) else {
            throw Failure.permanent("channel_misconfigured", "channel \(channel.name): port must be 1 to 65535")
        }
        var server = MailServer(host: host, port: Int(port), security: security)
        var redaction = Redaction()
        if let user = channel.settings["user"], !user.isNull {
            server.user = try await secrets.reveal(user)
        }
        if let password = channel.settings["password"], !password.isNull {
            let revealed = try await secrets.reveal(password)
            server.password = revealed
            redaction.hide(revealed)
        }
        return (server, redaction)
    }

    /// Reads `Name <address>` or a bare address.
    static func mailbox(_ text: String) -> MailMessage.Address {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else { return .init(text) }
        let address = text[text.index(after: open)...].dropLast()
        let name = text[..<open].split(separator: " ").joined(separator: " ").filter { $0 != "\"" }
        return .init(String(address), name: name.isEmpty ? nil : name)
    }

    private static func failure(_ error: MailFailure, channel: String, redaction: Redaction) -> Failure {
        // Cancelled before anything left: nothing is wrong with the message.
        let mayPass = error.isTransient || error.code == .cancelled
        let kind: FailureClass = error.afterFirstByte ? .uncertain : mayPass ? .transient : .permanent
        return Failure(
            code: "mail_\(error.code.rawValue)", message: "channel \(channel): \(redaction.applied(to: error.message))",
            kind: kind)
    }
}
