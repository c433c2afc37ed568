import Foundation
import Glibc
import Testing
import WorkflowModel

/// The whole way from the systems of others to the systems of others, through the real program, and killed on the way.
@Suite("From alerts and events to mails", .timeLimit(.minutes(3)), .serialized)
struct FrontDoorTests {
    private static let alertmanager = OtherProgram.path(of: "prometheus-alertmanager")
    private static let hasMailServer = FileManager.default.fileExists(
        atPath: "/usr/lib/python3/dist-packages/aiosmtpd/main.py")

    /// A mail that the server has.
    private struct Mail: Hashable {
        var subject = "", id = ""
    }

    /// A mail server that keeps what it is given; with `hold` it gives no answer.
    private struct MailServer {
        let folder: URL
        let program: ChildProcess
        let port: Int

        init(beside copy: WorkspaceCopy) async throws {
            folder = copy.folder.appending(path: "mails")
            port = try FreePort.take()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let scripts = SignalboxProcess.root.appending(path: "Tests/EndToEndTests/Programs").path
            program = try ChildProcess(
                "/usr/bin/python3",
                [
                    "-B", "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:\(port)", "-c", "keeping_handler.KeepingHandler",
                    folder.path,
                ], environment: ["PYTHONPATH": scripts, "PATH": "/usr/bin:/bin"])
            let wire = Wire(port: UInt16(port))
            let running = program
            for _ in 0..<500 {
                if let answer = try? await wire.send(Array("QUIT\r\n".utf8), patience: 5), answer.text.hasPrefix("220")
                {
                    return
                }
                try #require(running.isRunning, "the mail server ended: \(running.printed.err)")
                try await Task.sleep(for: .milliseconds(20))
            }
            throw Trouble("the mail server does not answer: \(running.printed.err)")
        }

