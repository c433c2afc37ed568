import PluginKit
import Rehearsal
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Dry runs with a script, and all their paths", .timeLimit(.minutes(5)))
struct PathTests {
    let plugin = ScriptedPlugin()

    /// A setting with sample events: of any type that begins with `ticket.`, about another ticket.
    private func setting() throws -> RehearsalSetting {
        var setting = try scripted(plugin)
        setting.sampleEvent = { type in
            guard type.hasPrefix("ticket.") else { return nil }
            return Event(
                id: "sample", source: "/desk", type: type, time: Timestamp(seconds: 0),
                data: [
                    "ticket": [
                        "id": "SAMPLE", "title": "A sample", "priority": "P4", "status": "closed", "assignee": "ada",
                    ]
                ])
        }
        return setting
    }

    private static let waits = """
        steps:
          - id: picked_up
            wait_for: { any: [{ event: ticket.assigned }, { event: ticket.updated, when: ticket.priority == "P2" }], timeout: 15m }
          - if: steps.picked_up.timed_out
            then:
              - { id: page, uses: test.send, with: { value: =ticket.title } }
        """

    private static let approval = """
        steps:
          - id: sure
            approve: { by: lead@example.com, prompt: "Go?", timeout: 5m, on_timeout: continue, on_reject: continue }
          - if: steps.sure.approved
            then: [{ id: go, uses: test.send, with: { value: 1 } }]
        """

    private func path(_ path: AllPaths.Path) -> String {
        let points = path.points.map { "\($0.step): \($0.choice)" }.joined(separator: ", ")
        let minutes = path.duration.map { DurationText.forPeople($0) } ?? "-"
        return
            "\(points) | \(path.steps.map(\.name).joined(separator: " ")) | \(path.writes.count) | \(path.run.state.rawValue) \(minutes)"
    }

