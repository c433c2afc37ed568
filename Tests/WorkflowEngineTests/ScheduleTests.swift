import Calendars
import InMemoryRunStore
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// A playbook that the clock starts.
private func onSchedule(_ schedule: String, id: String = "sweep", mode: String = "active") -> String {
    """
    playbook: \(id)
    owner: lead@example.com
    mode: \(mode)
    trigger:
      - schedule: \(schedule)
    steps:
      - { id: a, uses: test.put, with: { value: =schedule.due_at } }
    """
}

private func active(_ text: String) throws -> ActivePlaybook {
    let workflow = try EngineFixture.workflow(text)
    return ActivePlaybook(
        workflow: workflow, bundle: "bundle-\(text.count)-\(text.utf8.reduce(0) { $0 &* 31 &+ Int($1) })",
        content: ["id": .string(workflow.id)])
}

extension EngineFixture {
    /// Fires each timer at its time until `instant`, and lets runs end.
    fileprivate func pass(until instant: String, _ engine: Engine) async throws {
        let end = try #require(Timestamp(rfc3339: instant))
        while let next = try await engine.nextTimer(), next <= end {
            clock.advance(to: next)
            try await engine.fireDueTimers()
            await engine.idle()
        }
        clock.advance(to: end)
    }

    /// What each fire of a schedule said, in order: `due late_by missed`.
    fileprivate func fires(of playbook: String = "sweep") async throws -> [String] {
        try await store.read(view: { reader in
            var fires: [String] = []
            for record in try reader.events(before: nil, limit: 10_000) {
                guard let told = record.event.data["schedule"], told["playbook"]?.string == playbook else { continue }
                fires.append(
                    "\(told["due_at"]?.string ?? "") \(told["late_by"]?.string ?? "") \(told["missed"]?.int ?? -1)")
            }
            return fires.reversed()
        })
    }

    /// For which moments runs were made, in order; each run has ended well.
    fileprivate func runs() async throws -> [String] {
        try await store.read(view: { reader in
            try reader.runs(RunQuery(limit: 1000)).map { run in
                #expect(run.state == .succeeded, "\(String(describing: run.failure))")
                let event = try run.event.flatMap { try reader.event($0) }
                return event?.event.data["schedule"]?["due_at"]?.string ?? "none"
            }.sorted()
        })
    }

    fileprivate var warnings: [String] {
        progress.compactMap { if case .warning(_, let text) = $0 { text } else { nil } }
    }
}

@Suite("Schedules", .timeLimit(.minutes(3)))
struct ScheduleTests {
    // The clock of tests begins on Sunday, 2026-11-22, at 08:00 UTC.
    static let daily = "{ cron: 0 9 * * *, zone: UTC }"

    @Test func `a schedule fires at each of its moments and starts its playbook alone`() async throws {
        let fixture = try EngineFixture(
            onSchedule("{ cron: 0 9 * * mon-wed, zone: Europe/Berlin }"), onTicket("steps: [{ stop: done }]"),
            onSchedule("{ rrule: FREQ=YEARLY, start: 2026-01-01T00:00, zone: UTC }", id: "other"))
        let engine = try await fixture.open()
        try await fixture.pass(until: "2026-11-27T00:00:00Z", engine)
        let moments = ["2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"]
        #expect(try await fixture.fires() == moments.map { "\($0) 0s 0" })
        #expect(try await fixture.runs() == moments)
        let run = try #require(try await fixture.store.read(view: { try $0.runs(RunQuery()).last }))
        #expect(run.playbook == "sweep" && run.kind == .live && run.subject == "schedule:sweep")
        // Steps see the moment as a time.
        let effects = try await fixture.effects(of: run.id)
        #expect(effects.first?.sent["value"]?.timestamp?.rfc3339 == moments[0], "\(effects)")
        let sequence = try #require(run.event)
        let matches = try await fixture.store.read(view: { try $0.matches(ofEvent: sequence) })
        #expect(matches.map(\.playbook) == ["sweep"] && matches.first?.outcome == .fired)
        await engine.close()
    }

