import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("stop_when and wait_for")
struct StopWhenTests {
    static let mistakes: [Mistake] = [
        .step(
            "an unknown type", .unknownEventType, "  - stop:", "there is no event type `ticket.close`",
            help: "`ticket.closed`", head: "stop_when: [«ticket.close»]\n"),
        .step("no events", .emptyList, "  - stop:", "`stop_when` has no events", head: "stop_when: «[]»\n"),
        .step(
            "an unknown key", .unknownKey, "  - stop:", "`if` is not a key of an entry of `stop_when`",
            help: "`when`", head: "stop_when: [{ event: ticket.closed, «if»: ticket.id == \"1\" }]\n"),
        .step(
            "an entry without event", .missingKey, "  - stop:", "does not say which event",
            head: "stop_when: [«{ when: ticket.id == \"1\" }»]\n"),
        .step(
            "an unknown name in the condition", .unknownField, "  - stop:", "`ticket` has no field `statos`",
            help: "ticket.status",
            head: "stop_when: [{ event: ticket.closed, when: ticket.«statos» == \"x\" }]\n"),
        .step(
            "a type twice", .wrongValue, "  - stop:", "is here twice", severity: .warning,
            head: "stop_when: [ticket.closed, «ticket.closed»]\n"),
        .step(
            "a run without subject", .misplacedKey, "  - stop:", "runs of this playbook have none",
            severity: .warning, trigger: "trigger: { manual: {} }", head: "stop_when: «[ticket.closed]»\n"),
        .step(
            "of an unknown step", .unknownStep,
            "  - wait_for: { event: notification.acknowledged, of: «tel», timeout: 1m }",
            "there is no step `tel` above"),
        .step(
            "of a step that sends nothing", .wrongValue,
            "  - { id: owner, uses: route.assign }\n  - wait_for: { event: notification.acknowledged, of: «owner», timeout: 1m }",
            "nothing that route.assign gives says which `notification.acknowledged` is about it"),
        .step(
            "of a step that is no call", .wrongValue,
            "  - { id: pause, wait: 1m }\n  - wait_for: { event: ticket.closed, of: «pause», timeout: 1m }",
            "`of` must name a step with `uses`"),
        .step(
            "a subject with a mistake", .unknownName,
            "  - wait_for: { event: ticket.closed, subject: «tiket».id, timeout: 1m }", "there is no name `tiket` here",
            help: "`ticket`"),
        .step(
            "a wait of a run without subject", .missingKey,
            "  - wait_for: «{ event: ticket.closed, timeout: 1m }»", "the run has no subject", severity: .warning,
            trigger: "trigger: { manual: {} }"),
        .step(
            "an unknown calendar", .unknownEntry, "  - wait: 4h\n    calendar: «suport-hours»",
            "there is no calendar suport-hours", help: "`support-hours`"),
        .step(
            "days with a calendar", .wrongValue, "  - wait: «2d»\n    calendar: support-hours",
            "not clear how long a day of `2d` is", help: "8h"),
        .step(
            "an evaluated calendar", .wrongValue,
            "  - wait_for: { event: ticket.closed, timeout: 4h, calendar: «=ticket.id» }", "is not evaluated"),
        .step(
            "a calendar beside wait_until", .misplacedKey,
            "  - wait_until: default(ticket.due_at, now)\n    «calendar»: support-hours",
            "`calendar` has no meaning beside `wait_until`"),
        .step(
            "of beside any", .conflictingKeys,
            "  - wait_for: { any: [{ event: ticket.closed }], «of»: x, timeout: 1m }", "cannot stand beside `any`"),
    ]

    @Test("each mistake is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test func `right ones are read as they are meant`() throws {
        let (workflow, diagnostics) = Sample.read(
            Sample.playbook(
                trigger: "trigger: { event: ticket.created }",
                head:
                    "stop_when:\n  - ticket.closed\n  - { event: [ticket.merged, sla.met], when: ticket.id != \"\" && vars.x == 1 }\nvars: { x: 1 }\n",
                steps: """
                      - { id: tell, uses: notify.send, with: { to: ada, text: hello } }
                      - wait_for:
                          any: [{ event: notification.acknowledged, of: tell }, { event: ticket.assigned }]
                          subject: '"ticket:" + ticket.id'
                          timeout: 15m
                      - wait_for: { event: incident.declared, subject: any, timeout: 1h, calendar: support-hours }
                      - wait: 90m
                        calendar: support-hours
                      - repeat: { every: 1h, calendar: support-hours, at_most: 2, steps: [{ wait: 1m }] }
                    """, tail: ""))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let found = try #require(workflow)
        #expect(found.stopWhen.map(\.types) == [["ticket.closed"], ["ticket.merged", "sla.met"]])
        #expect(found.stopWhen.map { $0.condition != nil } == [false, true])
        #expect(found.stoppingTypes == ["ticket.closed", "ticket.merged", "sla.met"])
        guard case .listen(let listen) = found.steps[1].kind, case .listen(let any) = found.steps[2].kind,
            case .given(let subject) = listen.subject
        else {
            Issue.record("other kinds of steps")
            return
        }
        #expect(listen.options.map(\.step) == ["tell", nil])
        #expect(subject.text == #""ticket:" + ticket.id"#)
        #expect(any.subject == .any)
        #expect(any.calendar == "support-hours")
        #expect(found.steps[3].kind == .wait(WaitStep(.after(.seconds(5400)), calendar: "support-hours")))
        guard case .rounds(let rounds) = found.steps[4].kind else { return }
        #expect(rounds.calendar == "support-hours")
    }
}
