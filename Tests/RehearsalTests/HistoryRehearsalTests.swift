import PluginKit
import Rehearsal
import RunMachine
import Testing
import WorkflowModel
import WorkflowTesting

/// What playbooks would have done on a history.
@Suite("Rehearsals of a history")
struct HistoryRehearsalTests {
    let plugin = ScriptedPlugin()

    @Test func `fired, suppressed, stopped and failed are counted apart`() async throws {
        plugin.on("compute") { call in
            call.input["value"] == "T-3"
                ? .fail(Failure.permanent("broken", "T-3 is broken")) : .output(["assignee": "agent-1"])
        }
        let book = try playbook(
            on: "ticket.updated", when: #"ticket.priority == "P1""#,
            "steps: [{ id: a, uses: test.compute, with: { value: =ticket.id } }, { id: b, uses: test.send }]")
        var odd = ticket("T-5", type: "ticket.updated", event: "u7", after: 70)
        odd.data["ticket"] = ["id": "T-5", "priority": 5]
        let events = [
            ticket("T-1", type: "ticket.updated", event: "u1", after: 10),
            ticket("T-1", type: "ticket.updated", event: "u2", after: 20),
            ticket("T-2", type: "ticket.updated", event: "u3", priority: "P3", after: 30),
            ticket("T-1", type: "ticket.updated", event: "u4", priority: "P2", after: 40),
            ticket("T-1", type: "ticket.updated", event: "u5", after: 50),
            ticket("T-3", type: "ticket.updated", event: "u6", after: 60), odd,
            ticket("T-4", type: "ticket.closed", event: "u8", after: 80),
            ticket("T-1", type: "ticket.updated", event: "u1", after: 10),
        ]
        let report = try await HistoryRehearsal([book], in: scripted(plugin)).play(events)
        #expect(report.events == 9 && report.duplicates == 1 && report.refused.isEmpty && report.subjects == 5)
        #expect(report.span == events[0].time...events[7].time)
        let summary = try #require(report.playbooks.first)
        #expect(summary.looked == 7)
        #expect(summary.fired == 3 && summary.subjects == ["ticket:T-1", "ticket:T-3"])
        #expect(summary.examples.map(\.id) == ["u1", "u5", "u6"])
        #expect(summary.suppressed == ["edge": 1])
        #expect(summary.stoppedBy == [#"ticket.priority == "P1""#: 3])
        #expect(summary.states == [.succeeded: 2, .failed: 1])
        #expect(summary.runFailures == ["T-3 is broken": 1])
        #expect(summary.writes == ["test.send": 2])
        #expect(summary.assignees == ["agent-1": 2])
        #expect(plugin.done.isEmpty)
    }

    @Test func `conditions that cannot be evaluated are counted by their message`() async throws {
        let book = try playbook(
            on: "ticket.created", when: "ticket.title.size() / 0 == 1", "steps: [{ id: a, uses: test.compute }]")
        let events = (1...3).map { ticket("T-\($0)", after: Int64($0)) }
        let report = try await HistoryRehearsal([book], in: scripted(plugin)).play(events)
        let summary = try #require(report.playbooks.first)
        #expect(summary.looked == 3 && summary.fired == 0 && summary.states.isEmpty)
        #expect(summary.failures.count == 1 && summary.failures.values.first == 3)
    }

    @Test func `a playbook in shadow mode is counted as if it were active, and each for itself`() async throws {
        let shadow = try playbook(
            """
            playbook: q
            owner: lead@example.com
            mode: shadow
            trigger: [{ event: ticket.created }]
            steps: [{ uses: test.tell }]
            """)
        let other = try playbook(on: "ticket.closed", "steps: [{ uses: test.send }]")
        let report = try await HistoryRehearsal([shadow, other], in: scripted(plugin)).play([ticket()])
        #expect(report.playbooks.map(\.playbook) == ["q", "p"])
        #expect(report.playbooks.map(\.fired) == [1, 0])
        #expect(report.playbooks[0].writes == ["test.tell": 1])
    }

    @Test func `each run sees the time of its event, and a retry does not hold the history up`() async throws {
        plugin.on("look") { call in
            call.earlier == 0 ? .fail(Failure(code: "busy", message: "busy", kind: .transient)) : .output(["value": 1])
        }
        let book = try playbook(
            on: "ticket.created",
            """
            steps:
              - { id: a, uses: test.look, retry: { attempts: 2, backoff: constant, initial: 1h, max: 1h, jitter: none } }
              - { id: b, uses: test.compute, with: { value: =now } }
            """)
        let events = [ticket("T-1"), ticket("T-2", after: 600)]
        let report = try await HistoryRehearsal([book], in: scripted(plugin)).play(events)
        #expect(report.playbooks.first?.states == [.succeeded: 2])
        let moments = plugin.calls(of: "compute").compactMap { $0.input["value"] }
        // The second ticket is done at its own time; the first after its hour.
        #expect(moments == [.timestamp(events[1].time), .timestamp(events[0].time + .seconds(3600))])
    }

    @Test func `an empty history is no mistake, and progress is told`() async throws {
        let book = try playbook(on: "ticket.created", "steps: [{ uses: test.compute }]")
        let empty = try await HistoryRehearsal([book], in: scripted(plugin)).play([])
        #expect(empty.events == 0 && empty.span == nil)
        var told: [Int] = []
        _ = try await HistoryRehearsal([book], in: scripted(plugin))
            .play((1...3).map { ticket("T-\($0)", after: Int64($0)) }) { told.append($0) }
        #expect(told == [1, 2, 3])
    }
}
