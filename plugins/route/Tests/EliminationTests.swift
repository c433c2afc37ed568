import PluginTesting
import Testing
import WorkflowModel

@Suite struct EliminationTests {
    @Test func `the table says of everybody why, or why not`() async throws {
        var bench = try routeBench()
        bench.directory.people += (5...8).map { number in
            var person = Person(id: "agent-\(number)", name: "Agent \(number)")
            person.groups = ["support"]
            person.skills = ["network": 3]
            return person
        }
        bench.person("agent-1") { $0.isAvailable = false }
        bench.person("agent-2") {
            $0.hours = nights
            $0.skills = ["network": 5]
        }
        bench.person("agent-3") { $0.skills = ["network": 1] }
        bench.person("agent-5") { $0.capacity = 2 }
        bench.person("agent-6") { $0.capacity = 5 }
        bench.person("agent-7") { $0.capacity = 5 }
        bench.load("agent-5", 2)
        bench.load("agent-6", 1)
        bench.load("agent-7", 3)
        bench.served("agent-6", minutesAgo: 30)
        let output = try await bench.run(
            "route.assign",
            with: [
                "from": "group:support", "skills": ["network": 2], "exclude": ["agent-8"], "strategy": "most_capacity",
            ])
        #expect(output["assignee"] == "agent-6")
        #expect(output["assignee_name"] == "Agent 6")
        #expect(output["team"] == "support")
        #expect(output["fallback"] == "none")
        #expect(output["reason"] == "has more room")
        let rows = output["elimination"]?.list?.map { row in
            [row["person"], row["kept"], row["stage"], row["reason"], row["load"], row["capacity"]].map {
                $0?.cell ?? "?"
            }.joined(separator: " | ")
        }
        #expect(
            rows == [
                "agent-1 | false | eligible | is not available | 0 | null",
                "agent-2 | false | eligible | is not on shift | 0 | null",
                "agent-3 | false | skills | needs network 2 and has 1 | 0 | null",
                "agent-5 | false | capacity | is full: 2 of 2 | 2 | 2",
                "agent-6 | true | picked | has more room | 1 | 5",
                "agent-7 | true | score | agent-6 has more room | 3 | 5",
                "agent-8 | false | eligible | is excluded by the step | 0 | null",
            ])
        #expect(
            output["ladder"] == [
                [
                    "pool": "group:support", "candidates": 7, "eligible": 4, "skilled": 3, "with_capacity": 2,
                    "nobody_on_call": [],
                ]
            ])
    }

    @Test(
        "shifts are local to the person",
        arguments: [
            ("2026-11-23T09:00:00Z", "agent-1"), ("2026-11-23T07:59:59Z", nil), ("2026-11-23T15:59:59Z", "agent-1"),
            ("2026-11-23T16:00:00Z", "agent-2"), ("2026-11-23T22:00:00Z", nil), ("2026-11-28T10:00:00Z", nil),
        ] as [(String, String?)])
    func shifts(time: String, expected: String?) async throws {
        var bench = try routeBench()
        bench.now = try #require(Timestamp(rfc3339: time))
        bench.directory.teams = []
        bench.person("agent-1") { $0.hours = officeHours }
        bench.person("agent-2") {
            $0.hours = officeHours
            $0.zone = "America/New_York"
        }
        // In New York it is 11:00 at 16:00Z; both are on shift from 14:00Z to 16:00Z.
        let with: Value = ["from": ["agent-1", "agent-2"], "exclude": [], "strategy": "least_loaded"]
        #expect(try await bench.assignee(with) == expected)
    }

    @Test func `the team's hours hold for members without their own, and can be ignored`() async throws {
        var bench = try routeBench()
        bench.directory.teams[0].hours = nights
        bench.directory.teams[0].lead = nil
        #expect(try await bench.assignee() == nil)
        #expect(try await bench.assignee(["from": "support", "respect_hours": false]) == "agent-1")
        bench.person("agent-3") { $0.hours = officeHours }
        #expect(try await bench.assignee() == "agent-3")
        bench.person("agent-3") { $0.hours?.zone = "Mars/Olympus" }
        let output = try await bench.run("route.assign", with: ["from": "agent-3"])
        #expect(output["elimination"]?.list?.first?["reason"] == "has hours in the unknown zone Mars/Olympus")
    }

    @Test func `skills: names, levels, letter case, and those that nobody has`() async throws {
        var bench = try routeBench()
        bench.person("agent-2") { $0.skills = ["Network": 2, "sql": 1] }
        bench.person("agent-3") { $0.skills = ["network": 4] }
        #expect(try await bench.assignee(["from": "support", "skills": "network"]) == "agent-2")
        #expect(try await bench.assignee(["from": "support", "skills": ["network": 3]]) == "agent-3")
        #expect(try await bench.assignee(["from": "support", "skills": ["network", "sql"]]) == "agent-2")
        var output = try await bench.run("route.assign", with: ["from": "support", "skills": ["vip", "sql"]])
        #expect(output["assignee"] == "agent-2")
        #expect(output["unknown_skills"] == ["vip"])
        output = try await bench.run("route.assign", with: ["from": "support", "preferred": ["network": 3]])
        #expect(output["assignee"] == "agent-3")
        #expect(output["reason"] == "has more of the preferred skills")
        await #expect {
            try await bench.run(
                "route.assign", with: ["from": "support", "skills": ["netwrok"], "strict_skills": true])
        } throws: {
            ($0 as? Failure)?.code == "unknown_skill" && ($0 as? Failure)?.message.contains("did you mean") == true
        }
    }

    @Test func `what counts as load`() async throws {
        var bench = try routeBench()
        bench.load("agent-1", 5, status: "pending")
        bench.load("agent-2", 1)
        bench.load("agent-3", 2, status: "new")
        let with: Value = ["from": "support", "strategy": "least_loaded", "exclude": ["agent-1"]]
        #expect(try await bench.assignee(["from": "support", "strategy": "least_loaded"]) == "agent-1")
        #expect(
            try await bench.assignee(
                ["from": "support", "strategy": "least_loaded", "load_statuses": ["open", "pending"]]) == "agent-3")
        // An assignment of ours counts before the desk tells of it, and no longer once the desk has told otherwise.
        for ticket in ["x", "y"] {
            bench.names = ["ticket": ["id": .string(ticket)]]
            #expect(try await bench.assignee(with) == "agent-2")
        }
        bench.names = ["ticket": ["id": "z"]]
        bench.shelf.seed("x", ["status": "solved", "assignee": "agent-2"], in: "ticket.tickets")
        let output = try await bench.run("route.assign", with: with)
        let loads = output["elimination"]?.list?.map { "\($0["person"]?.string ?? "")=\($0["load"]?.int ?? -1)" }
        // agent-3 has the two and 4711; agent-2 has the one and y, and no longer x.
        #expect(loads == ["agent-1=0", "agent-2=2", "agent-3=3"])
    }
}

extension Value {
    var cell: String { string ?? JSONWriter.text(self) }
}