    @Test(arguments: [
        ("{ cron: 0 7 * * *, zone: UTC, calendar: office, within: open_days }", ["2026-11-23T07", "2026-11-25T07"]),
        ("{ cron: '0 8,10 * * *', zone: UTC, calendar: office }", ["2026-11-23T10", "2026-11-25T10"]),
    ])
    func `a schedule that keeps to a calendar fires only in its open hours, or on its open days`(
        schedule: String, expected: [String]
    ) async throws {
        let fixture = try EngineFixture(onSchedule(schedule))
        // Tuesday is a holiday; then Thursday becomes one while nothing executes.
        let office = try Self.office(closed: "2026-11-24")
        let first = try await fixture.open { $1.businessCalendars = { $0 == "office" ? office : nil } }
        try await fixture.pass(until: "2026-11-25T12:00:00Z", first)
        #expect(try await fixture.runs().map { String($0.prefix(13)) } == expected)
        #expect(fixture.warnings == [])
        await first.close()
        let other = try Self.office(closed: "2026-11-26")
        let second = try await fixture.open { $1.businessCalendars = { $0 == "office" ? other : nil } }
        try await fixture.pass(until: "2026-11-29T12:00:00Z", second)
        #expect(try await fixture.runs().map { String($0.prefix(10)) }.dropFirst(2) == ["2026-11-27"])
        #expect(fixture.warnings == [])
        await second.close()
    }

    @Test func `a schedule whose calendar is not there says so and does not fire`() async throws {
        let fixture = try EngineFixture(onSchedule("{ cron: 0 9 * * *, zone: UTC, calendar: gone }"))
        let engine = try await fixture.open()
        try await fixture.pass(until: "2026-11-24T12:00:00Z", engine)
        #expect(try await fixture.fires() == [])
        #expect(fixture.warnings.contains { $0.contains("there is no calendar \"gone\"") }, "\(fixture.warnings)")
        await engine.close()
    }

    private static func office(closed day: String) throws -> BusinessCalendar {
        var week = ValueMap()
        for day in ["mon", "tue", "wed", "thu", "fri"] { week[.string(day)] = [["09:00", "17:00"]] }
        return try BusinessCalendar(["tz": "UTC", "weekly": .map(week), "holidays": [.string(day)]])
    }

    @Test func `an event that only says so starts nothing`() async throws {
        let fixture = try EngineFixture(onSchedule(Self.daily))
        let engine = try await fixture.open()
        let forged = Event(
            id: "x", source: "/desk", type: Event.scheduleFired, time: fixture.clock.now,
            data: ["schedule": ["id": "sweep", "playbook": "sweep", "cron": "0 9 * * *"]])
        #expect(try await engine.emit([forged]).first?.matches.isEmpty == true)
        await engine.close()
    }

