import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("Mistakes in ask and approve")
struct AskMistakeTests {
    static let mistakes: [Mistake] = [
        .step("approve without by", .missingKey, "  - approve: «{ prompt: Go? }»", "`approve` needs `by`"),
        .step("approve without prompt", .missingKey, "  - approve: «{ by: ada }»", "`approve` needs `prompt`"),
        .step(
            "a key of ask in approve", .unknownKey, "  - approve: { «who»: ada, prompt: Go? }", "`who` is not a key of",
            help: "`by`"),
        .step(
            "a key of approve in ask", .unknownKey, "  - ask: { who: ada, «prompt»: Go? }", "`prompt` is not a key of",
            help: "`question`"),
        .step("ask as a text", .wrongKind, "  - ask: «Go?»", "`ask` must be a map"),
        .step(
            "an unknown person", .unknownRecipient, "  - approve: { by: «adda», prompt: Go? }",
            "there is no person adda",
            help: nil),
        .step(
            "an unknown group in a list", .unknownRecipient,
            "  - approve: { by: [ada, \"«group:nobodies»\"], prompt: Go? }".replacing("\"«", with: "«\"").replacing(
                "»\"", with: "\"»"), "there is no team or group nobodies"),
        .step(
            "a channel", .unknownRecipient, "  - approve: { by: «\"#support\"», prompt: Go? }",
            "a channel cannot answer"),
        .step("nobody", .emptyList, "  - approve: { by: «[]», prompt: Go? }", "`by` names nobody"),
        .step("a number as a person", .wrongKind, "  - approve: { by: «5», prompt: Go? }", "must be a recipient"),
        .step(
            "a quorum of more people than there are", .wrongValue,
            "  - approve: { by: [ada, ada, group:incident-managers], prompt: Go?, quorum: «2» }",
            "2 different people must answer, and only one person can"),
        .step(
            "a quorum of none", .wrongValue, "  - approve: { by: ada, prompt: Go?, quorum: «0» }",
            "`quorum` must be a whole number from 1 to 20"),
        .step(
            "an unknown ending", .wrongValue, "  - approve: { by: ada, prompt: Go?, on_timeout: «aprove» }",
            "`on_timeout` must be one of fail, approve, reject, continue", help: "approve"),
        .step(
            "an approval of a form", .wrongValue, "  - ask: { who: ada, question: How?, on_timeout: «approve» }",
            "`on_timeout` must be one of fail, continue"),
        .step(
            "a step without a dash", .wrongKind,
            "  - approve: { by: ada, prompt: Go?, on_reject: «{ stop: }» }",
            "`on_reject` must be a word or a list of steps", help: "`-`"),
        .step(
            "reminders without a pause", .wrongValue, "  - approve: { by: ada, prompt: Go?, remind_every: «10s» }",
            "at least 1m"),
        .step(
            "a reminder after the end", .wrongValue,
            "  - approve: { by: ada, prompt: Go?, timeout: 5m, remind_every: «5m» }", "nobody is reminded",
            severity: .warning),
        .step(
            "a field with a name of the language", .reservedName,
            "  - ask: { who: ada, question: How?, fields: { «comment»: text } }", "what every question gives"),
        .step(
            "an unknown type", .wrongValue, "  - ask: { who: ada, question: How?, fields: { cost: «int» } }",
            "`type` must be one of", help: "integer"),
        .step(
            "no fields", .emptyList, "  - ask: { who: ada, question: How?, fields: «{}» }", "`fields` has no fields"),
        .step(
            "a field that was not asked for", .unknownField,
            "  - { id: q, ask: { who: ada, question: How?, fields: { cost: number } } }\n  - stop: =steps.q.«costs»",
            "has no field `costs`", help: "steps.q.cost"),
        .step(
            "approved of a form", .unknownField,
            "  - { id: q, ask: { who: ada, question: How? } }\n  - { if: steps.q.«approved», stop: }",
            "has no field `approved`"),
        .step(
            "the other branch", .invisibleStep,
            """
              - id: q
                approve:
                  by: ada
                  prompt: Go?
                  on_timeout: [{ id: t, uses: route.assign }]
                  on_reject: [{ stop: =steps.«t».assignee }]
            """, "other branch"),
        .step(
            "an unknown calendar", .unknownEntry,
            "  - approve: { by: ada, prompt: Go?, timeout: 4h, calendar: «suport-hours» }", "there is no calendar",
            help: "support-hours"),
        .step(
            "days of open hours", .wrongValue,
            "  - approve: { by: ada, prompt: Go?, timeout: «2d», calendar: support-hours }", "how long a day",
            help: "8h"),
        .step(
            "a calendar that counts nothing", .missingKey,
            "  - approve: { by: ada, prompt: Go?, calendar: «support-hours» }", "there is none", help: "timeout: 8h"),
        .step(
            "its own answer in the question", .invisibleStep,
            "  - { id: q, approve: { by: ada, prompt: =steps.«q».by } }", "this very step"),
    ]

    @Test("each is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test func `right ones are read as they are meant`() throws {
        let (workflow, diagnostics) = Sample.read(
            Sample.playbook(
                trigger: "trigger: { event: ticket.created }", head: "",
                steps: """
                      - id: page
                        approve:
                          by: [assignee, on-call of support-primary, lead of support, list:legal]
                          prompt: "Page for ${{ ticket.id }}?"
                          timeout: 5m
                          quorum: 2
                          on_timeout: approve
                          on_reject:
                            - { uses: notify.send, with: { to: ada, text: "${{ steps.page.by }}: ${{ default(steps.page.comment, '') }}" } }
                      - id: plan
                        ask:
                          who: =ticket.assignee
                          question: What is to be done?
                          fields:
                            what: { type: text, required: true }
                            cost: number
                          remind_every: 30m
                          timeout: 16h
                          calendar: support-hours
                          on_timeout: continue
                      - if: steps.page.approved && !steps.plan.timed_out && steps.plan.cost > 5.0
                        stop: =steps.plan.what
                      - { for_each: steps.page.answers, as: a, steps: [{ if: a.verdict == "approve", stop: =a.by }] }
                    """, tail: ""))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let steps = try #require(workflow?.steps)
        guard case .ask(let page) = steps[0].kind, case .ask(let plan) = steps[1].kind else {
            Issue.record("other kinds of steps")
            return
        }
        #expect(page.isApproval)
        #expect(page.quorum == 2)
        #expect(page.timeout == .seconds(300))
        #expect(page.onTimeout == .approve)
        #expect(page.onReject.steps.first?.path.text == "steps[0].on_reject[0]")
        #expect(page.who == .literal(["assignee", "on-call of support-primary", "lead of support", "list:legal"]))
        #expect(plan.timeout == .seconds(57_600))
        #expect(plan.calendar == "support-hours")
        #expect(page.calendar == nil)
        #expect(plan.remindEvery == .seconds(1800))
        #expect(plan.onTimeout == .goOn)
        #expect(plan.fields.map(\.name) == ["what", "cost"])
        #expect(plan.fields[0].isRequired)
        #expect(workflow?.allSteps.count == 6)
    }
}
