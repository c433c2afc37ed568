import Outbound
import PluginKit
import Testing

@Suite struct CurlMailClientTests {
    /// How the scripted server departs from taking the message.
    struct Script: Sendable, CustomTestStringConvertible {
        var name = "takes the message"
        var greeting = "220 mail.example.com"
        var features = ["AUTH PLAIN LOGIN"]
        var onLogin = "235 welcome"
        var onSender = "250 ok"
        var onRecipient = "250 ok"
        var onData = "354 go on"
        /// `nil`: hangs up after the end of the message.
        var onEnd: String? = "250 queued"

        var testDescription: String { name }
    }

    private static func server(_ script: Script, _ record: Record) throws -> LoopbackServer {
        try LoopbackServer { connection in
            connection.write(script.greeting + "\r\n")
            while let line = connection.readLine() {
                record.add(line)
                switch line.split(separator: " ").first?.uppercased() {
                case "EHLO":
                    let lines = ["mail.example.com"] + script.features
                    for (index, feature) in lines.enumerated() {
                        connection.write("250\(index == lines.count - 1 ? " " : "-")\(feature)\r\n")
                    }
                case "AUTH":
                    if line.split(separator: " ").count == 2 {
                        connection.write("334 \r\n")
                        record.add(connection.readLine() ?? "")
                    }
                    connection.write(script.onLogin + "\r\n")
                case "MAIL": connection.write(script.onSender + "\r\n")
                case "RCPT": connection.write(script.onRecipient + "\r\n")
                case "DATA":
                    connection.write(script.onData + "\r\n")
                    guard script.onData.hasPrefix("354") else { continue }
                    while let text = connection.readLine(), text != "." { record.add("| " + text) }
                    guard let end = script.onEnd else { return }
                    connection.write(end + "\r\n")
                case "NOOP": connection.write("250 ok\r\n")
                case "QUIT":
                    connection.write("221 bye\r\n")
                    return
                default: connection.write("500 unknown\r\n")
                }
            }
        }
    }

