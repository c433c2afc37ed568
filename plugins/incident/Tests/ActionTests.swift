import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Incidents that are declared here") struct ActionTests {
    @Test func `manifest, implementation and examples fit together, and bad input is refused`() async throws {
        let bench = try incidentBench()
        let plugin = try #require(bench.plugins.first)
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        #expect(await PluginChecks.badInput(plugin, on: bench) == [])
    }

    @Test func `an incident is declared, updated and resolved, and each is told once`() async throws {
        var bench = try incidentBench()
        let declared = try await bench.act(
            "declare",
            [
                "title": "Cards fail", "severity": "sev2", "services": ["payments"], "commander": "user4@example.com",
                "roles": ["communications": "agent-2"], "tickets": "4711", "by": "agent-1",
            ])
        #expect(declared["id"] == "INC-1")
        #expect(declared["created"] == true)
        var incident = try #require(declared["incident"])
        #expect(incident["severity"] == "SEV2")
        #expect(incident["status"] == "investigating")
        #expect(incident["state"] == "open")
        #expect(incident["commander"] == "agent-4")
        #expect(incident["roles"] == ["commander": "agent-4", "communications": "agent-2"])
        #expect(incident["declared_by"] == "agent-1")
        #expect(incident["next_news_at"] == minute(60))

        let worse = try await bench.act(
            "update", after: 10, ["incident": "INC-1", "severity": "SEV1", "message": "All of them"])
        #expect(worse["changes"] == ["severity": ["from": "SEV2", "to": "SEV1"]])
        #expect(worse["incident"]?["next_news_at"] == minute(40))
        #expect(worse["incident"]?["news"] == "All of them")
        try await bench.act("update", after: 20, ["incident": "INC-1", "acknowledge": true, "by": "agent-4"])
        try await bench.act("update", after: 30, ["incident": "INC-1", "status": "monitoring"])
        let over = try await bench.act("resolve", after: 50, ["incident": "INC-1", "message": "A new certificate"])
        incident = try #require(over["incident"])
        #expect(incident["state"] == "closed")
        #expect(incident["time_to_acknowledge"] == minutes(20))
        #expect(incident["time_to_mitigate"] == minutes(30))
        #expect(incident["time_to_resolve"] == minutes(50))
        #expect(incident["next_news_at"] == .null)
        #expect(incident["acknowledged_by"] == "agent-4")
        #expect(
            bench.shelf.emitted.map(\.type) == [
                "incident.declared", "incident.updated", "incident.updated", "incident.updated", "incident.resolved",
            ])
        #expect(Set(bench.shelf.emitted.map(\.key)).count == 5)
        #expect(
            try await bench.timeline("INC-1") == [
                "Declared as SEV2: Cards fail", "severity SEV2 → SEV1: All of them", "acknowledged",
                "status investigating → monitoring, mitigated at 2026-11-23T09:30:00Z", "Resolved: A new certificate",
            ])
        // The engine hands the events back: they change nothing, and carry all that is known.
        let before = bench.shelf.all(in: "incident.incidents")
        let facts = try bench.acceptEmitted()
        #expect(facts.last?["incident"]?["state"] == "closed")
        #expect(facts.last?["incident"]?["revision"] == nil)
        #expect(bench.shelf.all(in: "incident.incidents") == before)
        #expect(bench.shelf.all(in: "incident.entries").count == 5)
    }

    @Test func `unsure means the worst severity`() async throws {
        var bench = try incidentBench()
        #expect(try await bench.act("declare", ["title": "x"])["incident"]?["severity"] == "SEV1")
        bench.tables = []
        let second = try await bench.act("declare", ["title": "y", "severity": "SEV3"])
        #expect(second["incident"]?["severity"] == "SEV3")
        #expect(second["incident"]?["next_news_at"] == .null, "no table says how often")
    }

    @Test func `declared twice under one identity it is one incident`() async throws {
        var bench = try incidentBench()
        let first = try await bench.act("declare", ["title": "x", "external_id": "PD-7", "dedupe_key": "checkout"])
        let again = try await bench.act("declare", after: 1, ["title": "other", "external_id": "PD-7"])
        #expect(again["created"] == false)
        #expect(again["id"] == first["id"])
        #expect(again["incident"]?["title"] == "x")
        #expect(try await bench.act("declare", ["title": "z", "id": "INC-1"])["created"] == false)
        #expect(try await bench.act("declare", ["title": "z", "dedupe_key": "checkout"])["created"] == false)
        try await bench.act("resolve", after: 2, ["incident": "PD-7"])
        #expect(try await bench.act("declare", ["title": "z", "external_id": "PD-7"])["created"] == false)
        let next = try await bench.act("declare", ["title": "z", "dedupe_key": "checkout"])
        #expect(next["created"] == true, "only an open incident is joined by its key")
        #expect(bench.shelf.emitted.map(\.type) == ["incident.declared", "incident.resolved", "incident.declared"])
    }

    @Test(
        "what is not known is refused with a suggestion",
        arguments: [
            ("declare", ["title": "x", "severity": "SEV5"], "unknown_severity", "did you mean SEV1?"),
            ("declare", ["title": "x", "severity": "high"], "unknown_severity", "SEV1, SEV2, SEV3, SEV4"),
            ("declare", ["title": "x", "services": ["paymants"]], "unknown_service", "did you mean payments?"),
            ("declare", ["title": "x", "commander": "agent4"], "unknown_person", "agent-4"),
            ("declare", ["title": "x", "roles": ["Scribe!": "agent-1"]], "invalid_input", "small letters"),
            (
                "declare", ["title": "x", "commander": "agent-1", "roles": ["commander": "agent-2"]], "invalid_input",
                "twice"
            ),
            ("declare", ["title": "x", "started_at": "2027-01-01T00:00:00Z"], "invalid_input", "future"),
            ("update", ["incident": "INC-l", "message": "x"], "unknown_incident", "did you mean INC-1?"),
            ("update", ["message": "x"], "invalid_input", "give `incident: ID`"),
            ("update", ["incident": "INC-1", "status": "fixed"], "invalid_input", "status"),
            ("assign_role", ["incident": "INC-1", "role": "scribe"], "invalid_input", "vacate"),
            ("assign_role", ["incident": "INC-1", "role": "scribe", "person": "nobody"], "unknown_person", "nobody"),
            ("link", ["incident": "INC-1", "to": "INC-1", "relation": "duplicate_of"], "invalid_input", "itself"),
            ("link", ["incident": "INC-1", "to": "INC-9", "relation": "duplicate_of"], "unknown_incident", "INC-9"),
            ("resolve", ["incident": "INC-1", "resolved_at": "2020-01-01T00:00:00Z"], "invalid_input", "between"),
            ("note", ["incident": "INC-1", "text": "x", "at": "2027-01-01T00:00:00Z"], "invalid_input", "future"),
        ] as [(String, Value, String, String)])
    func refused(action: String, with: Value, code: String, words: String) async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "there"])
        let failure = await failure { try await bench.act(action, after: 1, with) }
        #expect(failure?.code == code)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "nothing")")
        #expect(bench.shelf.emitted.count == 1)
    }

    @Test func `what changes nothing is not told`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x", "severity": "SEV2", "commander": "agent-1"])
        #expect(
            try await bench.act("update", after: 1, ["incident": "INC-1", "customers_affected": 5])["changed"] == true)
        for with: Value in [["incident": "INC-1"], ["incident": "INC-1", "customers_affected": 5]] {
            #expect(try await bench.act("update", after: 2, with)["changed"] == false)
        }
        let same: Value = ["incident": "INC-1", "role": "commander", "person": "agent-1"]
        #expect(try await bench.act("assign_role", after: 2, same)["changed"] == false)
        try await bench.act("resolve", after: 3, ["incident": "INC-1"])
        let again = try await bench.act("resolve", after: 4, ["incident": "INC-1", "message": "Once more"])
        #expect(again["changed"] == false)
        #expect(again["incident"]?["resolved_at"] == minute(3))
        #expect(bench.shelf.emitted.count == 3)
    }

    @Test func `an incident comes back, and is counted`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x"])
        try await bench.act("resolve", after: 10, ["incident": "INC-1"])
        let open = try await bench.act("update", after: 20, ["incident": "INC-1", "status": "investigating"])
        #expect(open["incident"]?["state"] == "open")
        #expect(open["incident"]?["resolved_at"] == .null)
        #expect(open["incident"]?["time_to_resolve"] == .null)
        #expect(open["incident"]?["reopen_count"] == 1)
        #expect(open["incident"]?["next_news_at"] == minute(50))
        let over = try await bench.act("resolve", after: 40, ["incident": "INC-1", "resolved_at": minute(30)])
        #expect(over["incident"]?["time_to_resolve"] == minutes(30), "the last end counts")
        let history = try await bench.run("incident.get", with: ["incident": "INC-1"])["history"]?.list ?? []
        #expect(history.compactMap { $0["to"]?.string }.suffix(3) == ["resolved", "investigating", "resolved"])
    }

    @Test func `roles are held since a moment, and can be vacated`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x", "commander": "agent-1"])
        try await bench.act("assign_role", after: 5, ["incident": "INC-1", "role": "scribe", "person": "agent-3"])
        try await bench.act("assign_role", after: 9, ["incident": "INC-1", "role": "commander", "person": "agent-2"])
        let roles = try await bench.run("incident.get", with: ["incident": "INC-1"])["roles"]
        #expect(
            roles == [
                ["role": "commander", "person": "agent-2", "since": minute(9)],
                ["role": "scribe", "person": "agent-3", "since": minute(5)],
            ])
        let vacated = try await bench.act(
            "assign_role", after: 12, ["incident": "INC-1", "role": "commander", "vacate": true])
        #expect(vacated["incident"]?["commander"] == .null)
        #expect(vacated["incident"]?["roles"] == ["scribe": "agent-3"])
        #expect(vacated["incident"]?["news_at"] == minute(0), "who leads is no news for customers")
    }

    @Test func `a duplicate ends, and the other incident gets its tickets`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x", "tickets": ["1"], "services": "payments"])
        try await bench.act("declare", ["title": "y", "tickets": ["1", "2"], "services": "checkout"])
        let merged = try await bench.act(
            "link", after: 5, ["incident": "INC-2", "to": "INC-1", "relation": "duplicate_of"])
        #expect(merged["incident"]?["state"] == "closed")
        #expect(merged["incident"]?["merged_into"] == "INC-1")
        #expect(merged["incident"]?["time_to_resolve"] == .null)
        let other = try await bench.run("incident.get", with: ["incident": "INC-1"])["incident"]
        #expect(other?["tickets"] == ["1", "2"])
        #expect(other?["services"] == ["payments", "checkout"])
        #expect(other?["related"] == ["INC-2"])
        #expect(bench.shelf.emitted.dropFirst(2).map(\.subject) == ["incident:INC-1", "incident:INC-2"])
        let refused = await failure { try await bench.act("update", after: 6, ["incident": "INC-2", "message": "x"]) }
        #expect(refused?.code == "merged")
        try await bench.act("update", after: 7, ["incident": "INC-2", "status": "investigating"])
        let again = try await bench.run("incident.get", with: ["incident": "INC-2"])["incident"]
        #expect(again?["merged_into"] == .null)
        #expect(again?["state"] == "open")
    }

    @Test func `a note is a line of the timeline and tells nobody`() async throws {
        var bench = try incidentBench()
        try await bench.act("declare", ["title": "x"])
        let note: Value = [
            "incident": "INC-1", "text": "Fail-over", "kind": "decision", "at": minute(-5), "by": "agent-1",
        ]
        #expect(try await bench.act("note", after: 5, note)["added"] == true)
        #expect(try await bench.act("note", after: 6, note)["added"] == false)
        #expect(bench.shelf.emitted.count == 1)
        bench.shelf.seed(
            "t",
            ["subject": "incident:INC-1", "to": "agent-4", "title": "SEV1", "sent_at": minute(2), "playbook": "p"],
            in: "notify.messages")
        #expect(
            try await bench.timeline("INC-1") == ["Fail-over", "Declared as SEV1: x", "Message to agent-4: SEV1"])
        let short = try await bench.run("incident.get", with: ["incident": "INC-1", "entries": 1])
        #expect(short["timeline"]?.list?.count == 1)
        #expect(short["timeline_left_out"] == 2)
    }

    @Test func `incidents are listed by what people ask`() async throws {
        var bench = try incidentBench()
        try await bench.act(
            "declare", ["title": "Cards fail", "severity": "SEV1", "services": "payments", "commander": "agent-1"])
        try await bench.act("declare", after: 10, ["title": "Search slow", "severity": "SEV3", "tickets": "4711"])
        try await bench.act("declare", after: 20, ["title": "Mail late", "severity": "SEV2"])
        try await bench.act("resolve", after: 30, ["incident": "INC-3"])
        func ids(_ with: Value) async throws -> String {
            let list = try await bench.run("incident.list", with: with)["incidents"]?.list ?? []
            return list.compactMap { $0["id"]?.string?.suffix(1) }.joined()
        }
        #expect(try await ids([:]) == "321")
        #expect(try await ids(["state": "open"]) == "21")
        #expect(try await ids(["severity": ["SEV1", "SEV2"]]) == "31")
        #expect(try await ids(["service": "payments"]) == "1")
        #expect(try await ids(["ticket": "4711"]) == "2")
        #expect(try await ids(["person": "agent-1"]) == "1")
        #expect(try await ids(["commander": "agent-1"]) == "1")
        #expect(try await ids(["declared_after": minute(10), "declared_before": minute(20)]) == "2")
        #expect(try await ids(["news_due_before": minute(31)]) == "1")
        #expect(try await ids(["text": "search"]) == "2")
        #expect(try await ids(["skip": 1, "limit": 1]) == "2")
        let page = try await bench.run("incident.list", with: ["limit": 1])
        #expect(page["count"] == 3)
        #expect(page["more"] == true)
    }
}
