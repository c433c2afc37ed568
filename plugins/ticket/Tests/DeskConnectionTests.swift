import PluginKit
import PluginTesting
import Testing
import TicketPlugin
import WorkflowModel

@Suite("Trying the desk") struct DeskConnectionTests {
    private static let settings: Value = [
        "desk": "zendesk",
        "zendesk": [
            "url": "https://desk.example.com/", "email": "agent@example.com",
            "token": .secret(SecretText(secret: "DESK_TOKEN")),
        ],
    ]

    private static func run(_ answer: ScriptedHTTPClient.Answer, secrets: [String: String] = ["DESK_TOKEN": "t0ken"])
        async throws -> (ConnectionVerdict, [HTTPRequest])
    {
        let http = ScriptedHTTPClient([answer])
        let mail = RecordingMailClient()
        let plugin = try #require(try ticketBench().plugins.first)
        let check = try #require(plugin.connections(settings: settings, channels: ValueMap()).first)
        let verdict = try await check.run(
            ConnectionContext(http: http, mail: mail, secrets: SecretBook(secrets), timeout: .seconds(5)))
        return (verdict, http.requests)
    }

    @Test func `the token's user is asked for, and nothing is changed`() async throws {
        let (verdict, requests) = try await Self.run(.status(200, body: #"{"user": {"id": 7, "role": "agent"}}"#))
        #expect(requests.map(\.method) == ["GET"])
        #expect(requests.first?.url == "https://desk.example.com/api/v2/users/me")
        #expect(verdict == ConnectionVerdict("Zendesk knows agent@example.com, role agent"))
    }

    @Test func `an end user's token is a doubt`() async throws {
        let (verdict, _) = try await Self.run(.status(200, body: #"{"user": {"id": 7, "role": "end-user"}}"#))
        #expect(verdict.doubt != nil)
    }

    @Test(
        "what is no yes is told apart",
        arguments: [
            (401, "{}", "does not accept"), (403, "{}", "does not accept"), (404, "", "status 404"),
            (200, #"{"user": {"id": null, "name": "Anonymous user"}}"#, "does not know"),
            (200, "<html>", "does not know"),
        ])
    func refused(_ status: Int, _ body: String, _ words: String) async throws {
        let failure = await #expect(throws: Failure.self) { try await Self.run(.status(status, body: body)) }
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains("t0ken") == false)
    }

    @Test func `a token that is not there is named`() async throws {
        let failure = await #expect(throws: Failure.self) { try await Self.run(.status(200), secrets: [:]) }
        #expect(failure?.message.contains("DESK_TOKEN") == true)
    }

    @Test func `the outbox needs no trial`() throws {
        let plugin = try #require(try ticketBench().plugins.first)
        #expect(plugin.connections(settings: ["desk": "outbox"], channels: ValueMap()).isEmpty)
    }
}