        /// What has arrived, in this order.
        var mails: [Mail] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.filter { $0.hasSuffix(".eml") }.sorted().map { name in
                let data = FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data()
                var mail = Mail()
                for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
                    let lower = line.lowercased()
                    if lower.hasPrefix("subject: ") { mail.subject = String(line.dropFirst(9)) }
                    if lower.hasPrefix("message-id: ") { mail.id = String(line.dropFirst(12)) }
                }
                return mail
            }
        }

        func hold() throws { try Data().write(to: folder.appending(path: "hold")) }

        func letGo() throws { try FileManager.default.removeItem(at: folder.appending(path: "hold")) }
    }

    private static func workspace(mailPort: Int, _ copy: WorkspaceCopy) throws {
        try copy.write(
            """
            name: front-door
            zone: UTC
            channels:
              mail: { by: email, host: 127.0.0.1, port: \(mailPort), security: none, from: signalbox@example.com }
            secrets: { ALERTS: { env: E2E_ALERTS } }
            hooks: { alertmanager: { secret: =secrets.ALERTS } }
            plugins: { ticket: { desk: outbox } }
            """, to: "signalbox.yaml")
        try copy.write("- { id: lead, name: Lead, email: lead@example.com }\n", to: "people.yaml")
        try copy.write("- { id: support, name: Support, lead: lead, members: [lead] }\n", to: "teams.yaml")
        let head = "owner: lead\nmode: active\n"
        try copy.write(
            """
            playbook: declare
            title: A critical alert declares an incident
            \(head)trigger: { event: alert.firing, when: alert.severity == "critical" }
            steps:
              - uses: incident.declare
                with: { title: =alert.title, detected_by: monitoring, dedupe_key: "alert-${{ alert.name }}" }
            """, to: "playbooks/declare.yaml")
        for (name, type) in [("incident", "incident.declared"), ("ticket", "ticket.created")] {
            try copy.write(
                """
                playbook: mail-\(name)
                title: Mails the lead
                \(head)trigger: { event: \(type) }
                steps:
                  - id: mail
                    uses: notify.send
                    with: { by: mail, to: lead, subject: "${{ \(name).title }}", text: "Look at ${{ \(name).id }}", acknowledge: false }
                """, to: "playbooks/mail-\(name).yaml")
        }
    }

    /// A CloudEvent about a ticket of this number.
    private static func event(_ number: Int) -> String {
        #"{"specversion":"1.0","id":"e-\#(number)","source":"/desk","type":"ticket.created","data":"# + data(number)
            + "}"
    }

    private static func data(_ number: Int) -> String {
        #"{"ticket":{"id":"T\#(number)","title":"Ticket \#(number) is new","status":"new","priority":"P2"}}"#
    }

    /// Sends events by each way of the HTTP binding, and as lines; the numbers that were answered with 202.
    private static func send(_ numbers: [Int], _ wire: Wire, _ token: String) async throws -> [Int] {
        let structured = "Content-Type: application/cloudevents+json"
        let binary = [
            "Content-Type: application/json", "ce-specversion: 1.0", "ce-id: e-\(numbers[1])", "ce-source: /desk",
            "ce-type: ticket.created",
        ]
        let (batch, lines) = (numbers[2..<4].map(event), numbers[4...].map(event))
        var accepted: [Int] = []
        for (fields, body, sent) in [
            ([structured], event(numbers[0]), [numbers[0]]), (binary, data(numbers[1]), [numbers[1]]),
            (
                ["Content-Type: application/cloudevents-batch+json"], "[\(batch.joined(separator: ","))]",
                Array(numbers[2..<4])
            ),
            (["Content-Type: application/x-ndjson"], lines.joined(separator: "\n"), Array(numbers[4...])),
        ] as [([String], String, [Int])] {
            let answer = try await wire.ask("/events", method: "POST", token: token, fields: fields, body: body)
            #expect(answer.status == 202, "\(answer.text)")
            if answer.status == 202 { accepted += sent }
        }
        return accepted
    }

    @Test(
        .enabled(
            if: alertmanager != nil && hasMailServer,
            "needs Debian's prometheus-alertmanager and python3-aiosmtpd: scripts/setup tests installs them"))
    func `alerts and events become an incident and mails, and SIGKILL on the way loses and hides nothing`() async throws
    {
        let copy = try WorkspaceCopy(empty: true, environment: ["E2E_ALERTS": "alert-token"])
        let mails = try await MailServer(beside: copy)
        try Self.workspace(mailPort: mails.port, copy)
        let made = try await copy.json("tokens", "create", "desk", "--role", "admin")
        let token = try #require(made["token"]?.string)
        let port = try FreePort.take()
        let first = try await Served(copy, port: port, "--log-format", "json")
        let manager = try startAlertmanager(copy, hook: "http://127.0.0.1:\(port)/hooks/alertmanager")
        try await alert(manager.port, copy)
        var accepted = try await Self.send(Array(1...8), first.wire, token)
        try await copy.wait(for: "the mails of an incident and 8 tickets") { mails.mails.count >= 9 }
        #expect(mails.mails.contains { $0.subject == "The checkout answers with errors" })
        try await copy.wait(for: "all of them to be known as sent") {
            first.process.printed.err.split(separator: "\n").count { $0.contains("\"run ended\"") } >= 10
        }
        let metrics = try await first.wire.ask("/metrics", token: token).body
        #expect(metrics.contains("signalbox_webhook_deliveries_total{hook=\"alertmanager\",outcome=\"accepted\"} 1\n"))
        #expect(try OtherProgram.complaints(about: metrics, in: copy) == "")

        // Mails are under way, and nobody says whether they have arrived, when the process is gone.
        try mails.hold()
        accepted += try await Self.send(Array(9...16), first.wire, token)
        try await copy.wait(for: "a mail to be held") { mails.mails.count > 9 }
        first.process.signal(SIGKILL)
        _ = await first.process.end(isKilled: true)
        let held = Set(mails.mails.dropFirst(9))
        try mails.letGo()

        let second = try await Served(copy, port: port, "--log-format", "json")
        try await copy.wait(for: "a mail for each ticket") { Set(mails.mails).count >= 17 }
        try await copy.wait(for: "the alert to be known after the kill") {
            second.process.printed.err.contains("\"outcome\":\"duplicate\"")
        }
        for start in stride(from: 0, to: accepted.count, by: 8) {
            let lines = accepted[start..<start + 8].map(Self.event).joined(separator: "\n")
            let again = try await second.wire.ask(
                "/events", method: "POST", token: token, fields: ["Content-Type: application/x-ndjson"], body: lines)
            let events = try again.json["events"]?.list ?? []
            #expect(events.count == 8 && events.allSatisfy { $0["duplicate"] == true }, "\(again.text)")
        }
        #expect(accepted == Array(1...16))
        var state = Value.null
        for _ in 0..<500 where state["items"]?.list?.count != 16 {
            state = try await second.wire.ask(
                "/api/v1/runs?playbook=mail-ticket&state=succeeded&limit=100", token: token
            ).json
        }
        #expect(state["items"]?.list?.count == 16, "\(state)")
        manager.program.signal(SIGTERM)
        #expect(await second.stop().status == 0)

        let incidents = try await copy.json("incident", "list")
        #expect((incidents["items"]?.list ?? incidents["incidents"]?.list ?? incidents.list ?? []).count == 1)
        let arrived = Dictionary(grouping: mails.mails, by: \.self).mapValues(\.count)
        #expect(arrived.count == 17, "each message has one Message-ID, also when it is sent again: \(arrived)")
        let effects = try await copy.json("effects", "list", "--action", "notify.send", "--limit", "100").list ?? []
        #expect(effects.count == 17)
        #expect(!held.isEmpty)
        for (mail, count) in arrived {
            let effect = effects.first { JSONWriter.text($0["sent"] ?? .null).contains("\"\(mail.subject)\"") }
            let mayBeTwice = try #require(
                (effect?["may_be_duplicate"]?.bool) as Bool?, "no write for \(mail.subject)")
            #expect(count == 1 || mayBeTwice, "\(mail.subject) arrived \(count) times, and the ledger does not say so")
            if held.contains(mail) { #expect(mayBeTwice, "\(mail.subject) was under way when the process was killed") }
        }
    }

    private func startAlertmanager(_ copy: WorkspaceCopy, hook: String) throws -> (program: ChildProcess, port: Int) {
        let port = try FreePort.take()
        try copy.write(
            """
            route: { receiver: signalbox, group_by: [alertname], group_wait: 10ms, group_interval: 1s, repeat_interval: 1s }
            receivers:
              - name: signalbox
                webhook_configs:
                  - url: \(hook)
                    http_config: { authorization: { credentials: alert-token } }
            """, to: "alerts/alertmanager.yml")
        let program = try ChildProcess(
            try #require(Self.alertmanager),
            [
                "--config.file=\(copy.folder.path)/alerts/alertmanager.yml",
                "--storage.path=\(copy.folder.path)/alerts/data", "--web.listen-address=127.0.0.1:\(port)",
                "--cluster.listen-address=",
            ], environment: ["PATH": "/usr/bin:/bin"])
        return (program, port)
    }

    /// Fires the alert, once Alertmanager takes it.
    private func alert(_ port: Int, _ copy: WorkspaceCopy) async throws {
        let alert = """
            [{"labels":{"alertname":"CheckoutErrors","service":"checkout","severity":"critical"},
              "annotations":{"summary":"The checkout answers with errors"}}]
            """
        for _ in 0..<200 {
            let answer = try? await Wire(port: UInt16(port)).ask(
                "/api/v2/alerts", method: "POST", fields: ["Content-Type: application/json"], body: alert)
            if answer?.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Trouble("Alertmanager takes no alerts")
    }
}
