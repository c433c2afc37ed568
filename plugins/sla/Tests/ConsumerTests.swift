import PluginKit
import PluginTesting
import Testing
import TicketPlugin
import WorkflowModel

@testable import SLAPlugin

/// A bench with the plugin and its policies; timers go off in virtual time.
struct ClockBench {
    var bench: PluginBench
    private var count = 0

    init(_ policies: String) throws {
        bench = PluginBench(SLAPlugin(manifest: try ManifestFile.read(besideTest: #filePath)))
        bench.policies = try Story.table(policies)
    }

    /// Takes in `ticket.TYPE`, after the timers that are due before it.
    @discardableResult
    mutating func on(
        _ time: String, _ type: String, _ ticket: ValueMap = [:], _ data: ValueMap = [:], id: String = "1",
        arriving: String? = nil, timers: Bool = true
    ) throws -> ValueMap {
        if timers { try advance(arriving ?? time) }
        bench.now = Story.time(arriving ?? time)
        count += 1
        return try accept(
            Event(
                id: "e\(count)", source: "desk", type: type.contains(".") ? type : "ticket.\(type)",
                subject: type.contains(".") ? nil : "ticket:\(id)", time: Story.time(time),
                data: (["ticket": .map((["id": .string(id)] as ValueMap).merging(ticket))] as ValueMap).merging(data)))
    }

    /// Lets the timers go off that are due by `time`; with `at` all of them go off late, then.
    mutating func advance(_ time: String, at late: String? = nil) throws {
        while let (key, timer) = bench.shelf.timers.filter({ $0.value.due <= Story.time(time) })
            .min(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) })
        {
            bench.now = max(bench.now, late.map(Story.time) ?? timer.due)
            let name = String(key.dropFirst("sla/".count))
            try bench.shelf.transaction(of: "sla") { try $0.cancelTimer(name) }
            try accept(event(timer.event))
        }
        bench.now = max(bench.now, Story.time(late ?? time))
    }

    private func event(_ draft: EventDraft) -> Event {
        Event(
            id: "\(draft.type)/\(draft.key ?? "")", source: "/plugins/sla", type: draft.type, subject: draft.subject,
            time: bench.now, data: draft.data)
    }

    /// What was told, in order, with what it said.
    private(set) var told: [String] = []
    private(set) var views: [ValueMap] = []

    @discardableResult
    private mutating func accept(_ event: Event) throws -> ValueMap {
        let before = bench.shelf.emitted.count
        let facts = try bench.accept(event)
        if event.type.hasPrefix("sla.") { tell(event, facts) }
        for draft in bench.shelf.emitted.dropFirst(before) { try accept(self.event(draft)) }
        return facts
    }

    private mutating func tell(_ event: Event, _ facts: ValueMap) {
        let view = (event.data["sla"]?.map ?? [:]).merging(facts["sla"]?.map ?? [:])
        views.append(view)
        var text = "\(Story.text(bench.now)) \(event.type.dropFirst(4)) \(view["clock"]?.string ?? "")"
        if let threshold = view["threshold"]?.string { text += " \(threshold)" }
        if let late = view["late_by"]?.duration { text += " late \(DurationText.forPeople(late))" }
        told.append(text)
    }

    func clock(_ id: String) -> ValueMap { bench.shelf.all(in: "sla.clocks")[id] ?? [:] }
}

@Suite("Clocks kept, told and timed")
struct ConsumerTests {
    static let policies = """
        policies:
        - id: standard
          default: true
          calendar: office
          pause: [{ status: [pending, hold] }, { maintenance: true }]
          metrics:
            first_reply: { target: 4h, thresholds: [50%, { remaining: 1h }, { overdue: 2h, repeat: 2 }] }
        """

    @Test("A ticket that nobody answers is told of at each threshold, once, at its exact instant")
    func thresholds() throws {
        var bench = try ClockBench(Self.policies)
        let facts = try bench.on("mon 15:00", "created")
        #expect(facts["sla"]?["due_at"] == .timestamp(Story.time("tue 11:00")))
        try bench.advance("fri 16:00")
        #expect(
            bench.told == [
                "mon 15:00 started 1/first_reply/1", "mon 17:00 at_risk 1/first_reply/1 50%",
                "tue 10:00 at_risk 1/first_reply/1 1h left", "tue 11:00 breached 1/first_reply/1 100%",
                "tue 13:00 breached 1/first_reply/1 2h over", "tue 15:00 breached 1/first_reply/1 4h over",
            ])
        let breach = try #require(bench.views.first { $0["threshold"] == "100%" })
        #expect(breach["policy"] == "standard")
        #expect(breach["target"] == .duration(.seconds(14_400)))
        #expect(breach["elapsed"] == .duration(.seconds(14_400)))
        #expect(breach["remaining"] == .duration(.zero))
        #expect(breach["due_at"] == .timestamp(Story.time("tue 11:00")))
        #expect(breach["breached"] == true)
        #expect(bench.bench.shelf.timers.isEmpty)
    }

