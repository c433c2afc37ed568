import PluginKit
import WorkflowModel

/// Tries a channel without telling anybody anything.
enum ChannelConnection {
    /// One check for each channel that is not the outbox, in the order of their names.
    static func all(of channels: ValueMap) -> [ConnectionCheck] {
        channels.compactMap { entry in entry.key.string.map { ($0, entry.value) } }
            .sorted { $0.0 < $1.0 }
            .compactMap { name, settings in
                let by = settings["by"]?.string ?? name
                guard by != Channel.Kind.outbox.rawValue else { return nil }
                return ConnectionCheck("channel \(name)") { context in
                    try await check(Channel(name: name, settings: settings), in: context)
                }
            }
    }

    private static func check(_ channel: Channel, in context: ConnectionContext) async throws -> ConnectionVerdict {
        try channel.requireSettings()
        switch channel.kind {
        case .outbox: return ConnectionVerdict("messages are files on this machine")
        case .email: return try await EmailChannel.check(channel, in: context)
        case .chat, .webhook: return try await reach(channel, in: context)
        }
    }

    /// `HEAD` changes nothing anywhere (RFC 9110 section 9.2.1). Services of incoming webhooks answer it with some status, which
    /// proves the name, the way and the certificate; whether the address is still valid only a message would tell for certain.
    private static func reach(_ channel: Channel, in context: ConnectionContext) async throws -> ConnectionVerdict {
        let url = try await context.secrets.reveal(try channel.required("url"))
        if let secret = channel.settings["secret"], !secret.isNull { _ = try await context.secrets.reveal(secret) }
        var redaction = Redaction()
        redaction.hide(url: url)
        let answer: HTTPResponse
        do {
            answer = try await context.http.send(HTTPRequest(method: "HEAD", url: url), deadline: context.timeout)
        } catch {
            throw Failure.permanent(
                "http_\(error.code.rawValue)", "channel \(channel.name): \(redaction.applied(to: error.message))")
        }
        let verdict = "the address answers (status \(answer.status) to a request that posts nothing)"
        switch answer.status {
        case 401, 403, 404, 410:
            return ConnectionVerdict(verdict, doubt: "it may have been withdrawn: make a new one at the service")
        case 500...: return ConnectionVerdict(verdict, doubt: "the service is not well at the moment")
        default: return ConnectionVerdict(verdict)
        }
    }
}
