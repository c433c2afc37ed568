import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite struct ProjectionTests {
    private func bench() throws -> PluginBench {
        var bench = try ticketBench()
        bench.now = Samples.now + .seconds(86_400)
        return bench
    }

    @Test func `events build up a ticket, and each gets all that is known`() throws {
        let bench = try bench()
        try bench.accept(
            event("ticket.created", after: 0, ["title": "Checkout slow", "requester": ["id": "c-1"], "tags": ["web"]]))
        let facts = try bench.accept(
            event("ticket.updated", after: 5, ["priority": "P1", "requester": ["email": "c@example.com"]]))
        let ticket = try #require(facts["ticket"])
        #expect(ticket["title"] == "Checkout slow")
        #expect(ticket["status"] == "new")
        #expect(ticket["priority"] == "P1")
        #expect(ticket["requester"]?["id"] == "c-1")
        #expect(ticket["requester"]?["email"] == "c@example.com")
        #expect(ticket["created_at"] == minute(0))
        #expect(ticket["updated_at"] == minute(5))
        #expect(ticket["assignee"] == .null, "a known field is there even when nothing is known of it")
        #expect(ticket["facts_at"] == nil)
    }

    @Test func `late events fill gaps and overwrite nothing newer`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.updated", after: 10, ["status": "pending", "requester": ["id": "c-2"]]))
        let facts = try bench.accept(
            event(
                "ticket.created", after: 0,
                ["status": "new", "title": "Slow", "requester": ["id": "c-1", "name": "Customer"]]))
        let ticket = try #require(facts["ticket"])
        #expect(ticket["status"] == "pending")
        #expect(ticket["title"] == "Slow")
        #expect(ticket["requester"]?["id"] == "c-2")
        #expect(ticket["requester"]?["name"] == "Customer")
        #expect(ticket["updated_at"] == minute(10))
    }

    @Test func `null says nothing, and only a change takes a value away`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0, ["assignee": "agent-1", "team": "support"]))
        var facts = try bench.accept(event("ticket.updated", after: 1, ["assignee": nil]))
        #expect(facts["ticket"]?["assignee"] == "agent-1")
        facts = try bench.accept(
            event(
                "ticket.updated", after: 2, ["assignee": nil],
                ["changes": ["assignee": ["from": "agent-1", "to": nil], "team": ["to": "tier-2"], "nonsense": 7]]))
        #expect(facts["ticket"]?["assignee"] == .null)
        #expect(facts["ticket"]?["team"] == "tier-2")
    }

    @Test(
        "the type of an event implies a status",
        arguments: [
            ("ticket.created", "new"), ("ticket.resolved", "solved"), ("ticket.reopened", "open"),
            ("ticket.closed", "closed"), ("ticket.merged", "closed"),
        ])
    func status(type: String, expected: String) throws {
        let facts = try bench().accept(event(type, after: 0))
        #expect(facts["ticket"]?["status"]?.string == expected)
    }

    @Test func `a ticket is solved, opened again, counted, and merged`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0))
        var facts = try bench.accept(event("ticket.resolved", after: 10))
        #expect(facts["ticket"]?["resolved_at"] == minute(10))
        facts = try bench.accept(event("ticket.reopened", after: 20))
        #expect(facts["ticket"]?["resolved_at"] == .null)
        #expect(facts["ticket"]?["reopen_count"] == 1)
        try bench.accept(event("ticket.reopened", after: 30))
        facts = try bench.accept(event("ticket.merged", after: 40, [:], ["into": "4700"]))
        #expect(facts["ticket"]?["reopen_count"] == 2)
        #expect(facts["ticket"]?["merged_into"] == "4700")
        #expect(facts["ticket"]?["status"] == "closed")
    }

    @Test(
        "whose message counts",
        arguments: commentCases)
    func messages(comment: ValueMap, expected: String) throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0, ["requester": ["id": "c-1"]]))
        let facts = try bench.accept(event("ticket.commented", after: 7, [:], ["comment": .map(comment)]))
        let ticket = try #require(facts["ticket"])
        #expect(ticket["last_public_reply_at"] == (expected == "reply" ? minute(7) : .null))
        #expect(ticket["last_customer_message_at"] == (expected == "customer" ? minute(7) : .null))
    }

    @Test func `who wrote last is known, whatever the order of the messages`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0, ["requester": ["id": "c-1"]]))
        func comment(_ minutes: Int, _ comment: ValueMap) throws -> Value? {
            try bench.accept(event("ticket.commented", after: minutes, [:], ["comment": .map(comment)]))["ticket"]
        }
        var ticket = try comment(10, ["by": "customer", "author": ["id": "c-1"]])
        #expect(ticket?["last_message_by"] == "customer")
        #expect(ticket?["last_message_author"] == "c-1")
        ticket = try comment(5, ["by": "agent", "public": true])
        #expect(ticket?["last_message_by"] == "customer", "a late message was not the last one")
        ticket = try comment(20, ["by": "agent", "public": false])
        #expect(ticket?["last_message_by"] == "customer", "a note is no answer")
        ticket = try comment(30, ["by": "agent", "public": true])
        #expect(ticket?["last_message_by"] == "agent")
        #expect(ticket?["last_message_at"] == minute(30))
        #expect(ticket?["comment_count"] == 4)
        ticket = try comment(31, ["by": "system", "automatic": true])
        #expect(ticket?["comment_count"] == 4)
    }

    @Test func `a merged ticket that is opened again is its own ticket again, and a late merge does not undo that`()
        throws
    {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0))
        try bench.accept(event("ticket.merged", after: 10, [:], ["into": "4700"]))
        var facts = try bench.accept(event("ticket.reopened", after: 20))
        #expect(facts["ticket"]?["merged_into"] == .null)
        #expect(facts["ticket"]?["reopened_at"] == minute(20))
        facts = try bench.accept(event("ticket.merged", after: 15, [:], ["into": "4701"]))
        #expect(facts["ticket"]?["merged_into"] == .null)
        #expect(facts["ticket"]?["status"] == "open")
    }

    @Test func `an incident marks the tickets that it names, and makes up none`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0))
        let declared = Event(
            id: "i", source: "pager", type: "incident.declared", time: Samples.now + .seconds(60),
            data: ["incident": ["id": "INC-7", "tickets": ["4711", "4712", 7]]])
        #expect(try bench.accept(declared).isEmpty)
        #expect(try bench.accept(event("ticket.updated", after: 2))["ticket"]?["incident"] == "INC-7")
        #expect(bench.shelf.all(in: "ticket.tickets").keys.sorted() == ["4711"])
    }

    @Test func `what a run is told after a wait is what is kept`() async throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0, ["priority": "P2"]))
        let consumer = try #require(bench.plugins[0].consumer)
        let (known, unknown, other) = try await bench.shelf.read { reader in
            (
                try consumer.facts(named: "ticket", known: ["id": "4711"], subject: nil, in: reader),
                try consumer.facts(named: "ticket", known: ["id": "1"], subject: nil, in: reader),
                try consumer.facts(named: "incident", known: ["id": "4711"], subject: nil, in: reader)
            )
        }
        #expect(known?["priority"] == "P2")
        #expect(known?["assignee"] == .null)
        #expect(known?["history"] == nil)
        #expect(unknown == nil && other == nil)
    }

    @Test func `a late message does not turn back the time of the last one`() throws {
        let bench = try bench()
        let reply: ValueMap = ["comment": ["by": "agent", "public": true]]
        try bench.accept(event("ticket.commented", after: 20, [:], reply))
        let facts = try bench.accept(event("ticket.commented", after: 5, [:], reply))
        #expect(facts["ticket"]?["last_public_reply_at"] == minute(20))
    }

    @Test func `a sender whose clock is ahead does not shut out later facts`() throws {
        var bench = try bench()
        bench.now = Samples.now
        try bench.accept(event("ticket.updated", after: 600, ["status": "open"]))
        bench.now = Samples.now + .seconds(120)
        let facts = try bench.accept(event("ticket.updated", after: 2, ["status": "solved"]))
        #expect(facts["ticket"]?["status"] == "solved")
    }

    @Test func `the history of changes is kept, and is capped`() async throws {
        let bench = try bench()
        for turn in 0..<40 {
            try bench.accept(event("ticket.updated", after: turn, ["assignee": .string("agent-\(turn % 3)")]))
        }
        let history = try #require(try await bench.run("ticket.get", with: ["ticket": "4711"])["history"]?.list)
        #expect(history.count == 30)
        #expect(history.last == ["at": minute(39), "field": "assignee", "from": "agent-2", "to": "agent-0"])
    }

    @Test func `hostile events neither stop the intake nor grow a ticket without end`() throws {
        let bench = try bench()
        for id in [String(repeating: "7", count: 2000), "a\u{0}b", ""] {
            #expect(try bench.accept(event("ticket.created", after: 0, ["id": .string(id)])).isEmpty)
        }
        for round in 0..<10 {
            let fields = (0..<100).map { ("field\(round)x\($0)", Value.int(1)) }
            try bench.accept(event("ticket.updated", after: round, ValueMap(strings: fields)))
        }
        try bench.accept(
            event(
                "ticket.updated", after: 20,
                ["facts_at": 1, "history": "x", "requester": 7, "tags": "vip"]))
        #expect(try bench.accept(event("ticket.resolved", after: 21))["ticket"]?["status"] == "solved")
        let documents = bench.shelf.all(in: "ticket.tickets")
        #expect(documents.keys.sorted() == ["4711"])
        #expect((documents["4711"]?.count ?? 0) <= 210)
    }

    @Test func `events of others about a ticket get what is known and change nothing`() throws {
        let bench = try bench()
        try bench.accept(event("ticket.created", after: 0, ["status": "open", "priority": "P2"]))
        let stale = Event(
            id: "s", source: "sla", type: "sla.at_risk", time: Samples.now + .seconds(60),
            data: ["sla": ["metric": "first_reply"], "ticket": ["id": "4711", "status": "new"]])
        #expect(try bench.accept(stale)["ticket"]?["priority"] == "P2")
        #expect(try bench.accept(stale)["ticket"]?["status"] == "open")
        let named = Event(
            id: "t", source: "sla", type: "sla.met", subject: "ticket:4711", time: Samples.now,
            data: ["sla": ["metric": "first_reply"]])
        #expect(try bench.accept(named)["ticket"]?["priority"] == "P2")
        let unknown = Event(
            id: "u", source: "sla", type: "sla.met", subject: "ticket:1", time: Samples.now,
            data: ["sla": ["metric": "first_reply"]])
        #expect(try bench.accept(unknown).isEmpty)
        #expect(bench.shelf.all(in: "ticket.tickets").count == 1)
    }
}

private let commentCases: [(ValueMap, String)] = [
    (["by": "agent", "public": true], "reply"),
    (["by": "agent", "public": false], "none"),
    (["by": "agent"], "none"),
    (["by": "agent", "public": true, "automatic": true], "none"),
    (["by": "customer"], "customer"),
    (["by": "customer", "public": false], "customer"),
    (["by": "customer", "automatic": true], "none"),
    (["by": "system", "public": true], "none"),
    (["author": ["email": "user1@example.com"], "public": true], "reply"),
    (["author": ["id": "c-1"]], "customer"),
    (["author": ["id": "somebody"], "public": true], "none"),
]