    @Test(arguments: [
        ("skip", ["2026-11-26T09:00:00Z 0s 3"], ["2026-11-26T09:00:00Z"]),
        (
            "latest", ["2026-11-25T09:00:00Z 10800s 2", "2026-11-26T09:00:00Z 0s 0"],
            ["2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z"]
        ),
        (
            "all",
            [
                "2026-11-23T09:00:00Z 183600s 0", "2026-11-24T09:00:00Z 97200s 0", "2026-11-25T09:00:00Z 10800s 0",
                "2026-11-26T09:00:00Z 0s 0",
            ],
            ["2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z"]
        ),
    ])
    func `what was missed while nothing executed is skipped, made up for once, or each`(
        catchUp: String, fires: [String], runs: [String]
    ) async throws {
        let fixture = try EngineFixture(onSchedule("{ cron: 0 9 * * *, zone: UTC, catch_up: \(catchUp) }"))
        let first = try await fixture.open()
        try await fixture.pass(until: "2026-11-22T08:30:00Z", first)
        // Sunday's fire is not missed: it has not come.
        try await fixture.pass(until: "2026-11-22T10:00:00Z", first)
        await first.close()
        #expect(try await fixture.fires() == ["2026-11-22T09:00:00Z 0s 0"])
        fixture.clock.advance(to: try #require(Timestamp(rfc3339: "2026-11-25T12:00:00Z")))
        let second = try await fixture.open()
        try await fixture.pass(until: "2026-11-26T10:00:00Z", second)
        #expect(try await fixture.fires() == ["2026-11-22T09:00:00Z 0s 0"] + fires)
        #expect(try await fixture.runs() == ["2026-11-22T09:00:00Z"] + runs)
        if catchUp != "all" { #expect(fixture.warnings.contains { $0.contains("passed over") }, "\(fixture.warnings)") }
        #expect(fixture.warnings.allSatisfy { $0.contains("sweep") })
        await second.close()
    }

    @Test func `half a minute late is not late, so that skip does not skip it`() async throws {
        let fixture = try EngineFixture(onSchedule("{ cron: 0 9 * * *, zone: UTC, catch_up: skip }"))
        await (try await fixture.open()).close()
        fixture.clock.advance(to: try #require(Timestamp(rfc3339: "2026-11-22T09:00:30Z")))
        let engine = try await fixture.open()
        try await fixture.pass(until: "2026-11-22T09:01:00Z", engine)
        #expect(try await fixture.fires() == ["2026-11-22T09:00:00Z 30s 0"])
        #expect(fixture.warnings.isEmpty)
        await engine.close()
    }

    @Test(arguments: [
        // A day of minutes: 1,440 and the first of the next.
        ("2026-11-23T08:01:30Z", 441), ("2026-12-22T08:00:30Z", 10_000 - 1000),
    ])
    func `making up for each has an end, and says what it leaves out`(until: String, missed: Int) async throws {
        let fixture = try EngineFixture(
            "playbook: sweep\nowner: lead@example.com\nmode: active\n"
                + "trigger: { schedule: { cron: '* * * * *', catch_up: all, zone: UTC } }\nsteps: [{ stop: done }]\n")
        await (try await fixture.open()).close()
        fixture.clock.advance(to: try #require(Timestamp(rfc3339: until)))
        let engine = try await fixture.open()
        try await engine.fireDueTimers()
        await engine.idle()
        let fires = try await fixture.fires()
        #expect(fires.count == 1000)
        #expect(fires.first?.hasSuffix(" \(missed)") == true, "\(fires.first ?? "")")
        #expect(fires.dropFirst().allSatisfy { $0.hasSuffix(" 0") })
        #expect(fires.last?.hasPrefix(until.prefix(17) + "00Z") == true, "\(fires.last ?? "")")
        await engine.close()
    }

    enum Kind: String, CaseIterable { case memory, sqlite }

    /// Plays three days, dying at the nth point and going on with another engine; false when there is no nth point.
    func play(_ kind: Kind, dyingAt number: Int) async throws -> Bool {
        let folder = kind == .sqlite ? try TemporaryFolder() : nil
        defer { folder?.remove() }
        let store: any RunStore =
            if let folder {
                try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections)
            } else { InMemoryRunStore(collections: EngineFixture.collections) }
        let fixture = try EngineFixture(onSchedule(Self.daily), store: store)
        let plan = FaultPlan(at: number)
        let doomed = try await fixture.open(faults: plan)
        do {
            try await fixture.pass(until: "2026-11-24T10:00:00Z", doomed)
        } catch is FaultPlan.Death {}
        await doomed.idle()
        let engine = try await fixture.open()
        try await engine.recover()
        await engine.idle()
        try await fixture.pass(until: "2026-11-24T10:00:00Z", engine)
        try await fixture.runThrough(engine, limit: 1)
        let context: Comment = "\(kind.rawValue), point \(number): \(plan.deadAt?.rawValue ?? "none")"
        let moments = ["2026-11-22T09:00:00Z", "2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"]
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery(limit: 100)) })
        #expect(try await fixture.fires().map { String($0.prefix(20)) }.prefix(3) == moments[...], context)
        #expect(runs.count { $0.state == .succeeded } >= 3, context)
        #expect(Set(runs.map(\.event)).count == runs.count, context)
        await store.close()
        return plan.deadAt != nil
    }

