import Rehearsal
import RunMachine
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// What people would be asked, and what follows from the answers that are assumed.
@Suite("Dry runs with questions")
struct AnswerTests {
    static let book = """
        playbook: p
        owner: lead@example.com
        mode: active
        trigger: { event: ticket.created }
        steps:
          - id: go
            approve: { by: [a@example.com, b@example.com], prompt: "Go for ${{ ticket.id }}?", quorum: 2, timeout: 1h, on_timeout: continue, on_reject: continue }
          - id: plan
            ask: { who: [a@example.com], question: What does it cost?, fields: { cost: integer }, timeout: 2h, on_timeout: continue }
          - { id: after, uses: test.compute, with: { value: "=[steps.go.approved, steps.go.rejected, steps.go.timed_out, steps.plan.cost]" } }
        """

    func play(_ answers: AssumedAnswers) async throws -> DryRun.Report {
        try await DryRun(try playbook(AnswerTests.book), in: scripted(ScriptedPlugin())).play(
            event: ticket(), answers: answers)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answers: AssumedAnswers
        var gives: Value
        var states: [AskRecord.State]
        var lasts: Duration
    }

    static let cases: [Case] = [
        Case(
            testDescription: "nobody answers", answers: [:], gives: [false, false, true, .null],
            states: [.expired, .expired], lasts: .seconds(3 * 3600)),
        Case(
            testDescription: "all approve, one answers as text",
            answers: ["go": AssumedAnswer(verdict: .approve), "plan": AssumedAnswer(values: ["cost": "7"])],
            gives: [true, false, false, 7], states: [.answered, .answered], lasts: .zero),
        Case(
            testDescription: "one rejects, after a while",
            answers: ["steps[0]": AssumedAnswer(verdict: .reject, after: .seconds(600))],
            gives: [false, true, false, .null], states: [.answered, .expired], lasts: .seconds(600 + 7200)),
        Case(
            testDescription: "only one of two approves",
            answers: [
                "go": AssumedAnswer(verdict: .approve, by: "a@example.com"), "plan": AssumedAnswer(values: ["cost": 7]),
            ],
            gives: [false, false, true, 7], states: [.expired, .answered], lasts: .seconds(3600)),
    ]

    @Test("what is assumed decides", arguments: cases)
    func assumed(_ one: Case) async throws {
        let report = try await play(one.answers)
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(report.tree?.steps.last?.output?["value"] == one.gives)
        #expect(report.asks.map(\.state) == one.states)
        #expect(report.asks.map(\.question) == ["Go for T-1?", "What does it cost?"])
        let run = try #require(report.run)
        #expect(try #require(run.endedAt) - report.start == one.lasts)
    }

    @Test func `an answer that does not fit, or fits no question, is refused with its reason`() async throws {
        let unknown = await #expect(throws: EngineError.self) {
            try await play(["goo": AssumedAnswer(verdict: .approve)])
        }
        #expect(unknown?.message.contains("did you mean go?") == true)
        let wrong = await #expect(throws: Failure.self) {
            try await play(["go": AssumedAnswer(verdict: .approve), "plan": AssumedAnswer(values: ["cost": "dear"])])
        }
        #expect(wrong?.message.contains("cost: must be a whole number") == true)
    }
}
