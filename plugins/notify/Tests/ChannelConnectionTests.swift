import NotifyPlugin
import PluginKit
import PluginTesting
import Synchronization
import Testing
import WorkflowModel

/// Greets as it is told to, and takes no mail.
private final class Door: MailClient {
    let failure: MailFailure?
    let greeted = Mutex<[MailServer]>([])

    init(_ failure: MailFailure? = nil) { self.failure = failure }

    func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure) {
        throw MailFailure(code: .other, message: "a check sends no mail", afterFirstByte: false)
    }

    func greet(_ server: MailServer, deadline: Duration) async throws(MailFailure) {
        greeted.withLock { $0.append(server) }
        if let failure { throw failure }
    }
}

@Suite("Trying channels") struct ChannelConnectionTests {
    private static let channels: ValueMap = [
        "default": ["by": "outbox"],
        "chat": ["by": "chat", "url": .secret(SecretText(secret: "CHAT_URL"))],
        "email": [
            "host": "smtp.example.com", "from": "support@example.com", "user": "support",
            "password": .secret(SecretText(secret: "SMTP_PASSWORD")),
        ],
    ]

    private static func checks() async throws -> [ConnectionCheck] {
        let bench = try notifyBench()
        return try #require(bench.plugins.first).connections(settings: .null, channels: channels)
    }

    private static func context(
        _ http: ScriptedHTTPClient = ScriptedHTTPClient(), mail: Door = Door(), secrets: [String: String] = [:]
    ) -> ConnectionContext {
        ConnectionContext(http: http, mail: mail, secrets: SecretBook(secrets), timeout: .seconds(5))
    }

    @Test func `every channel that leads off the machine is tried, the outbox is not`() async throws {
        #expect(try await Self.checks().map(\.name) == ["channel chat", "channel email"])
    }

    @Test(
        "a chat address is asked without a post, and its answer is told",
        arguments: [(200, false), (405, false), (404, true), (410, true), (503, true)])
    func chat(_ status: Int, isDoubtful: Bool) async throws {
        let http = ScriptedHTTPClient([.status(status)])
        let address = "https://chat.example.com/services/s3cr3t-path"
        let verdict = try await Self.checks()[0].run(Self.context(http, secrets: ["CHAT_URL": address]))
        #expect(http.requests.map(\.method) == ["HEAD"])
        #expect(http.requests.first?.url == address)
        #expect((verdict.doubt != nil) == isDoubtful)
        #expect(verdict.text.contains("\(status)") && !verdict.text.contains("s3cr3t"))
    }

    @Test func `a secret that is not there is named`() async throws {
        let failure = await #expect(throws: Failure.self) { try await Self.checks()[0].run(Self.context()) }
        #expect(failure?.message.contains("CHAT_URL") == true)
    }

    @Test func `a mail server is greeted with the login, and no mail is sent`() async throws {
        let mail = Door()
        let verdict = try await Self.checks()[1].run(Self.context(mail: mail, secrets: ["SMTP_PASSWORD": "pa55word"]))
        #expect(mail.greeted.withLock { $0 }.map(\.password) == ["pa55word"])
        #expect(verdict.text.contains("accepts the login") && verdict.doubt == nil)
    }

    @Test func `a login that is refused is told without the password`() async throws {
        let refusal = MailFailure(code: .login, message: "no: pa55word-1", afterFirstByte: false)
        let failure = await #expect(throws: Failure.self) {
            try await Self.checks()[1].run(
                Self.context(mail: Door(refusal), secrets: ["SMTP_PASSWORD": "pa55word-1"]))
        }
        #expect(failure?.code == "mail_login")
        #expect(failure?.message.contains("pa55word") == false)
    }
}