    @Test("A reply stops the clock, and its timer")
    func met() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 15:00", "created")
        try bench.on("mon 16:00", "commented", [:], ["comment": ["by": "agent", "public": true]])
        try bench.advance("fri 16:00")
        #expect(bench.told == ["mon 15:00 started 1/first_reply/1", "mon 16:00 met 1/first_reply/1"])
        #expect(bench.clock("1/first_reply/1")["state"] == "met")
        #expect(bench.bench.shelf.timers.isEmpty)
    }

    @Test("A paused clock tells nothing, and goes on where it was")
    func paused() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        try bench.on("mon 10:00", "updated", ["status": "pending"])
        #expect(bench.clock("1/first_reply/1")["due_at"] == .null)
        try bench.on("wed 09:00", "updated", ["status": "open"])
        try bench.advance("wed 10:30")
        #expect(
            bench.told == [
                "mon 09:00 started 1/first_reply/1", "mon 10:00 paused 1/first_reply/1",
                "wed 09:00 resumed 1/first_reply/1", "wed 10:00 at_risk 1/first_reply/1 50%",
            ])
    }

    @Test("After a time when nobody ran each missed threshold is told once, in order, and says how late it is")
    func downtime() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        try bench.advance("mon 13:30", at: "mon 13:30")
        #expect(
            bench.told == [
                "mon 09:00 started 1/first_reply/1", "mon 13:30 at_risk 1/first_reply/1 50% late 2h 30m",
                "mon 13:30 at_risk 1/first_reply/1 1h left late 1h 30m",
                "mon 13:30 breached 1/first_reply/1 100% late 30m",
            ])
        try bench.advance("mon 16:00")
        #expect(bench.told.last == "mon 15:00 breached 1/first_reply/1 2h over")
    }

    @Test("When an event comes first after that time, the missed thresholds are told with it")
    func eventFirst() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        try bench.on("mon 12:30", "updated", ["category": "x"], timers: false)
        try bench.advance("mon 12:45")
        #expect(
            bench.told == [
                "mon 09:00 started 1/first_reply/1", "mon 12:30 at_risk 1/first_reply/1 50% late 1h 30m",
                "mon 12:30 at_risk 1/first_reply/1 1h left late 30m",
            ])
    }

    @Test(
        "A ticket that is heard of late is told of by its highest threshold alone, the others are on record as skipped")
    func lateStart() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created", arriving: "mon 14:00")
        #expect(
            bench.told == ["mon 14:00 started 1/first_reply/1", "mon 14:00 breached 1/first_reply/1 100% late 1h"])
        let fired = bench.clock("1/first_reply/1")["fired"]
        #expect(fired?["50%/0"]?["outcome"] == "skipped")
        #expect(fired?["1h left/0"]?["outcome"] == "skipped")
        #expect(fired?["100%/0"]?["outcome"] == "told")
    }

    @Test("Old tickets that are taken in are on record and wake nobody up; what is still to come is told")
    func imported() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created", arriving: "thu 09:00")
        #expect(bench.told.isEmpty)
        #expect(bench.clock("1/first_reply/1")["breached"] == true)
        #expect(bench.clock("1/first_reply/1")["fired"]?["100%/0"]?["outcome"] == "skipped")
        try bench.on("thu 08:00", "created", id: "2", arriving: "thu 09:00")
        try bench.advance("thu 11:00")
        #expect(bench.told == ["thu 09:00 started 2/first_reply/1", "thu 11:00 at_risk 2/first_reply/1 50%"])
    }

    @Test("A reply that was in time and is heard of late takes the breach back from the record")
    func lateReply() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        try bench.on(
            "mon 13:10", "commented", [:], ["comment": ["by": "agent", "public": true, "at": "2026-11-23T12:50:00Z"]])
        #expect(bench.told.suffix(2) == ["mon 13:00 breached 1/first_reply/1 100%", "mon 13:10 met 1/first_reply/1"])
        #expect(bench.clock("1/first_reply/1")["breached"] == false)
        #expect(bench.clock("1/first_reply/1")["elapsed"] == .duration(.seconds(13_800)))
    }

    @Test("A window on the ticket's service pauses its clock while it is under way")
    func windows() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created", ["service": "shop"])
        try bench.on("mon 09:00", "created", ["service": "other"], id: "2")
        let window: ValueMap = ["maintenance": ["id": "MW-1", "services": ["shop"]]]
        try bench.on("mon 10:00", "maintenance.started", [:], window)
        try bench.on("mon 10:30", "created", ["service": "shop"], id: "3")
        #expect(bench.clock("1/first_reply/1")["state"] == "paused")
        #expect(bench.clock("1/first_reply/1")["paused_by"] == "maintenance")
        #expect(bench.clock("2/first_reply/1")["state"] == "running")
        #expect(bench.clock("3/first_reply/1")["state"] == "paused")
        try bench.on("mon 12:00", "maintenance.completed", [:], window)
        #expect(bench.clock("1/first_reply/1")["due_at"] == .timestamp(Story.time("mon 15:00")))
        #expect(bench.clock("3/first_reply/1")["due_at"] == .timestamp(Story.time("mon 16:00")))
    }

    @Test("A merged ticket leaves its clock to the other, and is not escalated any more")
    func merged() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        try bench.on("mon 10:00", "created", id: "2")
        try bench.on("mon 10:30", "merged", [:], ["into": "2"])
        try bench.advance("mon 13:30")
        #expect(bench.clock("1/first_reply/1")["state"] == "cancelled")
        #expect(
            bench.told.suffix(3) == [
                "mon 11:00 at_risk 2/first_reply/1 50%", "mon 12:00 at_risk 2/first_reply/1 1h left",
                "mon 13:00 breached 2/first_reply/1 100%",
            ])
    }

    @Test("The clocks of a ticket that is merged into one that nothing has told of yet go on there")
    func mergedIntoUnknown() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created", ["priority": "P2"])
        try bench.on("mon 10:30", "merged", [:], ["into": "2"])
        #expect(bench.clock("1/first_reply/1")["state"] == "cancelled")
        let left = bench.clock("2/first_reply/1")
        #expect(left["start"] == .timestamp(Story.time("mon 09:00")))
        #expect(left["due_at"] == .timestamp(Story.time("mon 13:00")))
        // What is heard of it later goes on from there, and an earlier beginning of its own counts.
        try bench.on("mon 11:00", "updated", ["created_at": "2026-11-23T08:00:00Z"], id: "2")
        #expect(bench.clock("2/first_reply/1")["start"] == .timestamp(Story.time("mon 08:00")))
        try bench.on(
            "mon 11:30", "commented", [:], ["comment": ["by": "agent", "public": true]], id: "2")
        #expect(bench.clock("2/first_reply/1")["state"] == "met")
    }

    @Test("What events and facts say of a clock is what playbooks are checked against, and no more")
    func declared() throws {
        var bench = try ClockBench(Self.policies)
        let facts = try bench.on("mon 09:00", "created", ["priority": "P2", "team": "a"])
        try bench.on("mon 09:10", "updated", ["status": "pending"])
        try bench.on("mon 09:20", "updated", ["status": "open"])
        let known = try #require(EventCatalog.standard.schema(ofType: "ticket.created")?.property("sla")).properties
            .map(\.name)
        for map in [facts["sla"]?.map ?? [:]] + bench.views {
            for entry in map {
                #expect(known.contains(entry.key.string ?? ""), "\(entry.key) is attached and not declared")
            }
        }
        #expect(bench.views.count > 2)
        let consumer = try #require(SLAPlugin(manifest: ManifestFile.read(besideTest: #filePath)).consumer)
        let fresh = try bench.bench.shelf.transaction(of: "sla") { store in
            try consumer.facts(
                named: "sla", known: ["clock": "1/first_reply/1", "threshold": "50%"], subject: nil, in: store)
        }
        #expect(fresh?["state"] == "running")
        #expect(fresh?["threshold"] == "50%")
        for entry in fresh?.map ?? [:] { #expect(known.contains(entry.key.string ?? ""), "\(entry.key)") }
    }

    @Test("The same event twice changes nothing")
    func twice() throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 09:00", "created")
        let before = bench.clock("1/first_reply/1")
        try bench.on("mon 09:00", "created")
        var after = bench.clock("1/first_reply/1")
        after["as_of"] = before["as_of"]
        #expect(after == before)
        #expect(bench.told.count == 1)
    }

    @Test("Without policies nothing is measured and nothing kept")
    func none() throws {
        var bench = try ClockBench(Self.policies)
        bench.bench.policies = nil
        #expect(try bench.on("mon 09:00", "created").isEmpty)
        #expect(bench.bench.shelf.all(in: "sla.tickets").isEmpty)
    }
}
