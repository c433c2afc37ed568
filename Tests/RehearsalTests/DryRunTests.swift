import InMemoryRunStore
import PluginKit
import Rehearsal
import RunMachine
import RunStore
import Testing
import Triggers
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// What a playbook would do for one event.
@Suite("Dry runs")
struct DryRunTests {
    let plugin = ScriptedPlugin()

    @Test func `an event that the condition holds for is played to the end at its own time`() async throws {
        let book = try playbook(
            on: "ticket.created", when: #"ticket.priority == "P1""#,
            "steps: [{ id: a, uses: test.compute, with: { value: 1 } }, { id: b, uses: test.send, with: { value: 2 } }]"
        )
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket())
        #expect(report.start == ticket().time)
        #expect(report.match?.outcome == .fired && !report.isForced)
        #expect(report.run?.state == .succeeded && report.run?.startedAt == ticket().time)
        #expect(report.verdicts.map { $0.condition?.verdict } == [.holds])
        #expect(report.tree?.steps.map(\.status) == [.succeeded, .succeeded])
        let write = try #require(report.writes.first)
        #expect(report.writes.count == 1 && write.action == "test.send" && write.summary == "Would call send")
        #expect(write.sent["value"] == 2 && !write.isMocked)
        #expect(report.emitted.isEmpty)
    }

    @Test func `an event that does not start it says why, line by line, and plays nothing`() async throws {
        let book = try playbook(
            on: "ticket.created", when: #"ticket.priority == "P1""#, "steps: [{ id: a, uses: test.compute }]")
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket(priority: "P3"))
        #expect(report.run == nil && report.tree == nil && report.match == nil && !report.isForced)
        #expect(report.verdicts.map { $0.condition?.verdict } == [.doesNotHold])
        let other = try await DryRun(book, in: scripted(plugin)).play(event: ticket(type: "ticket.closed"))
        #expect(other.run == nil && other.verdicts.map(\.looksAtType) == [false])
        #expect(plugin.calls().isEmpty)
    }

    @Test func `a condition that cannot be evaluated is told apart from one that does not hold`() async throws {
        let book = try playbook(
            on: "ticket.created", when: "ticket.title.size() / 0 == 1", "steps: [{ id: a, uses: test.compute }]")
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket())
        #expect(report.run == nil && report.match?.outcome == .failed)
        #expect(report.match?.detail.isEmpty == false)
    }

    @Test(arguments: ["ticket.created", "ticket.closed"])
    func `force plays the steps for an event that would not start it, and says so`(type: String) async throws {
        let book = try playbook(
            on: "ticket.created", when: #"ticket.priority == "P1""#,
            "steps: [{ id: a, uses: test.compute, with: { value: =ticket.id } }]")
        let report = try await DryRun(book, in: scripted(plugin))
            .play(event: ticket(type: type, priority: "P3"), force: true)
        #expect(report.isForced && report.run?.state == .succeeded)
        #expect(plugin.calls(of: "compute").map { $0.input["value"] } == ["T-1"])
    }

    @Test func `a condition that has held before fires no second time`() async throws {
        let text = "steps: [{ id: a, uses: test.compute }]"
        let book = try playbook(on: "ticket.updated", when: #"ticket.priority == "P1""#, text)
        let fixture = try EngineFixture(workflows: [book.workflow])
        let engine = try await fixture.open()
        let first = try await engine.emit([ticket(type: "ticket.updated", event: "u1")])
        #expect(first.first?.runs.count == 1)
        await engine.idle()
        let store = try #require(fixture.store as? InMemoryRunStore)

        let dryRun = DryRun(book, in: try scripted(plugin, base: store.snapshotReader()))
        let second = ticket(type: "ticket.updated", event: "u2", after: 60)
        let report = try await dryRun.play(event: second)
        #expect(report.match?.outcome == .suppressed && report.match?.reason == "edge" && report.run == nil)
        #expect(report.verdicts.first?.condition?.verdict == .holds, "the condition holds, and yet it does not fire")
        let forced = try await dryRun.play(event: second, force: true)
        #expect(forced.isForced && forced.run?.state == .succeeded)
        let other = try await dryRun.play(event: ticket("T-2", type: "ticket.updated", event: "u3", after: 60))
        #expect(other.match?.outcome == .fired)
        await engine.close()
    }

    @Test func `an event that the workspace knows is played again`() async throws {
        let book = try playbook(on: "ticket.created", "steps: [{ id: a, uses: test.compute }]")
        let fixture = try EngineFixture(workflows: [book.workflow])
        let engine = try await fixture.open()
        _ = try await engine.emit([ticket()])
        await engine.idle()
        let store = try #require(fixture.store as? InMemoryRunStore)
        let report = try await DryRun(book, in: scripted(plugin, base: store.snapshotReader())).play(event: ticket())
        #expect(report.run?.state == .succeeded && !report.isForced)
        #expect(try store.withReader { try $0.runs(RunQuery(limit: 10)).count } == 1)
        await engine.close()
    }

    @Test func `hours of retries pass in virtual time`() async throws {
        plugin.on("look") { call in
            call.earlier < 3 ? .fail(Failure(code: "busy", message: "busy", kind: .transient)) : .output(["value": 1])
        }
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - id: a
                uses: test.look
                retry: { attempts: 5, backoff: constant, initial: 4h, max: 4h, jitter: none }
            """)
        let begun = ContinuousClock.now
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket())
        #expect(ContinuousClock.now - begun < .seconds(300))
        #expect(report.run?.state == .succeeded)
        #expect(report.run?.endedAt == ticket().time + .seconds(12 * 3600))
        #expect(report.tree?.steps.first?.attempts == 4)
    }

    @Test func `a state action really runs, on an overlay that is thrown away`() async throws {
        let keep = "{ id: %, uses: test.keep, with: { id: %, value: 1 } }"
        let before = try playbook(on: "ticket.created", "steps: [\(keep.replacing("%", with: "old"))]")
        let fixture = try EngineFixture(workflows: [before.workflow])
        let engine = try await fixture.open()
        _ = try await engine.emit([ticket()])
        await engine.idle()
        await engine.close()
        let store = try #require(fixture.store as? InMemoryRunStore)
        let untouched = try store.withReader { reader in
            (
                try reader.documents.documents(in: "test.things", DocumentQuery(limit: 10)),
                try reader.runs(RunQuery(limit: 10))
            )
        }
        #expect(untouched.0.map(\.id) == ["old"])

        plugin.on("keep") { call in
            .change([:]) { documents in
                // It sees what the workspace keeps, and its own changes.
                #expect(try documents.document("old", in: "test.things") != nil)
                #expect(try documents.document("new", in: "test.things") != nil)
                try documents.remove("old", in: "test.things")
                try documents.emit(EventDraft(type: "test.happened", data: ["ticket": ["id": "T-1"]]))
            }
        }
        let book = try playbook(on: "ticket.created", "steps: [\(keep.replacing("%", with: "new"))]")
        let report = try await DryRun(book, in: scripted(plugin, base: store.snapshotReader()))
            .play(event: ticket("T-2"))
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(report.emitted.map(\.type) == ["test.happened"])
        let after = try store.withReader { reader in
            (
                try reader.documents.documents(in: "test.things", DocumentQuery(limit: 10)),
                try reader.runs(RunQuery(limit: 10))
            )
        }
        #expect(after.0 == untouched.0 && after.1 == untouched.1)
        #expect(try store.withReader { try $0.events(before: nil, limit: 10).map(\.event.id) } == ["e-T-1"])
    }

    @Test func `a mock stands for what a step gives`() async throws {
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - { id: a, uses: test.look, mock: { value: 5 } }
              - { id: b, uses: test.send, with: { value: =steps.a.value }, mock: { value: 6 } }
              - { id: c, uses: test.compute, with: { value: =steps.b.value } }
            """)
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket())
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(plugin.calls(of: "look").isEmpty)
        #expect(report.writes.map { $0.sent["value"] } == [5] && report.writes.map(\.isMocked) == [true])
        #expect(plugin.calls(of: "compute").map { $0.input["value"] } == [6])
    }

    @Test func `a playbook that fails shows where, and what on_failure would send`() async throws {
        plugin.on("compute") { _ in .fail(Failure.permanent("broken", "this cannot be computed")) }
        let book = try playbook(
            on: "ticket.created",
            """
            steps: [{ id: a, uses: test.compute }, { id: b, uses: test.send }]
            on_failure: [{ uses: test.send, with: { value: "=failure.message" } }]
            """)
        let report = try await DryRun(book, in: scripted(plugin)).play(event: ticket())
        #expect(report.run?.state == .failed && report.run?.failure?.code == "broken")
        #expect(report.tree?.steps.map(\.status) == [.failed, .notReached])
        #expect(report.writes.map { $0.sent["value"] } == ["this cannot be computed"])
    }

    @Test func `a playbook that a person starts is played by its inputs`() async throws {
        let book = try playbook(
            """
            playbook: p
            owner: lead@example.com
            mode: shadow
            trigger:
              manual: { inputs: { word: { type: string } } }
            steps: [{ id: a, uses: test.compute, with: { value: =inputs.word } }]
            """)
        let start = Timestamp(seconds: 1_795_334_400)
        let report = try await DryRun(book, in: scripted(plugin)).play(inputs: ["word": "hello"], start: start)
        #expect(report.run?.state == .succeeded && report.event == nil && report.start == start)
        #expect(plugin.calls(of: "compute").map { $0.input["value"] } == ["hello"])
    }
}
