public import PluginKit
import WorkflowModel

/// A mail as it goes over the wire (RFC 5322), with the bare addresses of its envelope.
public struct MailText: Sendable {
    /// The most recipients of one message.
    public static let recipientLimit = 100

    /// The bare address of the sender.
    public let sender: String
    /// The bare addresses of all recipients, each once.
    public let recipients: [String]
    /// Header and body with CRLF at the end of every line.
    public let bytes: [UInt8]

    /// Checks the message and writes it down.
    ///
    /// - Throws: ``MailFailure`` with the code `invalid_message` when an address is no address, a header value breaks
    ///   its line, or something is missing or too long.
    public init(_ message: MailMessage) throws(MailFailure) {
        sender = try MailAddressRule.check(message.from.address, role: "from")
        var recipients: [String] = []
        for mailbox in message.to { recipients.append(try MailAddressRule.check(mailbox.address, role: "to")) }
        for mailbox in message.cc { recipients.append(try MailAddressRule.check(mailbox.address, role: "cc")) }
        guard !recipients.isEmpty else { throw .invalid("it has no recipient; name one in to or cc") }
        guard recipients.count <= Self.recipientLimit else {
            throw .invalid("it has \(recipients.count) recipients; at most \(Self.recipientLimit) get one message")
        }
        var seen: Set<String> = []
        self.recipients = recipients.filter { seen.insert($0.lowercased()).inserted }

        var lines: [String] = []
        lines.append("Date: \(MailDate.text(message.date))")
        lines.append("From: \(try Self.mailboxes([message.from], role: "from"))")
        if !message.to.isEmpty { lines.append("To: \(try Self.mailboxes(message.to, role: "to"))") }
        if !message.cc.isEmpty { lines.append("Cc: \(try Self.mailboxes(message.cc, role: "cc"))") }
        try Self.checkOneLine(message.subject, role: "the subject")
        lines.append("Subject: \(HeaderText.unstructured(message.subject, after: "Subject: ".utf8.count))")
        lines.append("Message-ID: <\(try Self.messageID(message.messageID))>")
        lines.append(contentsOf: try Self.extraLines(message.extraHeaders))
        let body = MailBody(message.body)
        lines.append("MIME-Version: 1.0")
        lines.append("Content-Type: text/\(message.isHTML ? "html" : "plain"); charset=utf-8")
        lines.append("Content-Transfer-Encoding: \(body.encoding)")
        lines.append("")
        bytes = Array((lines.joined(separator: "\r\n") + "\r\n" + body.text).utf8)
    }

    private static func mailboxes(
        _ mailboxes: [MailMessage.Address], role: String
    ) throws(MailFailure) -> String {
        var texts: [String] = []
        for mailbox in mailboxes {
            guard let name = mailbox.name, !name.isEmpty else {
                texts.append(mailbox.address)
                continue
            }
            try checkOneLine(name, role: "a name in \(role)")
            texts.append("\(HeaderText.phrase(name)) <\(mailbox.address)>")
        }
        return texts.joined(separator: ",\r\n ")
    }

    private static func messageID(_ identity: String) throws(MailFailure) -> String {
        let halves = identity.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, identity.utf8.count <= 250, halves.allSatisfy({ MailAddressRule.isDotAtom($0) })
        else { throw .invalid("its Message-ID must look like name@host, without angle brackets") }
        return identity
    }

    private static func extraLines(
        _ headers: [(name: String, value: String)]
    ) throws(MailFailure) -> [String] {
        let ours: Set = ["date", "from", "sender", "to", "cc", "bcc", "subject", "message-id", "mime-version"]
        guard headers.count <= 50 else { throw .invalid("it has more than 50 extra header fields") }
        var lines: [String] = []
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.count <= 76, name.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 58 })
            else { throw .invalid("an extra header field's name has a character that RFC 5322 does not allow") }
            let lower = name.lowercased()
            guard !ours.contains(lower), !lower.hasPrefix("content-") else {
                throw .invalid("the header field \(name) is written from the message's own fields; leave it out")
            }
            try checkOneLine(value, role: "the header field \(name)")
            guard value.utf8.allSatisfy({ $0 < 127 }), value.utf8.count <= 900 else {
                throw .invalid("the header field \(name) must be ASCII of at most 900 characters")
            }
            lines.append("\(name): \(value)")
        }
        return lines
    }

    /// A line break in a value would begin a header field that nobody wrote.
    private static func checkOneLine(_ text: String, role: String) throws(MailFailure) {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 || $0 == "\t" }) else {
            throw .invalid("\(role) has a line break or another control character")
        }
        guard text.utf8.count <= 4096 else { throw .invalid("\(role) is longer than 4096 bytes") }
    }
}

/// The date of RFC 5322 section 3.3, in UTC.
enum MailDate {
    static func text(_ instant: Timestamp) -> String {
        let days = Int64((Double(instant.seconds) / 86_400).rounded(.down))
        let second = instant.seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970-01-01 was a Thursday.
        let weekday = names[Int(((days + 4) % 7 + 7) % 7)]
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let year = String(repeating: "0", count: max(0, 4 - String(date.year).count)) + String(date.year)
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(weekday), \(two(date.day)) \(months[Int(date.month) - 1]) \(year) \(clock) +0000"
    }
}

extension MailFailure {
    static func invalid(_ reason: String) -> MailFailure {
        MailFailure(code: .invalidMessage, message: "the mail was not sent: \(reason)", afterFirstByte: false)
    }
}
