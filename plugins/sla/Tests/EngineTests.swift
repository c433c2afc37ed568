import InMemoryRunStore
import PluginKit
import PluginTesting
import RunStore
import Testing
import TicketPlugin
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@testable import SLAPlugin

/// Two weeks of an escalation, by the engine's own timers in virtual time.
@Suite("Clocks in an engine")
struct EngineTests {
    private static let playbook = """
        playbook: escalate
        title: Tell somebody
        mode: active
        trigger:
          - event: sla.at_risk
          - event: sla.breached
        steps:
          - uses: test.tell
            with: { text: "${{ sla.clock }} ${{ sla.threshold }}" }
        """

    private static let policies = """
        policies:
        - id: standard
          default: true
          calendar: office
          pause: { status: pending }
          metrics:
            first_reply: { targets: { P1: 1h, P2: 4h }, thresholds: [75%] }
            resolution_total: { target: { business_days: 7 }, thresholds: [50%, { overdue: 8h, repeat: 2 }] }
        """

    private static func fixture() throws -> (EngineFixture, [any Plugin]) {
        let sla = SLAPlugin(manifest: try ManifestFile.read(besideTest: #filePath))
        var collections = EngineFixture.collections
        for collection in sla.manifest.collections { collections["sla.\(collection.name)"] = collection }
        let fixture = try EngineFixture(
            workflows: [EngineFixture.workflow(playbook)], store: InMemoryRunStore(collections: collections),
            clock: ManualClock(Story.time("mon 08:00")), plugins: [sla])
        return (fixture, [sla])
    }

    private static func open(_ fixture: EngineFixture, _ text: String = policies) async throws -> Engine {
        let table = try Story.table(text)
        return try await fixture.open { _, services in
            services.workspace = {
                WorkspaceTables(name: "test", directory: Directory(zone: "UTC"), policies: table)
            }
        }
    }

    /// Moves the clock to `time`, with every timer at its instant.
    private static func pass(_ fixture: EngineFixture, _ engine: Engine, to time: String) async throws {
        await engine.idle()
        while let next = try await engine.nextTimer(), next <= Story.time(time) {
            if next > fixture.clock.now { fixture.clock.advance(to: next) }
            try await engine.fireDueTimers()
            await engine.idle()
        }
        fixture.clock.advance(to: Story.time(time))
    }

    private static func emit(_ engine: Engine, _ fixture: EngineFixture, _ id: String, _ type: String, _ data: ValueMap)
        async throws
    {
        _ = try await engine.emit([
            Event(id: id, source: "desk", type: type, subject: "ticket:1", time: fixture.clock.now, data: data)
        ])
        await engine.idle()
    }

    private static func told(_ fixture: EngineFixture) async throws -> [String] {
        try await fixture.store.read(view: { reader in
            try reader.events(before: nil, limit: 200).reversed().filter { $0.event.type.hasPrefix("sla.") }.map {
                let view = ($0.event.data["sla"]?.map ?? [:]).merging($0.facts["sla"]?.map ?? [:])
                let late = view["late_by"]?.duration.map { " late \(DurationText.forPeople($0))" } ?? ""
                return "\(Story.text($0.event.time)) \($0.event.type.dropFirst(4)) \(view["metric"]?.string ?? "")"
                    + (view["threshold"]?.string.map { " \($0)" } ?? "") + late
            }
        })
    }

    @Test(
        "Two weeks of an escalation pass in milliseconds, each message at its instant, and a crash in between repeats none"
    )
    func twoWeeks() async throws {
        let (fixture, _) = try Self.fixture()
        var engine = try await Self.open(fixture)
        engine.start()
        try await Self.pass(fixture, engine, to: "mon 15:00")
        try await Self.emit(engine, fixture, "1", "ticket.created", ["ticket": ["id": "1", "priority": "P2"]])
        try await Self.pass(fixture, engine, to: "tue 10:30")
        try await Self.emit(
            engine, fixture, "2", "ticket.commented",
            ["ticket": ["id": "1"], "comment": ["by": "agent", "public": true]])
        // Waiting for the customer from Wednesday to Friday noon; the process dies meanwhile.
        try await Self.pass(fixture, engine, to: "wed 09:00")
        try await Self.emit(engine, fixture, "3", "ticket.updated", ["ticket": ["id": "1", "status": "pending"]])
        await engine.close()
        engine = try await Self.open(fixture)
        engine.start()
        try await Self.pass(fixture, engine, to: "fri 13:00")
        try await Self.emit(engine, fixture, "4", "ticket.updated", ["ticket": ["id": "1", "status": "open"]])
        try await Self.pass(fixture, engine, to: "thu2 12:00")
        await engine.close()
        // Nobody runs on Friday: what is due then comes late, once.
        fixture.clock.advance(to: Story.time("mon3 09:30"))
        engine = try await Self.open(fixture)
        engine.start()
        try await Self.pass(fixture, engine, to: "wed3 17:00")
        await engine.close()
        #expect(
            try await Self.told(fixture) == [
                "mon 15:00 started first_reply", "mon 15:00 started resolution_total",
                "tue 10:00 at_risk first_reply 75%", "tue 10:30 met first_reply", "wed 09:00 paused resolution_total",
                "fri 13:00 resumed resolution_total", "tue2 12:00 at_risk resolution_total 50%",
                "mon3 09:30 breached resolution_total 100% late 2d 20h", "mon3 13:00 breached resolution_total 8h over",
                "tue3 13:00 breached resolution_total 16h over",
            ])
        // Each warning and breach has started the playbook once.
        #expect(fixture.plugin.calls(of: "tell").count == 5)
    }
}
