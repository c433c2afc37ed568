import Playbooks
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Working by itself", .timeLimit(.minutes(1)))
struct BackgroundTests {
    @Test func `timers fire and requests are answered in the background`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.look, retry: { attempts: 3, initial: 30s, jitter: none } }]"))
        fixture.plugin.on("look") { $0.earlier < 2 ? .fail(busy) : .output([:]) }
        let engine = try await fixture.open()
        engine.start()
        let asking = Task {
            try await RequestClient(store: fixture.store).ask(
                "run", ["playbook": "p", "event": JSON.parse(JSONWriter.text(ticket().envelope))],
                by: "lead@example.com",
                within: .seconds(30))
        }
        // The clock is a test's own: it is pushed on until the run has ended.
        var run: RunID?
        while true {
            fixture.clock.advance(by: .milliseconds(500))
            await Task.yield()
            let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
            run = runs.first?.id
            if runs.first?.state.isFinal == true { break }
        }
        #expect(try await asking.value["run"]?.string == run?.text)
        #expect(fixture.plugin.calls().count == 3)
        #expect(try await engine.waitUntilQuiet(upTo: .seconds(1)))
        await engine.close()
    }

    @Test func `hundreds of runs at once all end`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - { id: a, uses: test.look, with: { value: =ticket.id } }
                  - { id: b, uses: test.put, with: { value: =steps.a.value } }
                  - { id: c, uses: test.keep, with: { value: =steps.b.value } }
                """))
        let engine = try await fixture.open { settings, _ in settings.maximumRuns = 16 }
        let receipts = try await engine.emit((0..<500).map { ticket("T-\($0)") })
        await engine.idle()
        let rows = try await engine.wait(for: receipts.flatMap(\.runs), upTo: .seconds(1))
        #expect(rows.count == 500)
        #expect(rows.allSatisfy { $0.state == .succeeded })
        #expect(Set(fixture.plugin.done).count == 500)
    }

    @Test func `a run goes on with the version with which it began`() async throws {
        let old = """
            playbook: p
            owner: lead@example.com
            mode: active
            trigger: [{ event: ticket.created }]
            steps:
              - { id: a, uses: test.look, retry: { attempts: 2, initial: 10s } }
              - { id: b, uses: test.compute, with: { value: old } }
            """
        func playbook(_ text: String) throws -> ActivePlaybook {
            let workflow = try EngineFixture.workflow(text)
            return ActivePlaybook(workflow, bundle: WorkflowBundle(of: workflow, text: text))
        }
        let fixture = try EngineFixture(old)
        fixture.plugin.on("look") { $0.earlier == 0 ? .fail(busy) : .output([:]) }
        let first = try await fixture.open(playbooks: [playbook(old)])
        let id = try await fixture.start(first)
        await first.idle()
        let new = old.replacing("old }", with: "new }")
        let second = try await fixture.open(playbooks: [playbook(new)]) { _, services in
            services.readBundle = ActivePlaybook.stored
        }
        try await second.recover()
        try await fixture.runThrough(second)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[1]") == ["value": "old"])
    }

    @Test func `a run whose version cannot be read any more fails and says so`() async throws {
        let text = onTicket("steps: [{ id: a, uses: test.look, retry: { attempts: 2, initial: 10s } }]")
        let fixture = try EngineFixture(text)
        fixture.plugin.on("look") { _ in .fail(busy) }
        let first = try await fixture.open()
        let id = try await fixture.start(first)
        await first.idle()
        fixture.clock.advance(by: .seconds(60))
        let second = try await fixture.open(playbooks: []) { _, services in services.readBundle = ActivePlaybook.stored
        }
        #expect(try await second.recover() == [id])
        await second.idle()
        let (row, journal) = try await fixture.run(id)
        #expect(row.failure?.code == "bad_bundle")
        #expect(journal.kinds.last == "ended")
        let newest = try await fixture.store.read(view: { try $0.events(before: nil, limit: 1) })
        #expect(newest.first?.event.type == "run.failed")
    }
}
