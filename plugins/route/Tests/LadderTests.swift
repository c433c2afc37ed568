import PluginTesting
import Testing
import WorkflowModel

@Suite struct LadderTests {
    @Test(
        "without from, the pool is the team asked for, the ticket's, that of its service, or everybody",
        arguments: [
            (["team": "incident-managers"] as Value, ["team": "support"] as ValueMap, "agent-4"),
            ([:], ["team": "incident-managers", "service": "checkout"], "agent-4"),
            ([:], ["service": "checkout"], "agent-1"), ([:], ["team": "unknown", "service": "checkout"], "agent-1"),
            ([:], [:], "agent-1"),
        ] as [(Value, ValueMap, String)])
    func pools(with: Value, ticket: ValueMap, expected: String) async throws {
        var bench = try routeBench()
        bench.names = ["ticket": .map(ticket)]
        #expect(try await bench.assignee(with) == expected)
    }

    @Test func `overflow, owner, unrouted: one after the other, with everybody in the table`() async throws {
        var bench = try routeBench()
        for number in 1...3 { bench.person("agent-\(number)") { $0.capacity = 0 } }
        let with: ValueMap = ["from": "group:support", "overflow": ["group:incident-managers"], "queue": "first"]
        var output = try await bench.run("route.assign", with: .map(with))
        #expect(output["assignee"] == "agent-4")
        #expect(output["fallback"] == "overflow")
        #expect(output["team"] == "incident-managers")
        #expect(output["queue"] == "first")
        #expect(output["ladder"]?.list?.count == 2)

        bench.person("agent-4") { $0.isAvailable = false }
        output = try await bench.run("route.assign", with: .map(with))
        #expect(output["fallback"] == "owner")
        #expect(output["assignee"] == "agent-1", "the lead gets it although full")
        #expect(bench.shelf.emitted.isEmpty)

        bench.person("agent-1") { $0.isAvailable = false }
        output = try await bench.run("route.assign", with: .map(with))
        #expect(output["assignee"] == .null)
        #expect(output["fallback"] == "unrouted")
        #expect(output["queue"] == "unrouted")
        #expect(
            output["elimination"]?.list?.map { $0["person"]?.string } == [
                "agent-1", "agent-2", "agent-3", "agent-4", "agent-1",
            ])
        let event = try #require(bench.shelf.emitted.first)
        #expect(event.type == "routing.unrouted")
        #expect(event.subject == "ticket:4711")
        #expect(event.data["routing"]?["ticket"] == "4711")
        #expect(event.data["routing"]?["queue"] == "unrouted")
        #expect(event.data["routing"]?["eliminated"] == output["elimination"])
        #expect(event.key == "unrouted/run_test/steps[0]")
        let schema = try #require(EventCatalog.standard.schema(ofType: event.type))
        #expect(schema.violations(of: .map(event.data)) == [])
        #expect(bench.shelf.all(in: "route.assignments").count == 1, "nobody was assigned the last time")
    }

    @Test func `a named owner goes before the lead, and an excluded one gets nothing`() async throws {
        var bench = try routeBench()
        for number in 1...3 { bench.person("agent-\(number)") { $0.capacity = 0 } }
        #expect(try await bench.assignee(["from": "support", "owner": "agent-4"]) == "agent-4")
        #expect(try await bench.assignee(["from": "support", "exclude": ["agent-1"]]) == nil)
    }

    @Test func `who is on call at the instant of the step gets it, working hours or not`() async throws {
        var bench = try routeBench()
        bench.person("agent-1") { $0.hours = nights }
        var output = try await bench.run("route.assign", with: ["from": "on-call of support-primary"])
        #expect(output["assignee"] == "agent-1")
        #expect(output["on_call"] == ["schedule": "support-primary", "by": "layer 1"])
        bench.now = Samples.now + .seconds(7 * 86_400)
        #expect(try await bench.assignee(["from": "on-call of support-primary"]) == "agent-2")
        bench.directory.onCall[0].overrides = [
            .init(person: "agent-3", from: bench.now, until: bench.now + .seconds(60))
        ]
        output = try await bench.run("route.assign", with: ["from": "on-call of support-primary"])
        #expect(output["assignee"] == "agent-3")
        #expect(output["on_call"]?["by"] == "override 1")
        bench.now = bench.now + .seconds(60)
        #expect(try await bench.assignee(["from": "on-call of support-primary"]) == "agent-2")
    }

    @Test func `nobody on call is an event, and the ladder goes on at once or the step fails`() async throws {
        var bench = try routeBench()
        bench.now = Samples.now - .seconds(7 * 86_400)
        let output = try await bench.run(
            "route.assign", with: ["from": "on-call of support-primary", "overflow": "agent-4"])
        #expect(output["assignee"] == "agent-4")
        #expect(output["ladder"]?.list?.first?["nobody_on_call"] == ["support-primary"])
        let gap = try #require(bench.shelf.emitted.first)
        #expect(gap.type == "oncall.gap")
        #expect(EventCatalog.standard.subject(ofType: gap.type, data: gap.data) == "oncall:support-primary")
        _ = try await bench.run("route.assign", with: ["from": "on-call of support-primary"])
        #expect(bench.shelf.emitted.map(\.type) == ["oncall.gap", "oncall.gap", "routing.unrouted"])
        let sut = bench
        await #expect {
            try await sut.run("route.assign", with: ["from": "on-call of support-primary", "on_gap": "fail"])
        } throws: { ($0 as? Failure)?.code == "oncall_gap" }
        #expect(bench.shelf.emitted.count == 3, "a failed step changes nothing")
    }

    @Test(
        "recipients that are nobody are failures",
        arguments: [
            ("group:nobody", "unknown_recipient"), ("on-call of nothing", "unknown_recipient"),
            ("agent-9", "unknown_recipient"), ("user9@example.com", "unknown_recipient"), ("#support", "invalid_input"),
            ("lead of nobody", "unknown_recipient"), ("list:nothing", "unknown_recipient"),
        ])
    func unknown(from: String, code: String) async throws {
        let bench = try routeBench()
        await #expect { try await bench.run("route.assign", with: ["from": .string(from)]) } throws: {
            ($0 as? Failure)?.code == code
        }
    }

    @Test func `an assignment is recorded with its time, and counted for the person`() async throws {
        let bench = try routeBench()
        try await bench.run("route.assign", with: ["from": "agent-2"])
        try await bench.run("route.assign", with: ["from": "user2@example.com", "ticket": "4712"])
        let assignment = try #require(bench.shelf.all(in: "route.assignments")["4711"])
        #expect(assignment["assignee"] == "agent-2")
        #expect(assignment["at"] == .timestamp(Samples.now))
        #expect(assignment["step"] == "steps[0]")
        #expect(bench.shelf.all(in: "route.people")["agent-2"] == ["last_at": .timestamp(Samples.now), "count": 2])
    }

    @Test func `the manifest holds, its examples fit, and bad input is refused`() async throws {
        let bench = try routeBench()
        #expect(PluginChecks.manifest(bench.plugins[0]) == [])
        #expect(PluginChecks.examples(bench.plugins[0]) == [])
        #expect(await PluginChecks.badInput(bench.plugins[0], on: bench) == [])
    }
}
