import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("A window's life") struct LifeTests {
    /// The timers of window MW-1: moment to type and due time.
    private func timers(_ bench: PluginBench) -> [String] {
        bench.shelf.timers.values.sorted { $0.due < $1.due }.map {
            "\($0.due.rfc3339.dropFirst(8).prefix(8)) \($0.event.type.dropFirst("maintenance.".count))"
        }
    }

    @Test(
        "the timers of a window",
        arguments: [
            (
                at(28, 20), at(28, 22), true,
                ["28T19:00 starting", "28T20:00 started", "28T21:45 ending", "28T22:00 completed"]
            ),
            (
                at(28, 20), at(28, 22), false,
                ["28T19:00 starting", "28T20:00 started", "28T21:45 ending", "28T22:00 overrun"]
            ),
            (at(28, 20), at(28, 20, 15), true, ["28T19:00 starting", "28T20:00 started", "28T20:15 completed"]),
            // Within the hour before: the announcement comes at once.
            (
                at(23, 9, 30), at(23, 11), true,
                ["23T09:00 starting", "23T09:30 started", "23T10:45 ending", "23T11:00 completed"]
            ),
            // It begins at this very instant.
            (at(23, 9), at(23, 10), true, ["23T09:00 started", "23T09:45 ending", "23T10:00 completed"]),
        ] as [(Value, Value, Bool, [String])])
    func timers(start: Value, end: Value, completes: Bool, expected: [String]) async throws {
        let bench = try maintenanceBench()
        try await bench.run(
            "maintenance.schedule", with: window("payments", start, end, ["auto_complete": .bool(completes)]))
        #expect(timers(bench) == expected)
    }

    @Test func `an emergency that is recorded afterwards begins now and warns of nothing that is past`() async throws {
        let bench = try maintenanceBench()
        try await bench.run(
            "maintenance.schedule",
            with: window("payments", at(23, 8), at(23, 9, 10), ["kind": "emergency", "approved_by": "agent-4"]))
        #expect(timers(bench) == ["23T09:00 started", "23T09:10 completed"])
    }

    @Test func `timers move the window, and each event carries it as it is`() async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(at(28, 19, 59).timestamp))
        #expect(bench.state("MW-1") == "scheduled")
        try bench.advance(to: try #require(at(28, 20).timestamp))
        #expect(bench.state("MW-1") == "in_progress")
        try bench.advance(to: try #require(at(28, 22).timestamp))
        #expect(bench.state("MW-1") == "completed")
        #expect(bench.shelf.timers.isEmpty)
        #expect(bench.shelf.all(in: "maintenance.windows")["MW-1"]?["ends_at"]?.timestamp == at(28, 22).timestamp)
    }

    @Test func `the facts of an event are the window as it is kept`() async throws {
        let bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        let facts = try bench.accept(
            Event(
                id: "1", source: "test", type: "maintenance.started", time: bench.now,
                data: ["maintenance": ["id": "MW-1"]]))
        #expect(facts["maintenance"]?["state"] == "in_progress")
        #expect(facts["maintenance"]?["services"] == ["payments"])
    }

    @Test func `without completing itself a window is overrun until somebody says it is done`() async throws {
        var bench = try maintenanceBench()
        try await bench.run(
            "maintenance.schedule", with: window("payments", at(28, 20), at(28, 22), ["auto_complete": false]))
        try bench.advance(to: try #require(at(28, 23).timestamp))
        #expect(bench.state("MW-1") == "in_progress")
        try bench.accept(
            Event(
                id: "done", source: "test", type: "maintenance.completed", time: bench.now,
                data: ["maintenance": ["id": "MW-1"]]))
        #expect(bench.state("MW-1") == "completed")
    }

    @Test func `an extension moves the end and its timers, and keeps the first end`() async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(at(28, 21).timestamp))
        try bench.accept(
            Event(
                id: "more", source: "test", type: "maintenance.extended", time: bench.now,
                data: ["maintenance": ["id": "MW-1", "ends_at": at(28, 23)]]))
        #expect(timers(bench) == ["28T22:45 ending", "28T23:00 completed"])
        let kept = bench.shelf.all(in: "maintenance.windows")["MW-1"]
        #expect(kept?["original_ends_at"]?.timestamp == at(28, 22).timestamp)
    }

    @Test(
        "cancelling before and after the start",
        arguments: [
            (at(28, 19, 59), "cancelled", "maintenance.cancelled", false),
            (at(28, 20), "completed", "maintenance.completed", true),
            (at(28, 21), "completed", "maintenance.completed", true),
        ] as [(Value, String, String, Bool)])
    func cancel(when: Value, state: String, event: String, early: Bool) async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(when.timestamp))
        let output = try await bench.run(
            "maintenance.cancel", with: ["id": "MW-1", "reason": "ready", "by": "agent-1"])
        #expect(output["state"]?.string == state && output["ended_early"]?.bool == early)
        #expect(output["window"]?["reason"] == "ready (agent-1)")
        #expect(bench.shelf.timers.isEmpty)
        #expect(bench.shelf.emitted.last?.type == event)
        let kept = try #require(bench.shelf.all(in: "maintenance.windows")["MW-1"])
        #expect(kept["original_ends_at"]?.timestamp == at(28, 22).timestamp)
        let end = try #require(kept["ends_at"]?.timestamp)
        #expect(!early || end <= bench.now + .nanoseconds(1))
    }

    @Test func `a start that was not told yet counts all the same`() async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        bench.now = try #require(at(28, 21).timestamp)
        #expect(try await bench.run("maintenance.cancel", with: ["id": "MW-1", "reason": "x"])["ended_early"] == true)
    }

    @Test func `cancelling twice changes nothing, and what ended stays ended`() async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try await bench.run("maintenance.cancel", with: ["id": "MW-1", "reason": "x"])
        #expect(try await bench.run("maintenance.cancel", with: ["id": "MW-1", "reason": "y"])["changed"] == false)
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(at(28, 22).timestamp))
        for (action, with) in [
            ("cancel", ["id": "MW-2", "reason": "x"]), ("cancel", ["id": "MW-3", "reason": "x"]),
            ("schedule", window("payments", at(29, 20), at(29, 22), ["id": "MW-1"])),
        ] as [(String, Value)] {
            let failure = await failure { try await bench.run("maintenance.\(action)", with: with) }
            #expect(failure?.code == (with["id"] == "MW-3" ? "unknown_window" : "already_ended"))
        }
    }

    @Test func `a window that has begun is not moved`() async throws {
        var bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(at(28, 20).timestamp))
        let failure = await failure {
            try await bench.run(
                "maintenance.schedule", with: window("payments", at(29, 20), at(29, 22), ["id": "MW-1"]))
        }
        #expect(failure?.code == "already_started")
    }

    @Test func `windows of another system are kept, and odd events do no harm`() async throws {
        let bench = try maintenanceBench()
        let foreign: Value = [
            "id": "CHG-1", "title": "Theirs", "services": ["payments"], "starts_at": at(28, 20), "ends_at": at(28, 22),
        ]
        for (id, data) in [
            ("1", ["maintenance": foreign]), ("2", ["maintenance": ["id": "CHG-2"]]), ("3", ["maintenance": "x"]),
            ("4", [:]), ("5", ["maintenance": ["id": "CHG-3", "services": 1, "starts_at": "x", "ends_at": nil]]),
        ] as [(String, ValueMap)] {
            try bench.accept(
                Event(id: id, source: "other", type: "maintenance.scheduled", time: bench.now, data: data))
        }
        #expect(Array(bench.shelf.all(in: "maintenance.windows").keys) == ["CHG-1"])
        let output = try await bench.run(
            "maintenance.check_conflicts", with: ["services": "payments", "starts_at": at(28, 21), "duration": "1h"])
        #expect(output["conflicts"]?.list?.first?["window"] == "CHG-1")
    }

    @Test(
        "lists by service, state, owner and time",
        arguments: [
            ([:], ["MW-1", "MW-2", "MW-3"]), (["service": "payments"], ["MW-1", "MW-3"]),
            (["state": "proposed"], ["MW-2"]), (["state": ["scheduled", "proposed"]], ["MW-1", "MW-2", "MW-3"]),
            (["owner": "agent-2"], ["MW-3"]), (["from": at(26, 22)], ["MW-2", "MW-3"]),
            (["from": at(26, 21)], ["MW-1", "MW-2", "MW-3"]), (["until": at(27, 20)], ["MW-1"]),
            (["from": at(27, 21), "until": at(28, 20)], ["MW-2"]), (["limit": 2], ["MW-1", "MW-2"]),
        ] as [(Value, [String])])
    func list(with: Value, expected: [String]) async throws {
        let bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(26, 20), at(26, 22)))
        try await bench.run(
            "maintenance.schedule", with: window("checkout", at(27, 20), at(27, 22), ["kind": "normal"]))
        try await bench.run(
            "maintenance.schedule",
            with: window(["payments", "checkout"], at(28, 20), at(28, 22), ["owner": "agent-2"]))
        let output = try await bench.run("maintenance.list", with: with)
        #expect(output["windows"]?.list?.compactMap { $0["id"]?.string } == expected)
        #expect(output["more"]?.bool == (with["limit"] != nil))
    }
}
