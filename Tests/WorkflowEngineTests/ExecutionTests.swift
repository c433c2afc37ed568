import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Execution", .timeLimit(.minutes(1)))
struct ExecutionTests {
    static let four = onTicket(
        """
        steps:
          - { id: a, uses: test.compute, with: { value: =ticket.id } }
          - { id: b, uses: test.look, with: { value: =steps.a.value } }
          - { id: c, uses: test.keep, with: { id: doc, value: =steps.b.value } }
          - { id: d, uses: test.send, with: { value: =steps.c.value } }
        outputs: { sent: =steps.d.value }
        """)

    @Test func `each effect is executed, and every result is in the journal`() async throws {
        let fixture = try EngineFixture(ExecutionTests.four)
        let (row, journal) = try await fixture.play()
        #expect(row.state == .succeeded)
        #expect(row.outputs == ["sent": "T-1"])
        #expect(row.entries == journal.count)
        #expect(row.lease == nil)
        for step in 0..<4 { #expect(journal.output(of: "steps[\(step)]") == ["value": "T-1"]) }
        #expect(
            try await fixture.store.read { try $0.document("doc", in: "test.things") }?["value"] == "T-1")
        let effects = try await fixture.effects(of: row.id)
        #expect(effects.map(\.state) == [.done])
        #expect(effects.first?.sent["value"] == "T-1")
        #expect(effects.first?.action == "test.send")
        #expect(fixture.plugin.done == effects.map(\.key))
    }

    @Test func `a run is told step by step, after each step is durable`() async throws {
        let fixture = try EngineFixture(ExecutionTests.four)
        _ = try await fixture.play()
        var ended: [String] = []
        var starts = 0
        for progress in fixture.progress {
            switch progress {
            case .stepEnded(_, let step, .succeeded, _, _): ended.append(step)
            case .stepStarted: starts += 1
            default: break
            }
        }
        #expect(ended == ["a", "b", "c", "d"])
        #expect(starts == 4)
        guard case .runEnded(let row)? = fixture.progress.last else {
            Issue.record("the end was not told")
            return
        }
        #expect(row.state == .succeeded)
    }

