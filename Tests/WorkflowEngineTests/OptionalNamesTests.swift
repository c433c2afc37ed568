import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Playbooks with several triggers", .timeLimit(.minutes(1)))
struct OptionalNamesTests {
    static let playbook = """
        playbook: p
        owner: lead@example.com
        mode: active
        trigger:
          - event: [ticket.created, incident.declared]
          - manual: { inputs: { who: text } }
        steps:
          - if: ticket == null && missing(incident.title)
            uses: test.put
            with: { value: "=default(ticket.id, inputs.who)" }
          - if: ticket != null
            uses: test.put
            with: { value: =ticket.id }
        """

    @Test func `a name that not every trigger gives is null where it is not given`() async throws {
        let fixture = try EngineFixture(OptionalNamesTests.playbook)
        let engine = try await fixture.open()
        let byHand = try await engine.run("p", inputs: ["who": "ada"], by: "lead")
        let byEvent = try await fixture.start(engine)
        try await fixture.runThrough(engine)
        for (id, sent) in [(byHand.id, Value.string("ada")), (byEvent, "T-1")] {
            let row = try await fixture.run(id).row
            #expect(row.state == .succeeded, "\(row.failure?.message ?? "")")
            #expect(try await fixture.effects(of: id).map { $0.sent["value"] } == [sent])
        }
    }
}