    private static func failure(
        _ server: LoopbackServer, security: MailServer.Security = .none, password: String? = nil,
        message: MailMessage = MailTextTests.message(), deadline: Duration = .seconds(20)
    ) async -> MailFailure? {
        let description = MailServer(
            host: "127.0.0.1", port: server.port, security: security, user: password.map { _ in "desk" },
            password: password)
        do throws(MailFailure) {
            try await CurlMailClient().send(message, through: description, deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a server that takes the message gets envelope, login and every line`() async throws {
        let record = Record()
        let server = try Self.server(Script(), record)
        defer { server.stop() }
        let message = MailTextTests.message(body: "First\n.hidden\n.\nLast") {
            $0.cc = [.init("lead@example.com")]
        }
        #expect(await Self.failure(server, password: "pa ss", message: message) == nil)
        let lines = record.lines
        #expect(lines.contains { $0.hasPrefix("MAIL FROM:<desk@example.com>") })
        #expect(lines.filter { $0.hasPrefix("RCPT") } == ["RCPT TO:<user@example.com>", "RCPT TO:<lead@example.com>"])
        // base64 of NUL desk NUL "pa ss", at once or as an answer of its own.
        #expect(lines.contains { $0.hasSuffix("AGRlc2sAcGEgc3M=") })
        #expect(lines.contains("| Message-ID: <run-1.step-2@signalbox.example.com>"))
        // Dots at the start of a line travel doubled (RFC 5321 section 4.5.2).
        let text = lines.filter { $0.hasPrefix("| ") }
        #expect(text.suffix(4) == ["| First", "| ..hidden", "| ..", "| Last"])
    }

    @Test func `a greeting logs in and hands nothing over`() async throws {
        let record = Record()
        let server = try Self.server(Script(), record)
        defer { server.stop() }
        let description = MailServer(
            host: "127.0.0.1", port: server.port, security: .none, user: "desk", password: "pa ss")
        try await CurlMailClient().greet(description, deadline: .seconds(20))
        #expect(record.lines.contains { $0.hasSuffix("AGRlc2sAcGEgc3M=") })
        #expect(!record.lines.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("DATA") })
    }

    @Test func `a greeting tells of a login that is refused`() async throws {
        let server = try Self.server(Script(onLogin: "535 no"), Record())
        defer { server.stop() }
        let description = MailServer(host: "127.0.0.1", port: server.port, security: .none, user: "desk", password: "x")
        let failure = await #expect(throws: MailFailure.self) {
            try await CurlMailClient().greet(description, deadline: .seconds(20))
        }
        #expect(failure?.code == .login)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var script: Script
        var code: MailFailure.Code
        var reply: Int?
        var mayBeTaken = false
        var isTransient: Bool

        var testDescription: String { script.name }
    }

    @Test(
        "every way of saying no is told apart",
        arguments: [
            Refusal(
                script: Script(name: "busy at the door", greeting: "421 too busy"), code: .deferred, reply: 421,
                isTransient: true),
            Refusal(
                script: Script(name: "sender refused", onSender: "550 no"), code: .rejected, reply: 550,
                isTransient: false),
            Refusal(
                script: Script(name: "greylisted", onRecipient: "451 later"), code: .deferred, reply: 451,
                isTransient: true),
            Refusal(
                script: Script(name: "unknown recipient", onRecipient: "550 who"), code: .rejected, reply: 550,
                isTransient: false),
            Refusal(
                script: Script(name: "no data now", onData: "452 full"), code: .deferred, reply: 452, isTransient: true),
            Refusal(
                script: Script(name: "content refused", onEnd: "554 spam"), code: .rejected, reply: 554,
                isTransient: false),
            Refusal(
                script: Script(name: "content deferred", onEnd: "451 later"), code: .deferred, reply: 451,
                isTransient: true),
            Refusal(
                script: Script(name: "hangs up after the message", onEnd: nil), code: .connectionLost, reply: 354,
                mayBeTaken: true, isTransient: true),
        ])
    func refusals(refusal: Refusal) async throws {
        let server = try Self.server(refusal.script, Record())
        defer { server.stop() }
        let failure = await Self.failure(server)
        #expect(failure?.code == refusal.code)
        #expect(failure?.replyCode == refusal.reply)
        #expect(failure?.afterFirstByte == refusal.mayBeTaken)
        #expect(failure?.isTransient == refusal.isTransient)
    }

    @Test func `a refused login says so without the password`() async throws {
        let server = try Self.server(Script(onLogin: "535 wrong hunter2"), Record())
        defer { server.stop() }
        let failure = await Self.failure(server, password: "hunter2")
        #expect(failure?.code == .login)
        #expect(failure?.afterFirstByte == false)
        #expect(failure?.description.contains("hunter2") == false)
    }

    @Test func `STARTTLS that is not offered ends the talk before login and message`() async throws {
        let record = Record()
        let server = try Self.server(Script(), record)
        defer { server.stop() }
        let failure = await Self.failure(server, security: .starttls, password: "hunter2")
        #expect(failure?.code == .tls)
        #expect(!record.lines.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test func `STARTTLS that is offered is begun, and a broken handshake sends nothing`() async throws {
        let record = Record()
        let server = try LoopbackServer { connection in
            connection.write("220 mail.example.com\r\n")
            while let line = connection.readLine() {
                record.add(line)
                if line.hasPrefix("EHLO") {
                    connection.write("250-mail.example.com\r\n250 STARTTLS\r\n")
                } else if line == "STARTTLS" {
                    connection.write("220 go\r\n")
                    _ = connection.read(5)
                    connection.write("this is no TLS\r\n")
                    return connection.waitForClose()
                }
            }
        }
        defer { server.stop() }
        let failure = await Self.failure(server, security: .starttls, password: "hunter2")
        #expect(failure?.code == .tls)
        #expect(failure?.afterFirstByte == false)
        #expect(record.lines.last == "STARTTLS")
    }

    @Test func `a silent server costs the deadline and has nothing`() async throws {
        let server = try LoopbackServer { $0.waitForClose() }
        defer { server.stop() }
        let failure = await Self.failure(server, deadline: .milliseconds(300))
        #expect(failure?.code == .timeout)
        #expect(failure?.afterFirstByte == false)
    }

    @Test func `a server that never confirms may have the message`() async throws {
        let server = try LoopbackServer { connection in
            connection.write("220 mail.example.com\r\n")
            while let line = connection.readLine() {
                if line == "DATA" {
                    connection.write("354 go on\r\n")
                    connection.waitForClose()
                } else {
                    connection.write("250 ok\r\n")
                }
            }
        }
        defer { server.stop() }
        let failure = await Self.failure(server, deadline: .milliseconds(500))
        #expect(failure?.code == .timeout)
        #expect(failure?.afterFirstByte == true)
    }

    @Test func `nobody at the port is a refusal that may pass`() async throws {
        let description = MailServer(host: "127.0.0.1", port: try LoopbackServer.unusedPort(), security: .none)
        let failure = await #expect(throws: MailFailure.self) {
            try await CurlMailClient().send(MailTextTests.message(), through: description, deadline: .seconds(20))
        }
        #expect(failure?.code == .refused)
        #expect(failure?.isTransient == true)
    }

    @Test(
        "a description that would leak or mislead is refused before any connection",
        arguments: [
            MailServer(host: "mail.example.com", port: 587, security: .none, user: "u", password: "p"),
            MailServer(host: "mail.example.com/x", port: 587, security: .tls),
            MailServer(host: "", port: 587, security: .tls), MailServer(host: "a", port: 0, security: .tls),
            MailServer(host: "127.0.0.1", port: 1, security: .none, user: "u\r\n", password: "p"),
        ])
    func badServer(server: MailServer) async {
        let failure = await #expect(throws: MailFailure.self) {
            try await CurlMailClient().send(MailTextTests.message(), through: server, deadline: .seconds(20))
        }
        #expect(failure?.code == .invalidMessage)
    }

    @Test func `a forbidden address gets no mail`() async {
        let server = MailServer(host: "169.254.169.254", port: 25, security: .none)
        let failure = await #expect(throws: MailFailure.self) {
            try await CurlMailClient().send(MailTextTests.message(), through: server, deadline: .seconds(20))
        }
        #expect(failure?.code == .forbiddenAddress)
    }
}
