import Outbound
import PluginKit
import Testing
import WorkflowModel

@Suite struct MailTextTests {
    static func message(
        subject: String = "Hello", body: String = "Line\n", _ change: (inout MailMessage) -> Void = { _ in }
    ) -> MailMessage {
        var message = MailMessage(
            from: .init("desk@example.com", name: "Desk"), to: [.init("user@example.com")], subject: subject,
            body: body, messageID: "run-1.step-2@signalbox.example.com", date: Timestamp(seconds: 1_768_469_400))
        change(&message)
        return message
    }

    private static func lines(_ message: MailMessage) throws -> [String] {
        String(decoding: try MailText(message).bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        )
        .map(String.init)
    }

    @Test func `a plain message is written line for line`() throws {
        let message = Self.message(body: "One\nTwo\r\n\n.\n") {
            $0.cc = [.init("lead@example.com", name: "Lead \"L\""), .init("USER@example.com")]
            $0.extraHeaders = [("Auto-Submitted", "auto-generated")]
        }
        #expect(
            try Self.lines(message) == [
                "Date: Thu, 15 Jan 2026 09:30:00 +0000", "From: \"Desk\" <desk@example.com>", "To: user@example.com",
                "Cc: \"Lead \\\"L\\\"\" <lead@example.com>,", " USER@example.com", "Subject: Hello",
                "Message-ID: <run-1.step-2@signalbox.example.com>", "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit", "",
                "One", "Two", "", ".", "",
            ])
        #expect(try MailText(message).recipients == ["user@example.com", "lead@example.com"])
    }

    @Test(
        "a date has the right weekday",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        ])
    func dates(seconds: Int, text: String) throws {
        #expect(try Self.lines(Self.message { $0.date = Timestamp(seconds: Int64(seconds)) })[0] == "Date: \(text)")
    }

    @Test func `a subject outside ASCII becomes encoded words that keep characters whole`() throws {
        let subject = "Störung: das Café — " + String(repeating: "ü", count: 40)
        let lines = try Self.lines(Self.message(subject: subject))
        let start = try #require(lines.firstIndex { $0.hasPrefix("Subject: ") })
        let folded = [lines[start]] + lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
        #expect(folded.count > 1)
        var decoded: [UInt8] = []
        for line in folded {
            let word = line.drop { $0 != "=" }
            #expect(word.utf8.count <= 75)
            #expect(word.hasPrefix("=?utf-8?Q?") && word.hasSuffix("?="))
            let bytes = Self.decodedQ(word.dropFirst(10).dropLast(2))
            #expect(String(validating: bytes, as: UTF8.self) != nil, "each word must be whole by itself")
            decoded += bytes
        }
        #expect(String(decoding: decoded, as: UTF8.self) == subject)
    }

    @Test func `a plain subject that looks like an encoded word is encoded itself`() throws {
        let lines = try Self.lines(Self.message(subject: "=?utf-8?Q?x?="))
        #expect(lines.contains("Subject: =?utf-8?Q?=3D=3Futf=2D8=3FQ=3Fx=3F=3D?="))
    }

    @Test func `a body outside ASCII is quoted-printable with short lines`() throws {
        let body = "Café = gut \n" + String(repeating: "é", count: 100) + "\nEnd"
        let lines = try Self.lines(Self.message(body: body))
        #expect(lines.contains("Content-Transfer-Encoding: quoted-printable"))
        #expect(lines.contains("Caf=C3=A9 =3D gut=20"))
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        let start = try #require(lines.firstIndex(of: ""))
        let text = lines[(start + 1)...].joined(separator: "\n").split(
            separator: "=\n", omittingEmptySubsequences: false
        )
        .joined()
        #expect(String(decoding: Self.decodedQ(text[...]), as: UTF8.self) == body + "\n")
    }

    @Test func `a line too long for SMTP is broken softly`() throws {
        let lines = try Self.lines(Self.message(body: String(repeating: "x", count: 2000)))
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    }

    @Test(
        "a line break in a header value is an error, not a new header field",
        arguments: ["\r\nBcc: other@example.com", "\n", "\r", "\0"])
    func injection(text: String) {
        let changes: [(inout MailMessage) -> Void] = [
            { $0.subject += text }, { $0.from.address += text }, { $0.from.name = "A\(text)" },
            { $0.to[0].address += text }, { $0.cc = [.init("a@example.com", name: text)] }, { $0.messageID += text },
            { $0.extraHeaders = [("X-A", "b\(text)")] }, { $0.extraHeaders = [("X-A\(text)", "b")] },
        ]
        for change in changes {
            let failure = #expect(throws: MailFailure.self) { try MailText(Self.message(change)) }
            #expect(failure?.code == .invalidMessage)
        }
    }

    @Test(
        "what is no address of SMTP is refused",
        arguments: [
            "", "user", "user@", "@example.com", "a b@example.com", "a@b@example.com", "<a@example.com>",
            "a..b@example.com",
            ".a@example.com", "a@-example.com", "a@example..com", "ü@example.com", "a@exämple.com",
            "\"a b\"@example.com",
            "a@example.com> SIZE=1", String(repeating: "x", count: 65) + "@example.com",
        ])
    func badAddress(address: String) {
        #expect(throws: MailFailure.self) { try MailText(Self.message { $0.to = [.init(address)] }) }
    }

    @Test func `a message without recipients or with too many is refused`() {
        #expect(throws: MailFailure.self) { try MailText(Self.message { $0.to = [] }) }
        let many = (0...MailText.recipientLimit).map { MailMessage.Address("u\($0)@example.com") }
        #expect(throws: MailFailure.self) { try MailText(Self.message { $0.to = many }) }
    }

    @Test(arguments: ["Bcc", "subject", "Content-Type", "From"])
    func `our own header fields cannot be given twice`(name: String) {
        #expect(throws: MailFailure.self) { try MailText(Self.message { $0.extraHeaders = [(name, "x")] }) }
    }

    private static func decodedQ(_ text: Substring) -> [UInt8] {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "="), index + 2 < bytes.count {
                out.append(UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16) ?? 0)
                index += 3
            } else {
                out.append(bytes[index] == UInt8(ascii: "_") ? 32 : bytes[index])
                index += 1
            }
        }
        return out
    }
}
