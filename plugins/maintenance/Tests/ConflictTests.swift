import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Conflicts") struct ConflictTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var services: Value = ["payments"]
        var start: Value
        var end: Value
        var more: ValueMap = [:]
        /// `kind severity`, in order.
        var found: [String]
        var testDescription: String { name }
    }

    @Test(
        "a window against payments from 20:00 to 22:00 on the 28th",
        arguments: [
            Case(name: "inside", start: at(28, 20, 30), end: at(28, 21), found: ["same_service block"]),
            Case(name: "around", start: at(28, 19), end: at(28, 23), found: ["same_service block"]),
            Case(name: "the same", start: at(28, 20), end: at(28, 22), found: ["same_service block"]),
            Case(name: "over its start", start: at(28, 19), end: at(28, 20, 1), found: ["same_service block"]),
            Case(name: "over its end", start: at(28, 21, 59), end: at(28, 23), found: ["same_service block"]),
            Case(name: "touching its start", start: at(28, 19), end: at(28, 20), found: []),
            Case(name: "touching its end", start: at(28, 22), end: at(28, 23), found: []),
            Case(name: "another day", start: at(29, 20), end: at(29, 22), found: []),
            Case(
                name: "needing it", services: ["checkout"], start: at(28, 20), end: at(28, 21),
                found: ["dependency warn"]),
            Case(
                name: "needing it by way of another", services: ["shop"], start: at(28, 20), end: at(28, 21),
                found: ["dependency warn"]),
            Case(
                name: "needed by it", services: ["database"], start: at(28, 20), end: at(28, 21),
                found: ["dependent warn"]),
            Case(
                name: "both itself and what needs it", services: ["checkout", "payments"], start: at(28, 20),
                end: at(28, 21), found: ["same_service block"]),
            Case(
                name: "the same owner elsewhere", services: ["mail"], start: at(28, 20), end: at(28, 21),
                more: ["owner": "agent-1"], found: ["same_owner warn"]),
            Case(
                name: "another owner elsewhere", services: ["mail"], start: at(28, 20), end: at(28, 21),
                more: ["owner": "agent-2"], found: []),
            Case(name: "itself", start: at(28, 21), end: at(28, 23), more: ["window": "MW-1"], found: []),
        ])
    func overlaps(_ example: Case) async throws {
        var bench = try maintenanceBench()
        bench.directory.services = Self.services
        try await bench.run(
            "maintenance.schedule", with: window(["payments"], at(28, 20), at(28, 22), ["owner": "agent-1"]))
        let with: ValueMap = ["services": example.services, "starts_at": example.start, "ends_at": example.end]
        let output = try await bench.run("maintenance.check_conflicts", with: .map(with.merging(example.more)))
        let found = output["conflicts"]?.list?.map {
            "\($0["kind"]?.string ?? "") \($0["severity"]?.string ?? "")"
        }
        #expect(found == example.found)
        #expect(output["blocked"]?.bool == example.found.contains { $0.hasSuffix("block") })
    }

    /// shop needs checkout needs payments needs database, which needs payments again: a circle must not hang.
    static var services: [Service] {
        [
            ("shop", ["checkout"]), ("checkout", ["payments"]), ("payments", ["database"]), ("database", []),
            ("mail", []),
        ]
        .map { id, dependencies in
            var service = Service(id: id, name: id)
            service.dependencies = dependencies
            return service
        }
    }

    @Test func `services that need one another in a circle are walked once`() async throws {
        var bench = try maintenanceBench()
        bench.directory.services = Self.services
        bench.directory.services[3].dependencies = ["payments", "database"]
        try await bench.run("maintenance.schedule", with: window(["database"], at(28, 20), at(28, 22)))
        let output = try await bench.run(
            "maintenance.check_conflicts", with: ["services": "payments", "starts_at": at(28, 20), "duration": "1h"])
        #expect(output["conflicts"]?.list?.map { $0["kind"] } == ["dependency"])
    }

    @Test func `the overlap is what both share`() async throws {
        let bench = try maintenanceBench()
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        let output = try await bench.run(
            "maintenance.check_conflicts",
            with: ["services": "payments", "starts_at": at(28, 21), "ends_at": at(28, 23)])
        let conflict = try #require(output["conflicts"]?.list?.first)
        #expect(conflict["overlap_start"]?.timestamp == at(28, 21).timestamp)
        #expect(conflict["overlap_end"]?.timestamp == at(28, 22).timestamp)
        #expect(conflict["window"] == "MW-1" && conflict["service"] == "payments")
    }

    @Test func `ended and cancelled windows are not compared, proposed ones only warn`() async throws {
        var bench = try maintenanceBench()
        let with: Value = ["services": "payments", "starts_at": at(28, 20), "ends_at": at(28, 22)]
        try await bench.run("maintenance.schedule", with: with)
        var output = try await bench.run("maintenance.check_conflicts", with: with)
        #expect(output["conflicts"]?.list?.map { $0["severity"] } == ["warn"])
        try await bench.run("maintenance.cancel", with: ["id": "MW-1", "reason": "not now"])
        output = try await bench.run("maintenance.check_conflicts", with: with)
        #expect(output["conflicts"]?.list?.isEmpty == true)
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 20), at(28, 22)))
        try bench.advance(to: try #require(at(28, 22).timestamp))
        #expect(bench.state("MW-2") == "completed")
        output = try await bench.run("maintenance.check_conflicts", with: with)
        #expect(output["conflicts"]?.list?.isEmpty == true)
    }

    /// Nights from 22:00 to 02:00, but none that begins on a Sunday.
    static let nights = WeeklyHours(
        days: (0..<7).map { $0 == 6 ? [] : [WeeklyHours.Interval(start: 22 * 60, end: 26 * 60)] })

    @Test(
        "the hours of a service, in its zone",
        arguments: [
            (at(28, 21), at(28, 23), "normal", nil, nil),
            (at(28, 21), at(29, 1), "normal", nil, nil),
            (at(28, 21), at(29, 1, 1), "normal", "block", at(29, 1)),
            (at(28, 20, 59), at(28, 23), "normal", "block", at(28, 20, 59)),
            (at(29, 21), at(29, 22), "normal", "block", at(29, 21)),
            (at(29, 21), at(29, 22), "emergency", "warn", at(29, 21)),
            (at(28, 12), at(28, 13), "standard", "block", at(28, 12)),
        ] as [(Value, Value, String, String?, Value?)])
    func hours(start: Value, end: Value, kind: String, severity: String?, from: Value?) async throws {
        var bench = try maintenanceBench()
        bench.directory.services[1].windows = Self.nights
        let output = try await bench.run(
            "maintenance.check_conflicts",
            with: ["services": "payments", "starts_at": start, "ends_at": end, "kind": .string(kind)])
        let conflict = output["conflicts"]?.list?.first
        #expect(conflict?["severity"]?.string == severity)
        #expect(conflict?["overlap_start"]?.timestamp == from?.timestamp)
        #expect((conflict?["kind"]?.string == "outside_hours") == (severity != nil))
    }

    @Test(
        "the next free time",
        arguments: [
            // The time asked for is free.
            (at(27, 21), "1h", at(27, 21)),
            // After the window of the 28th, which ends at 23:00, inside the same night.
            (at(28, 21), "1h", at(28, 23)),
            // Three hours do not fit before 01:00, and Sunday has no night: Monday.
            (at(28, 21), "3h", at(30, 21)),
            // At noon: the next night.
            (at(27, 12), "2h", at(27, 21)),
            // Longer than any night.
            (at(27, 12), "5h", nil),
        ] as [(Value, Value, Value?)])
    func nextFree(start: Value, duration: Value, expected: Value?) async throws {
        var bench = try maintenanceBench()
        bench.directory.services[1].windows = Self.nights
        try await bench.run("maintenance.schedule", with: window("payments", at(28, 21), at(28, 23)))
        let output = try await bench.run(
            "maintenance.check_conflicts", with: ["services": "payments", "starts_at": start, "duration": duration])
        #expect(output["next_free"]?["starts_at"]?.timestamp == expected?.timestamp)
    }

    @Test func `the night in which clocks are set back is an hour longer`() async throws {
        var bench = try maintenanceBench()
        bench.directory.services[1].windows = WeeklyHours(
            days: Array(repeating: [WeeklyHours.Interval(start: 60, end: 240)], count: 7))
        // 2027-10-31 in Berlin: 01:00 is 23:00Z the day before, 04:00 is 03:00Z: four hours.
        for (end, blocked) in [("2027-10-31T03:00:00Z", false), ("2027-10-31T03:01:00Z", true)] {
            let output = try await bench.run(
                "maintenance.check_conflicts",
                with: ["services": "payments", "starts_at": "2027-10-30T23:00:00Z", "ends_at": .string(end)])
            #expect(output["blocked"]?.bool == blocked, "\(end)")
        }
    }

    @Test(
        "times and services that cannot be",
        arguments: [
            (["services": "payments", "starts_at": at(28, 21), "ends_at": at(28, 21)], "invalid_times"),
            (["services": "payments", "starts_at": at(28, 21), "ends_at": at(28, 20)], "invalid_times"),
            (["services": "payments", "starts_at": at(28, 21), "duration": "91d"], "invalid_times"),
            (["services": "payments", "starts_at": at(28, 21), "duration": "-1h"], "invalid_times"),
            (["services": "payments", "starts_at": at(28, 21)], "invalid_input"),
            (
                ["services": "payments", "starts_at": at(28, 21), "ends_at": at(28, 22), "duration": "1h"],
                "invalid_input"
            ),
            (["services": "paymints", "starts_at": at(28, 21), "duration": "1h"], "unknown_service"),
        ] as [(Value, String)])
    func impossible(with: Value, code: String) async throws {
        let bench = try maintenanceBench()
        for action in ["check_conflicts", "schedule"] {
            let failure = await failure { try await bench.run("maintenance.\(action)", with: with) }
            #expect(failure?.code == code)
            #expect(failure?.kind == .permanent)
        }
    }
}
