import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Scheduling") struct ScheduleTests {
    @Test(
        "who must approve before a window is scheduled",
        arguments: [
            ("standard", nil, "scheduled"), ("normal", nil, "proposed"), ("normal", "agent-4", "scheduled"),
            ("normal", "agent-1", "scheduled"), ("emergency", nil, "proposed"), ("emergency", "agent-4", "scheduled"),
        ] as [(String, String?, String)])
    func states(kind: String, approver: String?, state: String) async throws {
        let bench = try maintenanceBench()
        var with: ValueMap = ["kind": .string(kind), "owner": "agent-1"]
        if let approver { with["approved_by"] = .string(approver) }
        let output = try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22), with))
        #expect(output["state"]?.string == state)
        let event = try #require(bench.shelf.emitted.first)
        #expect(event.type == "maintenance.\(state)" && event.subject == "maintenance:MW-1")
        let schema = try #require(EventCatalog.standard.schema(ofType: event.type))
        #expect(schema.violations(of: .map(event.data)) == [])
        #expect(bench.shelf.timers.isEmpty == (state == "proposed"))
    }

    @Test func `the owner of an emergency cannot approve it`() async throws {
        let bench = try maintenanceBench()
        let failure = await failure {
            try await bench.run(
                "maintenance.schedule",
                with: window(
                    "payments", at(28, 20), at(28, 22),
                    ["kind": "emergency", "owner": "agent-1", "approved_by": "agent-1"]))
        }
        #expect(failure?.code == "self_approval")
    }

    @Test func `a proposed window is scheduled when it is approved, and proposed again when it is moved`() async throws
    {
        let bench = try maintenanceBench()
        let normal: ValueMap = ["kind": "normal", "owner": "agent-1", "title": "Upgrade"]
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22), normal))
        var output = try await bench.run(
            "maintenance.schedule",
            with: window(
                "payments", at(28, 20), at(28, 22), ["kind": "normal", "id": "MW-1", "approved_by": "agent-4"]))
        #expect(output["state"] == "scheduled" && output["id"] == "MW-1")
        #expect(output["window"]?["title"] == "Upgrade" && output["window"]?["owner"] == "agent-1")
        output = try await bench.run(
            "maintenance.schedule",
            with: window("payments", at(28, 20), at(28, 22), ["kind": "normal", "id": "MW-1", "title": "Upgrade it"]))
        #expect(output["state"] == "scheduled")
        output = try await bench.run(
            "maintenance.schedule", with: window("payments", at(28, 21), at(28, 23), ["kind": "normal", "id": "MW-1"]))
        #expect(output["state"] == "proposed" && output["window"]?["approved_by"] == Value.null)
        #expect(bench.shelf.timers.isEmpty)
        #expect(
            bench.shelf.emitted.map(\.type) == [
                "maintenance.proposed", "maintenance.scheduled", "maintenance.scheduled", "maintenance.proposed",
            ])
        #expect(Set(bench.shelf.emitted.compactMap(\.key)).count == 4)
    }

    @Test func `the same again changes nothing and tells nothing`() async throws {
        let bench = try maintenanceBench()
        let with = window("payments", at(28, 20), at(28, 22), ["id": "MW-1"])
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        let output = try await bench.run("maintenance.schedule", with: with)
        #expect(output["changed"] == false)
        #expect(bench.shelf.emitted.count == 1)
    }

    @Test(
        "what happens when the window must not be there",
        arguments: [("fail", nil), ("propose", "proposed"), ("ignore", "scheduled")] as [(String, String?)])
    func conflict(policy: String, state: String?) async throws {
        let bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        let with = window("payments", at(28, 21), at(28, 23), ["on_conflict": .string(policy)])
        if let state {
            let output = try await bench.run("maintenance.schedule", with: with)
            #expect(output["state"]?.string == state)
            #expect(output["conflicts"]?.list?.count == 1)
            #expect(output["next_free"]?["starts_at"]?.timestamp == at(28, 22).timestamp)
            #expect(bench.shelf.all(in: "maintenance.windows")["MW-2"]?["conflicts"]?.list?.count == 1)
        } else {
            let failure = await failure { try await bench.run("maintenance.schedule", with: with) }
            #expect(failure?.code == "maintenance_conflict")
            #expect(failure?.message.contains("MW-1") == true)
            #expect(failure?.message.contains("2026-11-28T22:00:00Z") == true)
            #expect(bench.state("MW-2") == nil)
            #expect(bench.shelf.emitted.count == 1)
        }
    }

    @Test(
        "what cannot be scheduled",
        arguments: [
            (["zone": "Europe/Berlim"], "unknown_zone", "did you mean Europe/Berlin?"),
            (["zone": "Mars"], "unknown_zone", ""),
            (["owner": "agent-7"], "unknown_person", "did you mean"),
            (["starts_at": at(22, 20), "ends_at": at(28, 22)], "invalid_times", "past"),
            (["starts_at": at(22, 20), "ends_at": at(22, 22), "kind": "emergency"], "invalid_times", "ended already"),
        ] as [(ValueMap, String, String)])
    func refused(change: ValueMap, code: String, hint: String) async throws {
        let bench = try maintenanceBench()
        let with = window("payments", at(28, 20), at(28, 22), change)
        let failure = await failure { try await bench.run("maintenance.schedule", with: with) }
        #expect(failure?.code == code)
        #expect(failure?.message.contains(hint) == true, "\(failure?.message ?? "")")
        #expect(bench.shelf.all(in: "maintenance.windows").isEmpty)
    }

    @Test func `a window of another system keeps its id, known before or not`() async throws {
        let bench = try maintenanceBench()
        try bench.accept(
            Event(
                id: "1", source: "other", type: "maintenance.proposed", time: bench.now,
                data: [
                    "maintenance": [
                        "id": "CHG-1", "owner": "somebody-there", "services": ["payments"], "starts_at": at(28, 20),
                        "ends_at": at(28, 22),
                    ]
                ]))
        for id in ["CHG-1", "CHG-2"] {
            let services: Value = id == "CHG-1" ? "payments" : "checkout"
            let output = try await bench.run(
                "maintenance.schedule", with: window(services, at(28, 20), at(28, 22), ["id": .string(id)]))
            #expect(output["window"]?["owner"]?.string == (id == "CHG-1" ? "somebody-there" : nil))
            #expect(output["id"]?.string == id && output["state"] == "scheduled" && output["changed"] == true)
        }
        #expect(bench.shelf.timers.count == 8)
    }

    @Test func `a normal window that comes too late says so`() async throws {
        var bench = try maintenanceBench()
        bench.settings["maintenance"] = ["lead_time": "24h"]
        for (start, late) in [(at(24, 8), true), (at(24, 9), false)] {
            let output = try await bench.run(
                "maintenance.schedule",
                with: ["services": "payments", "starts_at": start, "duration": "1h", "on_conflict": "ignore"])
            #expect(output["late"]?.bool == late)
        }
    }
}
