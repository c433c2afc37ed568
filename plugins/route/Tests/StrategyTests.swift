import PluginTesting
import Testing
import WorkflowModel

@Suite struct StrategyTests {
    @Test(
        "each strategy picks by its own rule",
        arguments: [
            ("most_capacity", "agent-2"), ("least_loaded", "agent-3"), ("longest_idle", "agent-1"),
            ("cyclic", "agent-1"),
        ])
    func strategies(strategy: String, expected: String) async throws {
        var bench = try routeBench()
        // Room: 3, 6, 4. Open: 3, 4, 1. Last served 60, 20, 30 minutes ago.
        for (person, capacity, load, minutes) in [("agent-1", 6, 3, 60), ("agent-2", 10, 4, 20), ("agent-3", 5, 1, 30)]
        {
            bench.person(person) { $0.capacity = capacity }
            bench.load(person, load)
            bench.served(person, minutesAgo: minutes)
        }
        #expect(try await bench.assignee(["from": "support", "strategy": .string(strategy)]) == expected)
    }

    @Test func `whoever has a role in an open incident has so much more to do`() async throws {
        var bench = try routeBench()
        bench.load("agent-2", 2)
        bench.load("agent-3", 3)
        let roles: Value = ["commander": "agent-1", "scribe": "agent-1"]
        bench.shelf.seed("1", ["state": "closed", "roles": roles], in: "incident.incidents")
        #expect(try await bench.assignee(["from": "support", "strategy": "least_loaded", "ticket": "a"]) == "agent-1")
        bench.settings["route"] = ["incident_load": 4]
        bench.shelf.seed("2", ["state": "open", "roles": roles], in: "incident.incidents")
        bench.shelf.seed("3", ["state": "open", "roles": .null], in: "incident.incidents")
        #expect(try await bench.assignee(["from": "support", "strategy": "least_loaded", "ticket": "b"]) == "agent-2")
        bench.settings["route"] = ["incident_load": 0]
        #expect(try await bench.assignee(["from": "support", "strategy": "least_loaded", "ticket": "c"]) == "agent-1")
    }

    @Test func `ties go to who has waited longest, then to the first id`() async throws {
        let bench = try routeBench()
        bench.served("agent-1", minutesAgo: 5)
        bench.served("agent-2", minutesAgo: 50)
        #expect(try await bench.assignee(["from": "support", "strategy": "least_loaded"]) == "agent-3", "never served")
        bench.served("agent-3", minutesAgo: 50)
        let output = try await bench.run("route.assign", with: ["from": "support", "respect_capacity": false])
        #expect(["agent-1", "agent-2"].contains(output["assignee"]?.string))
        let fresh = try routeBench()
        let first = try await fresh.run("route.assign", with: ["from": "support"])
        #expect(first["assignee"] == "agent-1")
        #expect(first["reason"] == "comes first by id")
    }

    @Test func `in turn, by person and step, past those who are away or gone`() async throws {
        var bench = try routeBench()
        let with: Value = ["from": "support", "strategy": "cyclic"]
        var order: [String?] = []
        for _ in 0..<4 { order.append(try await bench.assignee(with)) }
        #expect(order == ["agent-1", "agent-2", "agent-3", "agent-1"])
        bench.person("agent-2") { $0.isAvailable = false }
        #expect(try await bench.assignee(with) == "agent-3")
        // The last served leaves: it goes on from the place where they stood.
        #expect(try await bench.assignee(with) == "agent-1")
        bench.person("agent-2") { $0.isAvailable = true }
        bench.directory.people.removeAll { $0.id == "agent-1" }
        bench.directory.teams = []
        #expect(try await bench.assignee(with) == "agent-2")
        var other = bench
        other.playbook = "another"
        #expect(try await other.assignee(with) == "agent-2", "another step has a turn of its own")
        #expect(try await bench.assignee(with) == "agent-3")
    }

    @Test func `a preferred person goes first, but never over the rules`() async throws {
        var bench = try routeBench()
        bench.load("agent-3", 9)
        let with: Value = ["from": "support", "prefer": "agent-3"]
        #expect(try await bench.assignee(with) == "agent-3")
        bench.person("agent-3") { $0.capacity = 9 }
        #expect(try await bench.assignee(with) == "agent-1")
    }

    @Test func `settings name strategy and capacity for steps and people that do not`() async throws {
        var bench = try routeBench()
        bench.settings = ["route": ["strategy": "least_loaded", "default_capacity": 2]]
        bench.load("agent-1", 1)
        bench.load("agent-2", 2)
        bench.load("agent-3", 2)
        let output = try await bench.run("route.assign", with: ["from": "support"])
        #expect(output["strategy"] == "least_loaded")
        #expect(output["assignee"] == "agent-1")
        #expect(output["elimination"]?.list?.last?["reason"] == "is full: 2 of 2")
    }

    @Test func `the same world gives the same answer whatever the order of the tables`() async throws {
        var outcomes = Set<String>()
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            var bench = try routeBench()
            bench.directory.people = order.map { Samples.directory.people[$0] }
            outcomes.insert(try await bench.assignee(["from": ["group:support", "agent-4"]]) ?? "")
        }
        #expect(outcomes == ["agent-1"])
    }
}