    @Test func `defaults of the schema reach the action, and wrong inputs fail the step before the call`() async throws
    {
        let right = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send }]"))
        _ = try await right.play()
        #expect(right.plugin.calls().first?.input["count"] == 1)
        let wrong = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send, with: { count: many } }]"))
        let (row, _) = try await wrong.play()
        #expect(row.failure?.code == "invalid_input")
        #expect(row.failure?.message.contains("count") == true)
        #expect(wrong.plugin.calls().isEmpty)
        #expect(try await wrong.effects(of: row.id).isEmpty)
    }

    @Test func `a wrong output fails a read, and of a write it is kept with a warning`() async throws {
        let read = try EngineFixture(onTicket("steps: [{ id: a, uses: test.look }]"))
        read.plugin.on("look") { _ in .output(["number": "many"]) }
        #expect(try await read.play().row.failure?.code == "bad_output")
        let write = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send }]"))
        write.plugin.on("send") { _ in .output(["number": "many"]) }
        let (row, journal) = try await write.play()
        #expect(row.state == .succeeded)
        #expect(journal.first { $0.kind == "completed" }?.body["note"]?.string?.contains("number") == true)
    }

    @Test func `an output over the limit fails the step`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.look }]"))
        fixture.plugin.on("look") { _ in .output(["text": .string(String(repeating: "x", count: 1 << 20))]) }
        #expect(try await fixture.play().row.failure?.code == "output_too_large")
    }

    @Test func `what a failed state action changed is undone`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.keep, with: { id: doc, value: 1 } }]"))
        fixture.plugin.on("keep") { _ in .fail(Failure(code: "no", message: "no")) }
        let (row, _) = try await fixture.play()
        #expect(row.failure?.code == "no")
        #expect(try await fixture.store.read { try $0.document("doc", in: "test.things") } == nil)
    }

    @Test func `a plugin that cannot note what it did does not lose the outcome`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send }]"))
        fixture.plugin.on("send") { _ in .change(["value": 1]) { _ in throw Failure(code: "no", message: "no") } }
        let (row, _) = try await fixture.play()
        #expect(row.state == .succeeded)
        #expect(fixture.plugin.done.count == 1)
    }

    @Test func `retries wait in durable timers by virtual time`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: a
                    uses: test.send
                    retry: { attempts: 4, initial: 10s, backoff: exponential, jitter: none }
                """))
        fixture.plugin.on("send") { $0.earlier < 3 ? .fail(busy) : .output(["value": 1]) }
        let engine = try await fixture.open()
        let began = fixture.clock.now
        let id = try await fixture.start(engine)
        await engine.idle()
        let waiting = try await fixture.run(id).row
        #expect(waiting.state == .waiting)
        #expect(waiting.wakesAt == began + .seconds(10))
        #expect(waiting.lease == nil)
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(fixture.clock.now == began + .seconds(70))
        #expect(journal.kinds.filter { $0 == "intended" }.count == 4)
        let keys = Set(fixture.plugin.calls().compactMap(\.key))
        #expect(keys.count == 1)
        #expect(try await fixture.effects(of: id).map(\.attempts) == [4])
        #expect(try await engine.nextTimer() == nil)
    }

    @Test func `an action that hangs ends with its time limit and holds nothing up`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                "steps: [{ id: a, uses: test.look, timeout: 5s, continue_on_error: true }, { id: b, uses: test.compute }]"
            ))
        fixture.plugin.on("look") { _ in .hang }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        while fixture.plugin.calls().isEmpty || fixture.clock.nextWake == nil { await Task.yield() }
        fixture.clock.advance(by: .seconds(5))
        await engine.idle()
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(Failure(journal.first { $0.kind == "failed" }?.body["failure"] ?? .null)?.code == "timeout")
        fixture.plugin.release()
    }

    @Test func `parallel branches and loops run to their end`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: all
                    parallel:
                      - { id: x, uses: test.look, with: { value: 1 } }
                      - { id: y, uses: test.send, with: { value: 2 } }
                      - { id: z, uses: test.keep, with: { value: 3 } }
                  - id: each
                    for_each: ticket.tags
                    as: tag
                    steps:
                      - { id: mail, uses: test.send, with: { value: =tag } }
                outputs:
                  sum: =steps.x.value + steps.y.value + steps.z.value
                  tags: =steps.each.items.map(i, i.mail.value)
                """))
        let (row, _) = try await fixture.play()
        #expect(row.outputs == ["sum": 6, "tags": ["a", "b"]])
        #expect(Set(fixture.plugin.done).count == 3)
    }

    @Test func `on_failure tells, and the run fails`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps: [{ id: a, uses: test.look }]
                on_failure: [{ id: t, uses: test.send, with: { value: "${{ failure.message }}" } }]
                """))
        fixture.plugin.on("look") { _ in .fail(Failure(code: "no", message: "went wrong")) }
        let (row, _) = try await fixture.play()
        #expect(row.state == .failed)
        #expect(row.failure?.code == "no")
        #expect(fixture.plugin.calls(of: "send").first?.input["value"] == "went wrong")
    }

    @Test func `a secret is in no entry, row or output, even when the action gives it away`() async throws {
        let canary = "canary-7d1f-secret"
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - { id: a, uses: test.send, with: { secret: "Bearer ${{ secrets.token }}" }, continue_on_error: true }
                  - { id: b, uses: test.put, with: { secret: =secrets.token }, continue_on_error: true }
                """), secrets: ["token": canary])
        fixture.plugin.on("send") { _ in .output(["leak": .string("x \(canary) y")]) }
        fixture.plugin.on("put") { _ in .fail(Failure(code: "no", message: "refused \(canary)")) }
        let (row, journal) = try await fixture.play()
        #expect(row.state == .succeeded)
        let effects = try await fixture.effects(of: row.id)
        let everything = "\(row) \(journal) \(effects) \(fixture.progress)"
        #expect(!everything.contains(canary))
        #expect(everything.contains("‹secret token›"))
        #expect(effects.first?.sent["secret"]?.holdsSecret == true)
    }

    @Test func `a secret is nowhere in the files of the database`() async throws {
        let canary = "canary-93be-secret"
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections)
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - { id: a, uses: test.put, with: { secret: "Bearer ${{ secrets.token }}" } }
                  - { id: b, uses: test.look, with: { value: =steps.a.value } }
                """), store: store, secrets: ["token": canary])
        fixture.plugin.on("put") { $0.earlier == 0 ? .fail(lost) : .output(["value": .string("leak \(canary)")]) }
        let (row, _) = try await fixture.play()
        #expect(row.state == .succeeded)
        var size = 0
        for file in try folder.files() {
            size += file.count
            #expect(!file.contains(canary), "a file of the database holds the secret")
        }
        #expect(size > 10_000)
        await store.close()
    }

    @Test func `what a failing write notes of the part that has happened is kept`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send }]"))
        fixture.plugin.on("send") { _ in
            throw PartialFailure(Failure(code: "half", message: "one of two was told")) {
                try $0.put("first", ["told": true], in: "test.things")
            }
        }
        let (row, _) = try await fixture.play()
        #expect(row.state == .failed && row.failure?.code == "half")
        #expect(try await fixture.effects(of: row.id).map(\.state) == [.failed])
        #expect(try await fixture.store.read { try $0.document("first", in: "test.things") } == ["told": true])
    }
}
