import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Action items") struct ActionItemTests {
    private func add(_ bench: PluginBench, _ title: String = "Alert on expiry", _ more: ValueMap = [:]) async throws
        -> Value
    {
        let with: ValueMap = ["title": .string(title), "owner": "agent-1"]
        return try await bench.run("postmortem.add_action", with: .map(with.merging(more)))
    }

    @Test(
        "the due date by priority",
        arguments: [("P1", "2026-12-07"), ("P2", "2026-12-23"), ("P3", "2027-02-21"), (nil, "2026-12-23")]
            as [(String?, String)])
    func due(priority: String?, expected: String) async throws {
        let bench = try postmortemBench()
        let output = try await add(bench, "x", priority.map { ["priority": .string($0)] } ?? [:])
        #expect(output["due_at"]?.timestamp?.rfc3339 == "\(expected)T09:00:00Z")
    }

    @Test func `an item belongs to its incident and post-mortem, and tells that it is there`() async throws {
        let bench = try postmortemBench()
        try await bench.run("postmortem.open")
        let output = try await add(bench)
        #expect(output["id"] == "ACT-1" && output["action"]?["postmortem"] == "PM-1")
        #expect(output["action"]?["incident"] == "INC-7" && output["action"]?["state"] == "open")
        #expect(output["action"]?["team"] == "support")
        let event = try #require(bench.shelf.emitted.last)
        #expect(event.type == "action.created" && event.subject == "action:ACT-1")
        let schema = try #require(EventCatalog.standard.schema(ofType: event.type))
        #expect(schema.violations(of: .map(event.data)) == [])
    }

    @Test func `the same title again is the first, while that is open`() async throws {
        let bench = try postmortemBench()
        _ = try await add(bench)
        let again = try await add(bench, "Alert on expiry", ["owner": "agent-2"])
        #expect(again["id"] == "ACT-1" && again["created"] == false)
        #expect(try await add(bench, "Alert on expiry", ["incident": "INC-8"])["id"] == "ACT-2")
        try await bench.run("postmortem.complete_action", with: ["id": "ACT-1", "by": "agent-1", "evidence": "x"])
        #expect(try await add(bench)["id"] == "ACT-3")
    }

    @Test func `without an owner a team answers for it`() async throws {
        var bench = try postmortemBench()
        var output = try await add(bench, "a", ["owner": nil, "team": "support"])
        #expect(output["action"]?["team"] == "support" && output["action"]?["owner"] == Value.null)
        let missing = await failure { try await add(bench, "b", ["owner": nil]) }
        #expect(missing?.code == "invalid_input")
        bench.settings["postmortem"] = ["default_team": "incident-managers"]
        output = try await add(bench, "b", ["owner": nil])
        #expect(output["action"]?["team"] == "incident-managers")
    }

    @Test(
        "what cannot be added",
        arguments: [
            (["owner": "agent-9"], "unknown_person"), (["team": "suport"], "unknown_team"),
            (["postmortem": "PM-9"], "unknown_postmortem"), (["priority": "P9"], "invalid_input"),
        ] as [(ValueMap, String)])
    func refused(change: ValueMap, code: String) async throws {
        let bench = try postmortemBench()
        let failure = await failure { try await add(bench, "x", change) }
        #expect(failure?.code == code)
        #expect(bench.shelf.timers.isEmpty && bench.shelf.emitted.isEmpty)
    }

    @Test func `reminders come before, at the due date, and weekly until somebody claims it is done`() async throws {
        var bench = try postmortemBench()
        _ = try await add(bench, "x", ["priority": "P1"])
        var told = try bench.advance(to: Samples.now + .seconds(29 * 86_400))
        #expect(
            told == [
                "2026-12-05 action.due_soon", "2026-12-07 action.overdue", "2026-12-14 action.overdue",
                "2026-12-21 action.overdue",
            ])
        try await bench.run("postmortem.complete_action", with: ["id": "ACT-1", "by": "agent-1", "evidence": "x"])
        #expect(bench.shelf.timers.isEmpty)
        told = try bench.advance(to: Samples.now + .seconds(90 * 86_400))
        #expect(told.isEmpty)
    }

    @Test func `weeks that went by while nothing ran are one reminder`() async throws {
        var bench = try postmortemBench()
        _ = try await add(bench, "x", ["priority": "P1"])
        bench.now = Samples.now + .seconds(40 * 86_400)
        let facts = try bench.accept(
            Event(
                id: "late", source: "timer", type: "action.overdue", time: bench.now,
                data: ["action": ["id": "ACT-1"]]))
        #expect(facts["action"]?["overdue_by"]?.duration == .seconds(26 * 86_400))
        // Due on 7 December; four weeks later is 4 January.
        #expect(bench.shelf.timers["postmortem/action:ACT-1:overdue"]?.due.rfc3339 == "2027-01-04T09:00:00Z")
    }

    @Test func `an item that is due in less than two days is not announced`() async throws {
        let bench = try postmortemBench()
        _ = try await add(bench, "x", ["due": "2026-11-24T09:00:00Z"])
        #expect(Array(bench.shelf.timers.keys) == ["postmortem/action:ACT-1:overdue"])
    }

    @Test func `done is a claim with evidence until somebody else has verified it`() async throws {
        let bench = try postmortemBench()
        _ = try await add(bench)
        func complete(_ more: ValueMap) async throws -> Value {
            try await bench.run(
                "postmortem.complete_action", with: .map((["id": "ACT-1"] as ValueMap).merging(more)))
        }
        for (with, code) in [
            (["by": "agent-1"], "evidence_missing"), (["by": "agent-1", "evidence": "  "], "evidence_missing"),
            (["by": "agent-4", "verify": true], "not_claimed"),
            (["by": "agent-4", "verify": true, "wont_do": "x"], "invalid_input"),
        ] as [(ValueMap, String)] {
            #expect(await failure { try await complete(with) }?.code == code)
        }
        var output = try await complete(["by": "agent-2", "evidence": "https://example.com/alert"])
        #expect(output["state"] == "done_claimed" && output["changed"] == true)
        #expect(bench.shelf.emitted.last?.type == "action.completed")
        #expect(try await complete(["by": "agent-2", "evidence": "again"])["changed"] == false)
        for by in ["agent-1", "agent-2", "user1@example.com"] {
            #expect(await failure { try await complete(["by": .string(by), "verify": true]) }?.code == "same_person")
        }
        output = try await complete(["by": "agent-4", "verify": true])
        #expect(output["state"] == "verified" && output["action"]?["verified_by"] == "agent-4")
        #expect(bench.shelf.emitted.last?.type == "action.verified")
        #expect(try await complete(["by": "agent-4", "verify": true])["changed"] == false)
        #expect(await failure { try await complete(["by": "agent-1", "evidence": "x"]) }?.code == "already_closed")
        #expect(bench.shelf.emitted.count == 3)
    }

    @Test func `what will not be done needs a reason and somebody else`() async throws {
        let bench = try postmortemBench()
        _ = try await add(bench)
        let own = await failure {
            try await bench.run(
                "postmortem.complete_action", with: ["id": "ACT-1", "by": "agent-1", "wont_do": "no time"])
        }
        #expect(own?.code == "same_person")
        let output = try await bench.run(
            "postmortem.complete_action", with: ["id": "ACT-1", "by": "agent-4", "wont_do": "replaced"])
        #expect(output["state"] == "wont_do" && bench.shelf.timers.isEmpty)
    }

    @Test(
        "lists by owner, team, state, incident and whether they are overdue",
        arguments: [
            ([:], ["ACT-1", "ACT-2", "ACT-3"]), (["owner": "agent-1"], ["ACT-1"]),
            (["team": "support"], ["ACT-1", "ACT-2", "ACT-3"]),
            (["team": "incident-managers"], []),
            (["state": "open"], ["ACT-1", "ACT-3"]), (["state": ["done_claimed", "verified"]], ["ACT-2"]),
            (["overdue": true], ["ACT-1"]), (["overdue": false], ["ACT-2", "ACT-3"]),
            (["incident": "INC-7"], ["ACT-1", "ACT-2"]), (["incident": "incident:INC-8"], ["ACT-3"]),
            (["incident": "ticket:INC-7"], []), (["postmortem": "PM-1"], ["ACT-1", "ACT-2"]), (["limit": 1], ["ACT-1"]),
        ] as [(Value, [String])])
    func list(with: Value, expected: [String]) async throws {
        var bench = try postmortemBench()
        try await bench.run("postmortem.open")
        _ = try await add(bench, "a", ["priority": "P1"])
        _ = try await add(bench, "b", ["owner": "agent-2"])
        _ = try await add(bench, "c", ["owner": nil, "team": "support", "incident": "INC-8", "priority": "P3"])
        try await bench.run("postmortem.complete_action", with: ["id": "ACT-2", "by": "agent-2", "evidence": "x"])
        bench.now = bench.now + .seconds(31 * 86_400)
        let output = try await bench.run("postmortem.list_actions", with: with)
        #expect(output["actions"]?.list?.compactMap { $0["id"]?.string } == expected)
        #expect(output["overdue"]?.int == (expected.contains("ACT-1") ? 1 : 0))
        #expect(output["more"]?.bool == (with["limit"] != nil))
    }

    @Test("an item that is not there", arguments: ["ACT-9", "x"])
    func unknown(id: String) async throws {
        let bench = try postmortemBench()
        let failure = await failure {
            try await bench.run("postmortem.complete_action", with: ["id": .string(id), "by": "agent-1"])
        }
        #expect(failure?.code == "unknown_action")
        try bench.accept(
            Event(
                id: "1", source: "test", type: "action.overdue", time: bench.now,
                data: ["action": ["id": .string(id)]]))
        #expect(bench.shelf.timers.isEmpty)
    }
}
