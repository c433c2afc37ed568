import PluginKit
import WorkflowModel

/// The settings `plugins.ticket.zendesk`.
struct ZendeskAccount: Sendable {
    /// The address up to and with `/api/v2`.
    let base: String
    let email: String
    /// The token, as a secret.
    let token: Value
    private let users: Value
    private let groups: Value
    private let customFields: Value

    init(_ settings: Value) throws {
        func bad(_ key: String, _ what: String) -> Failure {
            .permanent("bad_settings", "plugins.ticket.zendesk.\(key) \(what)")
        }
        guard var url = settings["url"]?.string else { throw bad("url", "is missing") }
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1") || url.hasPrefix("http://localhost") else {
            throw bad("url", "must begin with https://, so that the token is not sent in the clear")
        }
        guard let email = settings["email"]?.string, !email.isEmpty else { throw bad("email", "is missing") }
        guard let token = settings["token"], !token.isNull else { throw bad("token", "is missing") }
        base = url.hasSuffix("/api/v2") ? url : url + "/api/v2"
        self.email = email
        self.token = token
        users = settings["users"] ?? .null
        groups = settings["groups"] ?? .null
        customFields = settings["fields"] ?? .null
    }

    /// The header `Authorization`: basic, with the user marked as one who comes with a token (Zendesk developer documentation,
    /// "Security and authentication").
    func authorization(_ secrets: any SecretLookup) async throws -> String {
        let token = try await secrets.reveal(token)
        return "Basic \(Base64Text.encode(Array("\(email)/token:\(token)".utf8)))"
    }

    /// The desk's number for a person of ours.
    func user(_ person: String) throws -> Value { try number(person, in: users, "users", "person") }

    /// The desk's number for a team of ours.
    func group(_ team: String) throws -> Value { try number(team, in: groups, "groups", "team") }

    /// The number of the custom field that holds `field`.
    func customField(_ field: String) throws -> Value { try number(field, in: customFields, "fields", "field") }

    private func number(_ name: String, in map: Value, _ key: String, _ kind: String) throws -> Value {
        guard let number = map[name]?.int else {
            throw Failure.permanent(
                "unknown_in_desk",
                "Zendesk's number for the \(kind) \(name) is not known; add it under plugins.ticket.zendesk.\(key)")
        }
        return .int(number)
    }
}