    @Test(arguments: Kind.allCases)
    func `whatever the moment of a crash, each moment fires once`(kind: Kind) async throws {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 20)
    }

    @Test func `two executors at once fire each moment once`() async throws {
        let fixture = try EngineFixture(onSchedule(Self.daily))
        let (old, new) = (try await fixture.open(), try await fixture.open())
        fixture.clock.advance(to: try #require(Timestamp(rfc3339: "2026-11-22T09:00:00Z")))
        // The older one may be refused: it has a successor.
        do { try await old.fireDueTimers() } catch let error as StoreError { #expect(error.code == .fenced) }
        try await new.fireDueTimers()
        await old.idle()
        await new.idle()
        #expect(try await fixture.fires() == ["2026-11-22T09:00:00Z 0s 0"])
        #expect(try await fixture.store.read(view: { try $0.runs(RunQuery()) }).count == 1)
        await old.close()
        await new.close()
    }

    @Test func `a clock that is set back makes nothing fire again`() async throws {
        let fixture = try EngineFixture(onSchedule("{ cron: 0 * * * *, zone: UTC }"))
        let first = try await fixture.open()
        try await fixture.pass(until: "2026-11-22T11:30:00Z", first)
        await first.close()
        let back = ManualClock(try #require(Timestamp(rfc3339: "2026-11-22T08:30:00Z")))
        let second = try await fixture.open { _, services in services.clock = back }
        while let next = try await second.nextTimer(), next <= fixture.clock.now + .seconds(3600) {
            back.advance(to: next)
            try await second.fireDueTimers()
            await second.idle()
        }
        let moments = (9...12).map { "2026-11-22T\($0 < 10 ? "0" : "")\($0):00:00Z" }
        #expect(try await fixture.runs() == moments)
        await second.close()
    }

    @Test func `another version keeps a schedule, starts a changed one anew, and forgets one that is gone`()
        async throws
    {
        let fixture = try EngineFixture(onSchedule(Self.daily))
        await (try await fixture.open()).close()
        func memories(_ texts: String...) async throws -> [String] {
            let engine = try await fixture.open(playbooks: texts.map(active))
            let next = try await engine.nextTimer()?.rfc3339 ?? "none"
            await engine.close()
            return try await fixture.store.read(view: { reader in
                try reader.gates(playbook: nil, gate: "schedule", limit: 100).map {
                    "\($0.body["schedule"]?.string ?? "") \($0.body["trigger"]?.int ?? -1)"
                } + [next]
            })
        }
        fixture.clock.advance(by: .seconds(7200))
        // Overdue by an hour, and at another place in the file.
        let moved = onSchedule(Self.daily).replacing("trigger:\n", with: "trigger:\n  - event: ticket.created\n")
        #expect(try await memories(moved) == ["0 9 * * * (UTC) 1", "2026-11-22T09:00:00Z"])
        let changed = onSchedule("{ cron: 30 9 * * *, zone: UTC }")
        #expect(try await memories(changed) == ["30 9 * * * (UTC) 0", "2026-11-23T09:30:00Z"])
        #expect(try await memories(onSchedule(Self.daily, mode: "disabled")) == ["none"])
        #expect(
            try await memories(onSchedule(Self.daily, mode: "shadow")) == ["0 9 * * * (UTC) 0", "2026-11-23T09:00:00Z"])
        #expect(try await memories(onTicket("steps: [{ stop: done }]")) == ["none"])
    }

    @Test func `a rule that ends fires no more, also after a restart`() async throws {
        let fixture = try EngineFixture(
            onSchedule("{ rrule: FREQ=HOURLY;COUNT=2, start: 2026-11-22T09:00, zone: UTC, catch_up: all }"))
        let engine = try await fixture.open()
        try await fixture.pass(until: "2026-11-23T00:00:00Z", engine)
        await engine.close()
        let next = try await fixture.open()
        #expect(try await next.nextTimer() == nil)
        #expect(try await fixture.runs() == ["2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"])
        await next.close()
    }

    @Test(arguments: [
        // At 9, 10 and 11 o'clock; each run waits for 90 minutes.
        ("run_too", ["09:00", "10:00", "11:00"]), ("wait", ["09:00", "10:30", "12:00"]), ("skip", ["09:00", "11:00"]),
    ])
    func `a fire beside the run of an earlier one does what overlap says`(overlap: String, begun: [String]) async throws
    {
        let fixture = try EngineFixture(
            """
            playbook: sweep
            owner: lead@example.com
            mode: active
            trigger: { schedule: { cron: 0 9-11 * * *, zone: UTC, overlap: \(overlap) } }
            steps: [{ wait: 90m }]
            """)
        let engine = try await fixture.open()
        try await fixture.pass(until: "2026-11-22T20:00:00Z", engine)
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery(limit: 100)) })
        #expect(runs.allSatisfy { $0.state == .succeeded })
        #expect(runs.compactMap { $0.startedAt.map { String($0.rfc3339.dropFirst(11).prefix(5)) } }.sorted() == begun)
        // The event that is skipped says why.
        let newest = try await fixture.store.read(view: { reader in
            try reader.events(before: nil, limit: 10).map { try reader.matches(ofEvent: $0.sequence) }.flatMap { $0 }
        })
        #expect(newest.count == 3 && newest.count { $0.outcome == .suppressed } == 3 - begun.count)
        await engine.close()
    }
}
