import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite struct FindTests {
    /// Seen 10 h after the sample time: t1 was created at 0 h and answered at 7 h, t2 at 1 h, t3 at 8 h, t4 is solved.
    private func bench() throws -> PluginBench {
        var bench = try ticketBench()
        bench.now = Samples.now + .seconds(10 * 3600)
        let tickets: [(String, Int, ValueMap)] = [
            (
                "t1", 0,
                [
                    "status": "open", "assignee": "agent-1", "priority": "P1", "title": "Checkout slow",
                    "service": "checkout",
                ]
            ),
            (
                "t2", 60,
                ["status": "new", "priority": "P2", "title": "Invoice missing", "requester": ["id": "c-2"]]
            ),
            (
                "t3", 480,
                [
                    "status": "pending", "assignee": "agent-2", "team": "support", "title": "Slow café page",
                    "text": "Slow since nine",
                ]
            ),
            ("t4", 30, ["status": "solved", "assignee": "agent-1", "priority": "P1"]),
        ]
        for (id, minutes, fields) in tickets {
            try bench.accept(event("ticket.created", after: minutes, fields.merging(["id": .string(id)])))
        }
        try bench.accept(
            event("ticket.commented", after: 420, ["id": "t1"], ["comment": ["by": "agent", "public": true]]))
        return bench
    }

    @Test(
        "conditions narrow the list",
        arguments: searches)
    func conditions(with: Value, expected: [String]) async throws {
        let output = try await bench().run("ticket.find", with: with)
        #expect(output["tickets"]?.list?.map { $0["id"]?.string ?? "" } == expected)
        #expect(output["count"]?.int == Int64(expected.count))
    }

    @Test func `the limit cuts the list and not the count`() async throws {
        let output = try await bench().run("ticket.find", with: ["limit": 2])
        #expect(output["tickets"]?.list?.count == 2)
        #expect(output["count"] == 4)
        #expect(output["more"] == true)
        let rest = try await bench().run("ticket.find", with: ["limit": 2, "skip": 2])
        #expect(rest["tickets"]?.list?.map { $0["id"]?.string } == ["t2", "t3"])
        #expect(rest["more"] == false)
        let searched = try await bench().run("ticket.find", with: ["limit": 1, "exclude": "t1"])
        #expect(searched["more"] == true)
    }

    @Test func `tickets are found from either side of what joins them`() async throws {
        let bench = try bench()
        try bench.accept(event("ticket.merged", after: 500, ["id": "t2"], ["into": "t1"]))
        try bench.accept(event("ticket.updated", after: 501, ["id": "t3", "parent": "t1"]))
        try bench.accept(event("ticket.updated", after: 502, ["id": "t1", "related": ["t4", "unknown"]]))
        func related(_ with: ValueMap) async throws -> [String] {
            let output = try await bench.run("ticket.find", with: .map(with))
            return output["tickets"]?.list?.compactMap { $0["id"]?.string } ?? []
        }
        #expect(try await related(["related_to": "t1"]) == ["t4", "t2", "t3"])
        #expect(try await related(["related_to": "t1", "status": "solved"]) == ["t4"])
        #expect(try await related(["related_to": "t1", "status": "pending"]) == ["t3"])
        #expect(try await related(["related_to": "t2"]) == ["t1"])
        #expect(try await related(["related_to": "nothing"]) == [])
        let got = try await bench.run("ticket.get", with: ["ticket": "t1"])
        #expect(got["duplicates"] == ["t2"])
        #expect(got["children"] == ["t3"])
    }

    @Test func `contradictions and bad inputs are refused`() async throws {
        for with: Value in [["unassigned": true, "assignee": "agent-1"], ["limit": 0], ["older_than": "soon"]] {
            await #expect { try await bench().run("ticket.find", with: with) } throws: {
                ($0 as? Failure)?.code == "invalid_input"
            }
        }
    }

    @Test func `get tells what is known, of the run's ticket when none is named`() async throws {
        var bench = try bench()
        #expect(
            try await bench.run("ticket.get", with: ["ticket": "t9"]) == [
                "found": false, "ticket": nil, "history": [], "duplicates": [], "children": [],
            ])
        bench.subject = "ticket:t1"
        #expect(try await bench.run("ticket.get")["ticket"]?["title"] == "Checkout slow")
    }
}

private let searches: [(Value, [String])] = [
    ([:], ["t1", "t4", "t2", "t3"]),
    (["status": "open"], ["t1"]),
    (["status": ["new", "pending"]], ["t2", "t3"]),
    (["unresolved": true], ["t1", "t2", "t3"]),
    (["unresolved": true, "priority": ["P1", "P2"]], ["t1", "t2"]),
    (["assignee": "agent-1"], ["t1", "t4"]),
    (["unassigned": true], ["t2"]),
    (["team": "support"], ["t3"]),
    (["service": "checkout"], ["t1"]),
    (["requester": "c-2"], ["t2"]),
    (["older_than": "9h30m"], ["t1"]),
    (["newer_than": "2h"], ["t3"]),
    (["unresolved": true, "no_public_update_for": "4h"], ["t2"]),
    (["unresolved": true, "no_public_update_for": "3h"], ["t2"]),
    (["unresolved": true, "no_public_update_for": "2h59m"], ["t1", "t2"]),
    (["unresolved": true, "no_public_update_for": "1h"], ["t1", "t2", "t3"]),
    (["no_update_for": "9h"], ["t4"]),
    (["text": "slow, since"], ["t3", "t1"]),
    (["text": "CAFE slow", "status": "pending"], ["t3"]),
    (["text": "nothing of that"], []),
    (["exclude": "t1", "unresolved": true], ["t2", "t3"]),
    (["order": "newest"], ["t3", "t2", "t4", "t1"]),
    (["order": "longest_silent"], ["t4", "t2", "t1", "t3"]),
    (["order": "newest", "exclude": "t2"], ["t3", "t4", "t1"]),
    (["waiting_for": "customer"], ["t1"]),
    (["waiting_for": "us"], []),
    (["created_before": .timestamp(Samples.now + .seconds(3600))], ["t1", "t4"]),
    (["created_after": .timestamp(Samples.now + .seconds(3600))], ["t2", "t3"]),
    (["updated_before": .timestamp(Samples.now + .seconds(3600))], ["t4"]),
    (["updated_after": .timestamp(Samples.now + .seconds(420 * 60))], ["t1", "t3"]),
]