    @Test func `a wait ends by each of its events, or by its time`() async throws {
        let book = try playbook(on: "ticket.created", Self.waits)
        let report = try await AllPaths(of: DryRun(book, in: setting()), event: ticket(), force: false).play()
        #expect(
            report.paths.map(path) == [
                "picked_up: ticket.assigned arrives | picked_up | 0 | succeeded 0s",
                "picked_up: ticket.updated arrives | picked_up | 0 | succeeded 0s",
                "picked_up: nothing comes in time | picked_up page | 1 | succeeded 15m",
            ])
        #expect(report.paths.allSatisfy { $0.points.allSatisfy { $0.note == nil } && !$0.failsUnexpectedly })
        #expect(!report.isCut && !report.isDeep)
        // What the run knows of its ticket stays: the sample is of another.
        #expect(report.paths[2].writes[0].sent["value"] == "Broken")
    }

    @Test func `an approval is approved, rejected, or left`() async throws {
        let book = try playbook(on: "ticket.created", Self.approval)
        let report = try await AllPaths(of: DryRun(book, in: setting()), event: ticket(), force: false).play()
        #expect(
            report.paths.map(path) == [
                "sure: approved | sure go | 1 | succeeded 0s", "sure: rejected | sure | 0 | succeeded 0s",
                "sure: nobody answers in time | sure | 0 | succeeded 5m",
            ])
    }

    @Test func `points after each other multiply, and a form is filled in with each of its choices`() async throws {
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - id: kind
                ask:
                  who: lead@example.com
                  question: Which?
                  fields: { kind: { type: text, enum: [a, b] }, why: text }
                  timeout: 1h
              - if: steps.kind.kind == "b"
                then:
                  - id: closed
                    wait_for: { event: ticket.closed, timeout: 1h }
                  - { fail: "It was b" }
            """)
        let report = try await AllPaths(of: DryRun(book, in: setting()), event: ticket(), force: false).play()
        #expect(
            report.paths.map { $0.points.map(\.choice) } == [
                ["answered kind=a"], ["answered kind=b", "ticket.closed arrives"],
                ["answered kind=b", "nothing comes in time"], ["nobody answers in time"],
            ])
        #expect(report.paths.map(\.run.state) == [.succeeded, .failed, .failed, .failed])
        // The playbook says so itself, so none of them is a surprise.
        #expect(report.paths.allSatisfy { !$0.failsUnexpectedly })
    }

    @Test func `a failure that the playbook does not foresee is one`() async throws {
        plugin.on("compute") { _ in .fail(Failure.permanent("broken", "It is broken")) }
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - { id: closed, wait_for: { event: ticket.closed, timeout: 1h } }
              - if: steps.closed.timed_out
                then: [{ id: bad, uses: test.compute }]
            """)
        let report = try await AllPaths(of: DryRun(book, in: setting()), event: ticket(), force: false).play()
        #expect(report.paths.map(\.failsUnexpectedly) == [false, true])
        #expect(report.paths[1].steps.last?.name == "bad" && report.paths[1].steps.last?.hasFailed == true)
    }

    @Test func `paths have an end, and so has the length of each`() async throws {
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - repeat:
                  every: 1h
                  at_most: 20
                  steps: [{ id: sure, approve: { by: lead@example.com, prompt: "Go?", timeout: 5m, on_timeout: continue } }]
            """)
        let report = try await AllPaths(of: DryRun(book, in: setting()), event: ticket(), force: false).play()
        #expect(report.paths.count == AllPaths.mostPaths && report.isCut && report.isDeep)
        #expect(report.paths.allSatisfy { $0.points.count <= 12 })
    }

    @Test func `what arrives at its time ends the wait, or the run`() async throws {
        let book = try playbook(on: "ticket.created", "stop_when: [ticket.closed]\n" + Self.waits)
        var script = RehearsalScript()
        script.arrivals = [.init(after: .seconds(600), .sample(type: "ticket.assigned"))]
        let assigned = try await DryRun(book, in: setting(), script: script).play(event: ticket())
        #expect(assigned.run?.state == .succeeded && assigned.writes.isEmpty)
        #expect(assigned.run?.endedAt == ticket().time + .seconds(600))
        #expect(assigned.happenings.map(\.text) == ["ticket.assigned arrives about ticket:T-1"])
        script.arrivals = [
            .init(after: .seconds(1200), .sample(type: "ticket.assigned")),
            .init(after: .seconds(60), .event(ticket(type: "ticket.closed", event: "c"))),
        ]
        let closed = try await DryRun(book, in: setting(), script: script).play(event: ticket())
        #expect(closed.run?.state == .cancelled && closed.run?.endedAt == ticket().time + .seconds(60))
        let late = try await DryRun(book, in: setting()).play(event: ticket())
        #expect(late.writes.count == 1 && late.run?.endedAt == ticket().time + .seconds(900))
    }

    @Test(arguments: [
        (RehearsalScript.Answer.approve, RunState.succeeded, 1, Int64(0)), (.reject, .succeeded, 0, 0),
        (.nobody, .succeeded, 0, 300),
    ])
    func `a question is answered as the script says`(
        answer: RehearsalScript.Answer, state: RunState, writes: Int, seconds: Int64
    ) async throws {
        var script = RehearsalScript()
        script.answers = ["sure": answer]
        let book = try playbook(on: "ticket.created", Self.approval)
        let report = try await DryRun(book, in: setting(), script: script).play(event: ticket())
        #expect(report.run?.state == state && report.writes.count == writes)
        #expect(report.run?.endedAt == ticket().time + .seconds(seconds))
    }

    @Test func `the fire of a schedule is played as one`() async throws {
        let book = try playbook(
            """
            playbook: p
            owner: lead@example.com
            mode: active
            trigger: { schedule: { cron: 0 9 * * mon } }
            steps: [{ id: a, uses: test.send, with: { value: =schedule.due_at } }]
            """)
        let fire = try #require(try ScheduleFire.next(of: book.workflow, after: ticket().time, zone: "Europe/Berlin"))
        #expect(fire.due.rfc3339 == "2026-11-23T08:00:00Z")
        let report = try await DryRun(book, in: setting()).play(event: fire.event(at: fire.due))
        #expect(report.match?.outcome == .fired && !report.isForced && report.run?.state == .succeeded)
        #expect(report.writes.first?.sent["value"]?.timestamp == fire.due)
    }

    @Test func `a history fires schedules at their times`() async throws {
        let book = try playbook(
            """
            playbook: p
            owner: lead@example.com
            mode: active
            trigger: { schedule: { cron: 0 9 * * *, zone: UTC } }
            steps: [{ id: a, uses: test.send, with: { value: 1 } }]
            """)
        let events = [ticket("1"), ticket("2", after: 3 * 86_400)]
        let summary = try #require(try await HistoryRehearsal([book], in: setting()).play(events).playbooks.first)
        #expect(summary.scheduled == 3 && summary.fired == 0 && summary.looked == 0)
        #expect(summary.states == [.succeeded: 3] && summary.writes == ["test.send": 3])
    }
}
