import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Whom a message is for") struct RecipientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var to: Value
        var told: [String]
        var testDescription: String { JSONWriter.text(to) }
    }

    static let one = "Agent 1 <user1@example.com>"
    static let two = "Agent 2 <user2@example.com>"
    static let three = "Agent 3 <user3@example.com>"
    static let four = "Agent 4 <user4@example.com>"

    @Test(
        "each form means the people it says, each once",
        arguments: [
            Case(to: "assignee", told: [two]),
            Case(to: "lead of support", told: [one]),
            Case(to: "on-call of support-primary", told: [one]),
            Case(to: "group:support", told: [one, two, three]),
            Case(to: "group:incident-managers", told: [four]),
            Case(to: "list:legal", told: ["legal@example.com"]),
            Case(to: "list:mixed", told: [two, "out@example.org"]),
            Case(to: "#support", told: ["#support"]),
            Case(to: "agent-3", told: [three]),
            Case(to: "USER3@example.com", told: [three]),
            Case(to: "Someone@Example.org", told: ["Someone@Example.org"]),
            Case(to: ["agent-1", "lead of support", "user1@example.com", "on call of support-primary"], told: [one]),
            Case(to: ["a@example.org", "A@example.org"], told: ["a@example.org"]),
        ])
    func forms(_ example: Case) async throws {
        var bench = try notifyBench()
        bench.directory.lists["mixed"] = ["agent-2", "out@example.org"]
        let output = try await bench.run("notify.send", with: ["to": example.to, "by": "outbox", "text": "Hello"])
        #expect(output["to"]?.list?.compactMap(\.string) == example.told)
        #expect(bench.outbox.files.count == example.told.count)
    }

    @Test(
        "what nobody can be found for is a permanent failure that helps",
        arguments: [
            ("lead of suport", "unknown_recipient", "did you mean support?"),
            ("agent-9", "unknown_recipient", "did you mean agent-"),
            ("on-call of support-primery", "unknown_recipient", "did you mean support-primary?"),
            ("group:nobody", "unknown_recipient", "nobody"),
            ("list:leagl", "unknown_recipient", "did you mean legal?"),
            ("list:nested", "unknown_recipient", "lists do not nest"),
            ("list:none", "empty_group", "empty"),
            ("lead of leaderless", "no_lead", "leaderless"),
            ("on-call of gap", "oncall_gap", "nobody is on call in gap"),
            ("a b@example.com", "unknown_recipient", "no mail address"),
        ])
    func unknown(to: String, code: String, hint: String) async throws {
        var bench = try notifyBench()
        bench.directory.teams.append(Team(id: "leaderless", name: "Leaderless"))
        bench.directory.onCall.append(OnCallSchedule(id: "gap"))
        bench.directory.lists["nested"] = ["list:legal"]
        bench.directory.lists["none"] = []
        let failure = await failure { try await bench.run("notify.send", with: ["to": .string(to), "text": "Hello"]) }
        #expect(failure?.code == code)
        #expect(failure?.kind == .permanent)
        #expect(failure?.message.contains(hint) == true, "\(failure?.message ?? "")")
        #expect(bench.outbox.files.isEmpty)
    }

    @Test func `a ticket without an assignee fails the step instead of telling nobody`() async throws {
        var bench = try notifyBench()
        bench.names["ticket"] = ["id": "4711", "assignee": nil]
        let failure = await failure { try await bench.run("notify.send", with: ["to": "assignee", "text": "Hello"]) }
        #expect(failure?.code == "no_assignee")
    }

    @Test func `who is on call is decided at the instant of the step`() async throws {
        var bench = try notifyBench()
        bench.now = bench.now + .seconds(7 * 86_400)
        let output = try await bench.run(
            "notify.page", with: ["to": "on-call of support-primary", "text": "Checkout is down"])
        #expect(output["to"]?.list?.first?.string == Self.two)
    }

    @Test func `a recipient whom the channel cannot reach stops the step before anybody is told`() async throws {
        var bench = try notifyBench(channels: usualChannels)
        bench.directory.people[2].email = nil
        for to: Value in ["group:support", ["agent-1", "#support"]] {
            let failure = await failure {
                try await bench.run("notify.send", with: ["to": to, "by": "mail", "text": "Hello"])
            }
            #expect(failure?.code == "no_address")
        }
        #expect(bench.mail.deliveries.isEmpty)
    }
}
