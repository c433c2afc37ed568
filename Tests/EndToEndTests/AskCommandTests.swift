import Foundation
import Glibc
import Testing
import WorkflowModel

/// Questions, answers and the audit log, by the built program beside `signalbox serve`.
@Suite("signalbox ask, answer and audit", .timeLimit(.minutes(3)), .serialized)
struct AskCommandTests {
    /// The user that runs the tests.
    static var user: String { getpwuid(getuid()).flatMap { String(cString: $0.pointee.pw_name) } ?? "" }

    static func house(admins: Bool = false) throws -> House {
        let house = try House()
        try house.write(
            "people.yaml",
            """
            - { id: me, name: Me, email: user1@example.com, login: \(user), groups: [deciders] }
            - { id: lead, name: Lead, email: user2@example.com, groups: [deciders\(admins ? ", admins" : "")] }
            - { id: agent-1, name: Other, email: user3@example.com }
            """)
        try house.write(
            "playbooks/asks.yaml",
            """
            playbook: asks
            owner: lead
            mode: disabled
            trigger: { event: ticket.created }
            steps:
              - id: go
                approve:
                  by: group:deciders
                  prompt: "Send for ${{ ticket.id }}?"
                  timeout: 1h
                  on_reject: continue
              - id: plan
                ask:
                  who: [me, lead]
                  question: What does it cost?
                  fields: { cost: { type: integer, required: true }, urgent: boolean }
                  quorum: 2
              - stop: "${{ steps.go.approved }} ${{ steps.plan.cost }}"
            """)
        try house.write(
            "playbooks/tell-people.yaml",
            """
            playbook: tell-people
            owner: lead
            mode: active
            trigger: { event: ask.opened }
            steps:
              - { uses: notify.send, with: { to: =ask.who, text: "${{ ask.question }} ${{ ask.how_to_answer }}", acknowledge: false } }
            """)
        return house
    }

    @Test
    func
        `people are told of a question and answer it beside serve within 100 ms; the log verifies until it is changed`()
        async throws
    {
        let house = try AskCommandTests.house()
        defer { house.remove() }
        let serve = try house.serve("--log-level", "debug")
        try serve.waitForLine { $0["message"]?.string == "serving" }
        _ = try house.run("run", "asks", "--event", house.event("1"), "--wait", "100ms")
        let open = try #require(try house.json("ask", "list", "--mine").list)
        let id = try #require(open.first?["id"]?.string)
        #expect(open.count == 1)
        #expect(open.first?["who"] == ["me", "lead"])
        #expect(open.first?["question"] == "Send for 1?")
        #expect(try house.json("ask", "list", "--as", "agent-1").list?.isEmpty == true)
        let shown = try house.run("ask", "show", String(id.prefix(9)))
        #expect(shown.output.contains("answer it with: signalbox answer \(id) approve"))
        try await eventually("two messages") { try house.messages().count >= 2 }
        #expect(try house.messages().count { $0.contains("signalbox answer \(id) approve") } == 2)

        let refusals: [([String], Int32, String)] = [
            (["answer", id, "perhaps"], 2, "is no answer"), (["answer", id, "cost=3"], 1, "say approve or reject"),
            (["answer", "ask_nothing", "approve"], 1, "there is no question"),
            (["answer", id, "approve", "--as", "agent-1"], 1, "agent-1 is not asked; me, lead can answer"),
            (["answer", id, "approve", "--as", "laed"], 1, "did you mean lead?"),
        ]
        for (words, status, message) in refusals {
            let refused = try house.run(words)
            #expect(refused.status == status, "\(words): \(refused.error)")
            #expect(refused.error.contains(message), "\(words): \(refused.error)")
        }
        let answered = try house.json("answer", id, "approve", "--comment", "after the backup")
        #expect(answered["state"] == "answered")
        #expect(answered["answers"]?.list?.first?["by"] == "me")
        let twice = try house.run("answer", id, "approve")
        #expect(twice.status == 1 && twice.error.contains("was answered by me"), "\(twice.error)")

        var form: Value?
        try await eventually("the next question") {
            form = try house.json("ask", "list").list?.first
            return form != nil
        }
        let second = try #require(form?["id"]?.string)
        let wrong = try house.run("answer", second, "cost=dear")
        #expect(wrong.status == 1 && wrong.error.contains("cost: must be a whole number"), "\(wrong.error)")
        #expect(try house.json("answer", second, "cost=3", "urgent=true")["state"] == "open")
        #expect(try house.json("answer", second, "cost=5", "--as", "lead")["state"] == "answered")
        try await eventually("the run's end") { try house.runs("asks").first?["state"] == "succeeded" }
        #expect(try house.runs("asks").first?["state"] == "succeeded")

        let audit = try #require(try house.json("audit", "list").list)
        #expect(audit.compactMap { $0["action"]?.string } == ["run", "approve", "answer", "answer"])
        #expect(audit.compactMap { $0["by"]?.string } == ["me", "me", "me", "lead"])
        #expect(audit.last?["detail"]?["typed_by"] == "me")
        let whole = try house.json("audit", "verify")
        #expect(whole["ok"] == true && whole["entries"] == 4)

        let lines = try serve.stop()
        let waits = lines.filter { $0["message"]?.string == "request answered" && $0["kind"]?.string == "answer" }
            .compactMap { $0["after_ms"]?.string.flatMap { Int($0) } }.sorted()
        #expect(waits.count >= 3)
        #expect(waits[waits.count / 2] < 100, "answered after \(waits) ms")

        // Nobody executes now; the file is changed as an editor of bytes would.
        let path = "\(house.folder)/.signalbox/signalbox.sqlite"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var count = 0
        while let range = bytes.range(of: Data("after the backup".utf8)) {
            bytes.replaceSubrange(range, with: Data("without a backup".utf8.prefix(range.count)))
            count += 1
        }
        #expect(count > 0)
        try bytes.write(to: URL(fileURLWithPath: path))
        let broken = try house.run("audit", "verify")
        #expect(broken.status == 1)
        #expect(broken.output.contains("entry 2 is not as it was written"), "\(broken.output)")
    }

    @Test func `without another executor the answer lets the run go on, and only admins act for others`() throws {
        let house = try AskCommandTests.house(admins: true)
        defer { house.remove() }
        _ = try house.run("run", "asks", "--event", house.event("1"), "--wait", "100ms")
        let id = try #require(try house.json("ask", "list").list?.first?["id"]?.string)
        let refused = try house.run("answer", id, "reject", "--as", "lead")
        #expect(refused.status == 1 && refused.error.contains("admins are lead"), "\(refused.error)")
        let answered = try house.json("answer", id, "reject", "--wait", "100ms")
        #expect(answered["state"] == "answered")
        #expect(try house.json("ask", "list").list?.first?["question"] == "What does it cost?")
        let run = try #require(try house.runs("asks").first?["id"]?.string)
        _ = try house.run("runs", "cancel", run)
        #expect(try house.json("ask", "list", "--state", "withdrawn").list?.count == 1)
        _ = try house.run("activate", "patient")
        let audit = try #require(try house.json("audit", "list").list)
        #expect(audit.compactMap { $0["action"]?.string } == ["run", "reject", "cancel", "activate"])
    }
}
