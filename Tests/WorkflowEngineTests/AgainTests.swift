import InMemoryRunStore
import RunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Runs that are done again", .timeLimit(.minutes(1)))
struct AgainTests {
    static let steps = """
        vars: { n: 1 }
        steps:
          - { id: one, uses: test.put, with: { value: 1 } }
          - if: vars.n == 1
            then:
              - { id: two, uses: test.put, with: { value: 2 } }
              - { id: three, uses: test.put, with: { value: "=steps.one.value + steps.two.value" } }
          - id: both
            parallel:
              - { id: left, uses: test.put, with: { value: 4 } }
              - { id: right, uses: test.look, with: { value: 5 } }
          - { id: last, uses: test.put, with: { value: =steps.three.value } }
        """

    /// A fixture whose `look` fails once, with the run that has failed.
    static func failed(_ text: String = steps) async throws -> (EngineFixture, Engine, RunID) {
        let fixture = try EngineFixture(onTicket(text))
        fixture.plugin.on("look") { call in
            call.earlier == 0 ? .fail(Failure(code: "bad", message: "bad")) : .output(["value": 5])
        }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(id).row.state == .failed)
        return (fixture, engine, id)
    }

    private func values(_ fixture: EngineFixture, _ run: RunID) async throws -> [Value?] {
        try await fixture.effects(of: run).map { $0.sent["value"] }
    }

    @Test func `retry goes on with the block of the step that failed, and keeps what was before`() async throws {
        let (fixture, engine, id) = try await AgainTests.failed()
        let new = try await engine.retry(id, from: nil, by: "lead@example.com")
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(new.id)
        #expect(row.state == .succeeded)
        #expect(row.origin == .retry(of: id, from: "both"))
        #expect(row.event == (try await fixture.run(id).row.event))
        #expect(row.requestedBy == "lead@example.com")
        #expect(try await values(fixture, new.id) == [4, 3], "only the block and what follows")
        #expect(journal.output(of: "steps[0]")?["value"] == 1, "the kept results are in the new journal")
        let audit = try await fixture.store.read(view: { try $0.newestAudit() })
        #expect(audit?.action == "retry")
        #expect(audit?.target == id.text)
        let before = try await fixture.effects(of: id).map(\.key)
        #expect(Set(before).isDisjoint(with: try await fixture.effects(of: new.id).map(\.key)))
    }

    @Test(
        "retry from a step in sequence",
        arguments: [("three", [Value.int(3), 4, 3]), ("steps[1].then[0]", [2, 3, 4, 3]), ("one", [1, 2, 3, 4, 3])])
    func from(_ step: String, _ sent: [Value]) async throws {
        let (fixture, engine, id) = try await AgainTests.failed()
        let new = try await engine.retry(id, from: step, by: "lead@example.com")
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(new.id).row.state == .succeeded)
        #expect(try await values(fixture, new.id) == sent)
    }

    @Test(
        "what cannot be is refused, with what to do instead",
        arguments: [
            ("left", "stands inside both, which is done as a whole; retry from both"),
            ("lst", "has no step lst; did you mean last?"), ("last", "never came to last"),
        ])
    func refused(_ step: String, _ message: String) async throws {
        let (_, engine, id) = try await AgainTests.failed()
        let error = await #expect(throws: EngineError.self) { try await engine.retry(id, from: step, by: "lead") }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func `a run that has not ended, or has succeeded, is not retried by itself`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.put }, { wait: 1m }]"))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        let early = await #expect(throws: EngineError.self) { try await engine.retry(id, from: "a", by: "lead") }
        #expect(early?.message.contains("has not ended") == true)
        try await fixture.runThrough(engine)
        let late = await #expect(throws: EngineError.self) { try await engine.retry(id, from: nil, by: "lead") }
        #expect(late?.message.contains("name the step to begin with") == true)
        let new = try await engine.retry(id, from: "a", by: "lead")
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(new.id).row.state == .succeeded)
    }

    @Test func `what was taken back does not count as done`() async throws {
        let (fixture, engine, id) = try await AgainTests.failed(
            """
            steps:
              - { id: zero, uses: test.put, with: { value: 0 } }
              - { id: one, uses: test.put, with: { value: 1 }, undo: { uses: test.drop } }
              - { id: bad, uses: test.look }
            """)
        let error = await #expect(throws: EngineError.self) { try await engine.retry(id, from: "bad", by: "lead") }
        #expect(error?.message.contains("one was taken back") == true)
        let new = try await engine.retry(id, from: nil, by: "lead")
        try await fixture.runThrough(engine)
        #expect(new.origin == .retry(of: id, from: "one"))
        #expect(try await fixture.run(new.id).row.state == .succeeded)
        #expect(try await values(fixture, new.id) == [1])
    }

    @Test func `replay does all of it again`() async throws {
        let (fixture, engine, id) = try await AgainTests.failed()
        let new = try await engine.replay(id, by: "lead@example.com")
        try await fixture.runThrough(engine)
        let row = try await fixture.run(new.id).row
        #expect(row.state == .succeeded)
        #expect(row.origin == .replay(of: id))
        #expect(try await values(fixture, new.id) == [1, 2, 3, 4, 3])
        #expect(try await fixture.store.read(view: { try $0.runs(RunQuery(origin: id)) }).map(\.id) == [new.id])
    }

    @Test func `today's version is followed when what is kept is the same in it, and else refused`() async throws {
        let (fixture, engine, id) = try await AgainTests.failed()
        await engine.close()
        func playbook(_ text: String) throws -> ActivePlaybook {
            ActivePlaybook(workflow: try EngineFixture.workflow(onTicket(text)), bundle: "new", content: ["id": "new"])
        }
        let later = try playbook(AgainTests.steps + "\n  - { id: more, uses: test.put, with: { value: 9 } }")
        let next = try await fixture.open(playbooks: [later])
        let new = try await next.retry(id, from: nil, by: "lead")
        try await fixture.runThrough(next)
        #expect(new.bundle == "new")
        #expect(try await values(fixture, new.id) == [4, 3, 9])
        await next.close()
        let changed = try playbook(
            AgainTests.steps.replacing("{ id: one,", with: "{ id: uno,").replacing("steps.one", with: "steps.uno"))
        let last = try await fixture.open(playbooks: [changed])
        let error = await #expect(throws: EngineError.self) { try await last.retry(id, from: nil, by: "lead") }
        #expect(error?.message.contains("has changed before both since") == true)
        let same = try await last.retry(id, from: nil, sameVersion: true, by: "lead")
        try await fixture.runThrough(last)
        #expect(try await values(fixture, same.id) == [4, 3])
    }

    @Test func `other processes ask through the store, and the answer names the new run`() async throws {
        let (fixture, engine, id) = try await AgainTests.failed()
        let answers = Mutex<[Value]>([])
        let client = RequestClient(store: fixture.store, clock: fixture.clock)
        let asking = Task {
            for kind in ["retry", "replay"] {
                let answer = try await client.ask(kind, ["run": .string(id.text)], by: "lead", within: .seconds(30))
                answers.withLock { $0.append(answer) }
            }
        }
        while answers.withLock(\.count) < 2 {
            try await engine.answerRequests()
            fixture.clock.advance(by: .milliseconds(20))
            await Task.yield()
        }
        try await asking.value
        try await fixture.runThrough(engine)
        for answer in answers.withLock(\.self) {
            let run = RunID(try #require(answer["run"]?.string))
            #expect(try await fixture.run(run).row.state == .succeeded)
        }
    }

    @Test func `a plan says which writes would be made again`() async throws {
        let (fixture, _, id) = try await AgainTests.failed()
        let playbook = ActivePlaybook(
            workflow: try EngineFixture.workflow(onTicket(AgainTests.steps)), bundle: "b", content: [:])
        let registry = try fixture.registry
        let (retry, replay) = try await fixture.store.read(view: { reader in
            let old = try #require(try reader.run(id))
            return (
                try RunAgainPlan.retry(
                    old, from: nil, former: playbook, by: playbook, registry: registry, in: reader),
                try RunAgainPlan.replay(old, by: playbook, in: reader)
            )
        })
        #expect(retry.kept == ["one", "steps[1]"])
        #expect(retry.repeated.map(\.step) == ["steps[2].parallel[0]"])
        #expect(replay.repeated.count == 4)
    }
}
