import PluginKit
import WorkflowModel

/// Tries the desk's address and token without changing anything there.
enum DeskConnection {
    /// A check of the desk that changes go to; none for the outbox.
    static func all(of settings: Value) -> [ConnectionCheck] {
        guard let name = settings["desk"]?.string, name != "outbox" else { return [] }
        return [
            ConnectionCheck("desk \(name)") { context in
                switch try Desk(settings) {
                case .outbox: return ConnectionVerdict("changes go to the outbox")
                case .zendesk(let account): return try await check(account, in: context)
                }
            }
        ]
    }

    /// `GET /users/me` tells who the token belongs to; without a valid one Zendesk refuses, or answers with a user that has no
    /// number (Zendesk developer documentation, "Users").
    private static func check(_ account: ZendeskAccount, in context: ConnectionContext) async throws
        -> ConnectionVerdict
    {
        let request = HTTPRequest(
            url: account.base + "/users/me",
            headers: [
                (name: "Authorization", value: try await account.authorization(context.secrets)),
                (name: "Accept", value: "application/json"),
            ])
        let answer: HTTPResponse
        do {
            answer = try await context.http.send(request, deadline: context.timeout)
        } catch {
            throw DeskAnswer.failure(of: error, to: "GET")
        }
        switch answer.status {
        case 200: break
        case 401, 403:
            throw Failure.permanent(
                "desk_refused",
                "Zendesk does not accept the user \(account.email) with this token (status \(answer.status)): "
                    + "look at plugins.ticket.zendesk.email and the token, and that token access is switched on")
        default:
            throw Failure.permanent(
                "desk_refused", "Zendesk answered with status \(answer.status): look at plugins.ticket.zendesk.url")
        }
        guard let user = try? JSON.parse(answer.body)["user"], user["id"]?.int != nil else {
            throw Failure.permanent(
                "desk_refused",
                "what answers at plugins.ticket.zendesk.url does not know the user \(account.email): is it a Zendesk account?"
            )
        }
        let role = user["role"]?.string ?? "user"
        let verdict = "Zendesk knows \(account.email), role \(role)"
        guard role != "end-user" else {
            return ConnectionVerdict(verdict, doubt: "an end user may not change tickets: use an agent's token")
        }
        return ConnectionVerdict(verdict)
    }
}
