import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Incidents that another system tells of") struct ProjectionTests {
    private func bench() throws -> PluginBench {
        var bench = try incidentBench()
        bench.now = Samples.now + .seconds(86_400)
        return bench
    }

    @Test func `events build up an incident, and each gets all that is known`() async throws {
        let bench = try bench()
        try bench.accept(
            told(
                "declared", after: 0, ["title": "Cards fail", "severity": "SEV2", "commander": "p-1", "tickets": ["1"]])
        )
        var facts = try bench.accept(told("updated", after: 10, ["severity": "SEV1", "status": "identified"]))
        #expect(facts["incident"]?["title"] == "Cards fail")
        #expect(facts["incident"]?["declared_at"] == minute(0))
        #expect(facts["incident"]?["roles"] == ["commander": "p-1"])
        #expect(facts["incident"]?["next_news_at"] == minute(40))
        #expect(facts["changes"]?["severity"] == ["from": "SEV2", "to": "SEV1"])
        facts = try bench.accept(told("resolved", after: 30, ["tickets": ["2"]]))
        #expect(facts["incident"]?["status"] == "resolved")
        #expect(facts["incident"]?["state"] == "closed")
        #expect(facts["incident"]?["time_to_resolve"] == minutes(30))
        #expect(facts["incident"]?["tickets"] == ["1", "2"])
        #expect(
            try await bench.timeline("PD-7") == [
                "Declared as SEV2: Cards fail", "status investigating → identified, severity SEV2 → SEV1", "Resolved",
            ])
    }

    @Test func `late events fill gaps and overwrite nothing newer`() throws {
        let bench = try bench()
        try bench.accept(told("resolved", after: 30, ["severity": "SEV2", "commander": "p-2"]))
        var facts = try bench.accept(
            told("updated", after: 20, ["severity": "SEV1", "status": "monitoring", "commander": "p-1"]))
        #expect(facts["incident"]?["status"] == "resolved")
        #expect(facts["incident"]?["severity"] == "SEV2")
        #expect(facts["incident"]?["commander"] == "p-2")
        facts = try bench.accept(told("declared", after: 0, ["title": "Late"]))
        #expect(facts["incident"]?["title"] == "Late")
        #expect(facts["incident"]?["state"] == "closed")
        #expect(facts["incident"]?["declared_at"] == minute(0))
        #expect(facts["incident"]?["time_to_resolve"] == minutes(30))
        #expect(facts["incident"]?["reopen_count"] == .null)
    }

    @Test func `a late end does not close what was opened again`() throws {
        let bench = try bench()
        try bench.accept(told("declared", after: 0))
        try bench.accept(told("updated", after: 40, ["status": "investigating"]))
        let facts = try bench.accept(told("resolved", after: 30, ["resolved_at": minute(30)]))
        #expect(facts["incident"]?["state"] == "open")
        #expect(facts["incident"]?["resolved_at"] == .null)
    }

    @Test func `what was written there is news, and who leads is not`() async throws {
        let bench = try bench()
        try bench.accept(told("declared", after: 0, ["title": "x", "severity": "SEV1"]))
        var facts = try bench.accept(told("updated", after: 10, ["commander": "p-1", "url": "https://example.com"]))
        #expect(facts["incident"]?["news_at"] == minute(0))
        let comment: Value = ["author": ["name": "Somebody"], "text": "Looking into it"]
        facts = try bench.accept(told("updated", after: 20, [:], ["comment": comment]))
        #expect(facts["incident"]?["news_at"] == minute(20))
        #expect(facts["incident"]?["news"] == "Looking into it")
        #expect(facts["incident"]?["next_news_at"] == minute(50))
        let entries = try await bench.run("incident.get", with: ["incident": "PD-7"])["timeline"]?.list
        #expect(entries?.last?["actor"] == "Somebody")
        facts = try bench.accept(told("updated", after: 30, ["status": "identified"]))
        #expect(facts["incident"]?["next_news_at"] == minute(60))
    }

    @Test func `resolved, opened again by a status or by being declared once more`() throws {
        let bench = try bench()
        try bench.accept(told("declared", after: 0))
        try bench.accept(told("resolved", after: 10))
        var facts = try bench.accept(told("updated", after: 20, ["status": "Investigating"]))
        #expect(facts["incident"]?["state"] == "open")
        #expect(facts["incident"]?["reopen_count"] == 1)
        try bench.accept(told("resolved", after: 30))
        facts = try bench.accept(told("declared", after: 40))
        #expect(facts["incident"]?["state"] == "open")
        #expect(facts["incident"]?["reopen_count"] == 2)
        #expect(facts["incident"]?["declared_at"] == minute(0))
    }

    @Test func `what is told of an incident that was declared here is about that one`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x", "external_id": "PD-7", "severity": "SEV2"])
        bench.now = Samples.now + .seconds(3600)
        let facts = try bench.accept(told("updated", after: 5, ["severity": "SEV1"]))
        #expect(facts["incident"]?["id"] == "INC-1")
        #expect(facts["incident"]?["severity"] == "SEV1")
        #expect(bench.shelf.all(in: "incident.incidents").count == 1)
    }

    @Test func `the first human acknowledgement counts`() throws {
        let bench = try bench()
        try bench.accept(told("declared", after: 0))
        func acknowledged(_ minutes: Int, _ by: String) throws -> ValueMap {
            try bench.accept(
                Event(
                    id: "a\(minutes)", source: "/signalbox/ack", type: "notification.acknowledged",
                    subject: "incident:PD-7", time: Samples.now + .seconds(minutes * 60),
                    data: ["notification": ["acknowledged_by": .string(by), "to": "on-call"]]))
        }
        var facts = try acknowledged(8, "agent-1")
        #expect(facts["incident"]?["time_to_acknowledge"] == minutes(8))
        facts = try acknowledged(9, "agent-2")
        #expect(facts["incident"]?["acknowledged_by"] == "agent-1")
        facts = try acknowledged(3, "agent-3")
        #expect(facts["incident"]?["acknowledged_by"] == "agent-3", "it was earlier, though told later")
    }

    @Test func `an acknowledgement that another system tells has its time and its person, and the first counts`() throws
    {
        let bench = try bench()
        try bench.accept(told("declared", after: 0))
        func acknowledged(_ minutes: Int, _ by: String) throws -> Value? {
            let at = Samples.now + .seconds(minutes * 60)
            return try bench.accept(
                told(
                    "updated", after: minutes, ["acknowledged_at": .string(at.rfc3339), "acknowledged_by": .string(by)])
            )["incident"]
        }
        #expect(try acknowledged(5, "agent-1")?["acknowledged_by"] == "agent-1")
        let later = try acknowledged(9, "agent-2")
        #expect(later?["acknowledged_by"] == "agent-1")
        #expect(later?["time_to_acknowledge"] == minutes(5))
    }

    @Test func `answers and the post-mortem stand on the timeline`() async throws {
        let bench = try bench()
        try bench.accept(told("declared", after: 0, ["title": "x"]))
        let others: [(String, ValueMap)] = [
            ("ask.answered", ["ask": ["about": "incident:PD-7", "question": "Roll back?", "answer": "approve"]]),
            ("postmortem.opened", ["postmortem": ["id": "PM-1", "incident": "PD-7"]]),
            ("ask.answered", ["ask": ["about": "ticket:1", "question": "Other?", "answer": "approve"]]),
            (
                "run.failed",
                [
                    "run": [
                        "id": "r", "playbook": "page", "about": "incident:PD-7",
                        "failure": ["message": "no such person"],
                    ]
                ]
            ),
            ("run.failed", ["run": ["id": "r", "playbook": "other", "about": "ticket:1"]]),
        ]
        for (number, (type, data)) in others.enumerated() {
            try bench.accept(
                Event(
                    id: "\(number)", source: "/signalbox", type: type,
                    time: Samples.now + .seconds(60 * (number + 1)), data: data))
        }
        #expect(
            try await bench.timeline("PD-7") == [
                "Declared: x", "Roll back?: approve", "Post-mortem PM-1 opened",
                "The playbook page failed: no such person",
            ])
    }

    @Test func `hostile events neither stop the intake nor grow an incident without end`() async throws {
        let bench = try bench()
        for id: Value in ["", .string(String(repeating: "7", count: 2000)), "a\u{0}b", 7, .null] {
            #expect(try bench.accept(told("declared", after: 0, ["id": id])).isEmpty || id.isNull)
        }
        for round in 0..<10 {
            let fields = (0..<100).map { ("field\(round)x\($0)", Value.int(1)) }
            let roles = (0..<10).map { ("role\(round)x\($0)", Value.string("p")) }
            let tickets = (0..<100).map { Value.string("\(round)x\($0)") }
            var incident = ValueMap(strings: fields)
            incident["roles"] = .map(ValueMap(strings: roles))
            incident["tickets"] = .list(tickets)
            try bench.accept(told("updated", after: round, incident))
        }
        let odd: ValueMap = [
            "status": 5, "severity": ["a"], "roles": "me", "tickets": "x", "commander": 7, "history": "x",
            "revision": 99, "entry_count": -5, "resolved_at": "soon", "state": "closed", "reopen_count": 7,
        ]
        let facts = try bench.accept(told("updated", after: 20, odd))
        #expect(facts["incident"]?["state"] == "open")
        #expect(facts["incident"]?["roles"]?.map?.count == 30)
        #expect(facts["incident"]?["tickets"]?.list?.count == 500)
        #expect((bench.shelf.all(in: "incident.incidents")["PD-7"]?.count ?? 0) <= 230)
        _ = try await bench.timeline("PD-7")
    }

    @Test func `a forged revision of ours is taken like any other event`() throws {
        let bench = try bench()
        var event = told("declared", after: 0, ["revision": 5, "title": "x"])
        event.source = "/plugins/incident"
        #expect(try bench.accept(event)["incident"]?["title"] == "x")
    }
}
