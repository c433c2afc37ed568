import Playbooks
import Testing

@Suite("Advice about calls")
struct CallAdviceTests {
    @Test("a call that will not do what was meant is said so", arguments: wrong)
    func isSaid(_ advised: Advised) { advised.expect() }

    @Test("a call that is looked after is left alone", arguments: right)
    func isLeftAlone(_ advised: Advised) { advised.expect() }

    static let wrong: [Advised] = [
        Advised(
            "a write whose failure nobody hears of", .unguardedWrite, "  - uses: «desk.change»",
            "it is not tried again, and nobody hears of it", help: "retry: 4"),
        Advised(
            "such a write in the part of try that is not rescued", .unguardedWrite,
            """
              - try: [{ uses: route.assign }]
                rescue: [{ uses: «desk.change» }]
            """, "nobody hears of it"),
        Advised("a call without a time limit", .noTimeout, "  - uses: «desk.slow»", "how long `desk.slow` may take"),
        Advised(
            "a page that nobody can acknowledge", .cannotAcknowledge,
            "  - { uses: notify.page, with: { to: ada, text: x, acknowledge: «false» } }", "nobody can acknowledge"),
        Advised(
            "a wait for what nobody can acknowledge", .cannotAcknowledge,
            """
              - { id: tell, uses: notify.send, with: { to: ada, text: x, acknowledge: false } }
              - wait_for: { event: notification.acknowledged, of: «tell», timeout: 1h }
            """, "this always times out", help: "leave `acknowledge` out there"),
        Advised(
            "a team without a lead", .nobodyThere,
            "  - { uses: notify.send, with: { to: «lead of network», text: x } }", "the team network has no lead"),
        Advised(
            "a team without members", .nobodyThere,
            "  - { uses: notify.send, with: { to: [ada, «\"group:network\"»], text: x } }", "nobody is in network"),
        Advised(
            "a list without readers", .nobodyThere,
            "  - { uses: notify.send, with: { to: «\"list:nobody\"», text: x } }", "the list nobody is empty"),
        Advised(
            "a schedule with nobody", .nobodyThere,
            "  - { uses: notify.send, with: { to: «on-call of support-primary», text: x } }",
            "has nobody in it", help: "on_call.yaml"),
        Advised(
            "a question to nobody", .nobodyThere,
            "  - { id: q, ask: { who: «lead of network», question: x, fields: { a: { type: text } } } }",
            "nobody is asked"),
    ]

    static let right: [Advised] = [
        Advised(right: "a write that is tried again", "  - { uses: desk.change, retry: 3 }"),
        Advised(right: "a write that may fail", "  - { uses: desk.change, continue_on_error: true }"),
        Advised(
            right: "a write that is rescued",
            "  - { try: [{ uses: desk.change }], rescue: [{ stop: failed }] }"),
        Advised(
            right: "a playbook that tells of failures", "  - uses: desk.change",
            tail: "on_failure:\n  - { uses: notify.send, with: { to: ada, text: x } }"),
        Advised(right: "a call with a time limit", "  - { uses: desk.slow, timeout: 10s }"),
        Advised(
            right: "a message that needs no acknowledgement",
            "  - { uses: notify.send, with: { to: ada, text: x, acknowledge: false } }"),
        Advised(
            right: "recipients who are there",
            "  - { uses: notify.send, with: { to: [lead of support, on-call of day, \"list:legal\", \"group:incident-managers\"], text: x } }"
        ),
    ]
}
