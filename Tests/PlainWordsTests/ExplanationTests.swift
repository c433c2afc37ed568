import PlainWords
import Testing
import WorkflowModel

@Suite("Playbooks in words")
struct ExplanationTests {
    private static let everything = """
        playbook: everything
        title: Every kind of step
        owner: lead-1
        mode: shadow
        trigger:
          - event: ticket.updated
            when:
              - ticket.priority in ["P1", "P2"]
              - any:
                  - missing(ticket.assignee)
                  - not: ticket.reopen_count > 2 && ticket.team == "x y"
          - schedule: { cron: "30 8,17 * * mon-fri", zone: Europe/Berlin, overlap: skip }
          - manual: { inputs: { hours: { type: integer, default: 4, description: How long }, who: { type: person, required: true } } }
        stop_when: [ticket.closed, { event: ticket.updated, when: ticket.priority == "P4" }]
        ignore_repeats_for: 10m
        group_by: ticket.service
        throttle: { limit: 1, per: 1h }
        concurrency: { key: ticket.id, if_busy: skip, limit: 2 }
        breaker: { failed_share: 0.25, at_least: 4, within: 10m, runs: 9, cool_down: 1h }
        vars: { name: "=default(ticket.title, 'no title')" }
        steps:
          - id: found
            uses: ticket.find
            with: { limit: 3, query: "about ${{ vars.name }}" }
            retry: { attempts: 4, backoff: exponential, initial: 2s, max: 1m, jitter: none }
            timeout: 30s
            deadline: 2m
            continue_on_error: true
          - if: steps.found.count > 0
            then: [{ wait: 15m, calendar: office }]
            else: [{ wait_until: 'now + duration("2h")' }]
          - switch: ticket.priority
            cases:
              - is: [P1, P2]
                then: [{ uses: ticket.update, with: { team: x }, undo: { uses: ticket.update, with: { team: y } } }]
            default: [{ stop: nothing to do }]
          - parallel:
              - { uses: route.assign }
              - { set: { a: 1 } }
            fail_fast: true
          - for_each: steps.found.tickets
            as: one
            max_parallel: 5
            steps: [{ id: told, uses: notify.send, with: { to: [assignee, =one.owner], text: "hello ${{ one.id }}" } }]
          - repeat: { every: 20m, until: ticket.status == "resolved" || ticket.priority == "P4", at_most: 6, steps: [{ wait: 1m }] }
          - id: heard
            wait_for: { any: [{ event: ticket.commented, when: comment.public }, { event: ticket.assigned }], timeout: 1h, since: found }
          - id: plan
            ask: { who: [assignee, lead of support], question: "What now?", fields: { what: { type: text, required: true } }, remind_every: 1h, timeout: 1d, on_timeout: continue, quorum: 2 }
          - id: ok
            approve: { by: group:managers, prompt: "Page for ${{ ticket.id }}?", on_timeout: approve, on_reject: [{ fail: "no" }] }
          - try: [{ call: other, with: { a: 1 } }]
            rescue: [{ wait: 1s }]
            always: [{ wait: 2s }]
        on_failure:
          - { uses: notify.send, with: { to: "#ops", text: "${{ failure.message }}" } }
        outputs: { count: =steps.found.count }
        """

    @Test func `every kind of step, trigger and gate has words`() throws {
        let workflow = try ReadPlaybook.workflow(Self.everything)
        let text = ExplanationText.text(
            PlaybookExplainer(workflow, actions: ReadPlaybook.actions).explanation(), .plain, width: 400)
        for expected in [
            "When a ticket is changed so that all of these come to hold (when it becomes true, not while it stays true):\n   - the ticket's priority is P1 or P2\n   - at least one of these:\n      - the ticket has no assignee\n      - the ticket's reopen count is not more than 2\n      - the ticket's team is not “x y”",
            "By the clock: Monday to Friday at 08:30 and 17:30 (Europe/Berlin).",
            "While an earlier run is at work, the next one is left out.",
            "When a person starts it, with: hours (How long; 4 if not given); who (must be given).",
            "When a ticket is changed and the ticket's priority is P4.",
            "further events for the same value of “the ticket's service” are ignored for 10 minutes.",
            "At most 1 run may begin within 1 hour for one and the same",
            "At most 2 runs at a time for the same value of “the ticket's id”",
            "It is stopped for 1 hour when more than 25 % of at least 4 runs that ended within 10 minutes have failed, or more than 9 have begun within 5 minutes.",
            "- name: the ticket's title (“no title” if missing)", "1. Finds tickets. (ticket.find)",
            "- query: “about [the variable name]”",
            "It is tried up to 4 times; the first wait is 2 seconds, then twice as long each time, at most 1 minute.",
            "One attempt may take 30 seconds.", "All attempts together may take 2 minutes.",
            "If it fails, the run goes on.",
            "2. If the count from step 1 is more than 0:\n   2.1. Wait 15 minutes of the open hours of the calendar office.\n   Otherwise:\n   2.2. Wait until 2 hours from now",
            "3. Depending on the ticket's priority:\n   If it is P1 or P2:\n   3.1. Changes fields of a ticket. (ticket.update)",
            "If the run fails later or is cancelled, it is taken back by ticket.update (team y)",
            "If it is anything else:\n   3.2. The run ends here, and went well: “nothing to do”",
            "4. At the same time, all stopping when one fails:", "Note for later:\n      - a: 1",
            "5. For each “one” of the tickets from step 1, up to 5 at the same time:",
            "- to: the ticket's assignee and the owner of “one”",
            "6. Every 20 minutes, at most 6 times, until the ticket's status is resolved, or the ticket's priority is P4:",
            "7. Wait, at most 1 hour, until one of these happens",
            "- Somebody comments on a ticket, and the comment is public",
            "What has happened since step 1 began counts, too.",
            "8. Ask the ticket's assignee or the lead of support: “What now?”", "- to fill in: what (must be given)",
            "2 different people must answer.", "They are reminded every hour.",
            "If it is not answered within 1 day, the run goes on.",
            "9. Ask the group managers to approve or reject: “Page for [the ticket's id]?”",
            "If it is not answered within 1 day, it counts as approved.",
            "If it is rejected:\n   9.1. The run ends here as failed: “no”",
            "10. Try this:\n   10.1. Run the playbook other and wait for its end.",
            "If that fails:\n   10.2. Wait 1 second.",
            "At the end, whatever happened:\n   10.3. Wait 2 seconds.",
            "Steps that say how they are taken back are taken back first", "F1. Sends a message.",
            "to: the channel #ops",
            "- count: the count from step 1", "shadow: it records what it would do",
            "notify.send (Sends a message) – to the ticket's assignee; to the owner of “one”; to the channel #ops. In steps 5.1 and F1.",
            "ticket.update (Changes fields of a ticket) – team: x; team: y. In steps 3.1 and 3.1 (taking it back).",
            "What Signalbox itself keeps:\n   - route.assign (Picks a person). In step 4.1.",
        ] {
            #expect(text.contains(expected), "\(expected)\n--\n\(text)")
        }
        #expect(!text.contains("`"), "\(text)")
    }

    @Test("every sample playbook has words for all that it says", arguments: ReadPlaybook.samples)
    func samples(name: String) throws {
        let explanation = PlaybookExplainer(try ReadPlaybook.sample(name), actions: ReadPlaybook.actions).explanation()
        let text = ExplanationText.text(explanation, .plain)
        #expect(!text.contains("`"), "\(text)")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 110 })
        #expect(!ExplanationText.text(explanation, .markdown).isEmpty)
        #expect(explanation.json["steps"]?.list?.isEmpty == false)
    }

    @Test func `markdown keeps what is written from becoming marks`() throws {
        let workflow = try ReadPlaybook.workflow(
            """
            playbook: marks
            owner: a
            mode: active
            trigger: { manual: {} }
            title: "*bold* <b> #1"
            steps: [{ uses: notify.send, with: { to: a, text: "_x_ [y](z) `code` *" } }]
            """)
        let text = ExplanationText.text(PlaybookExplainer(workflow, actions: nil).explanation(), .markdown)
        #expect(text.hasPrefix("# \\*bold\\* \\<b\\> \\#1\n"))
        #expect(text.contains("“\\_x\\_ \\[y\\](z) `code` \\*”"))
        #expect(text.contains("Nothing is known here of what the actions do"))
    }
}

@Suite("Our words")
struct VocabularyTests {
    @Test(
        "words are found by other names, in the plural, in any case",
        arguments: [
            ("gate", "gate"), ("Gates", "gate"), ("workflow", "playbook"), ("dry-run", "dry run"),
            ("DRY RUN", "dry run"),
            ("on_failure", "rescue"), ("ack", "acknowledge"), ("sla", "SLA clock"), ("postmortems", "post-mortem"),
        ])
    func finds(text: String, word: String) {
        guard case .found(let found) = Vocabulary.look(up: text) else {
            Issue.record("\(text) was not found")
            return
        }
        #expect(found.word == word)
    }

    @Test func `words nearby are offered`() {
        #expect(Vocabulary.look(up: "triger") == .near(Vocabulary.words.filter { $0.word == "trigger" }))
        #expect(Vocabulary.look(up: "xylophone") == .near([]))
        #expect(Vocabulary.look(up: "") == .near([]))
    }

    @Test func `every word that is named has an entry, and no name means two things`() {
        let names = Vocabulary.words.map(\.word)
        for word in Vocabulary.words {
            for other in word.see { #expect(names.contains(other), "\(word.word) → \(other)") }
        }
        let all = Vocabulary.words.flatMap { [$0.word] + $0.also }
        #expect(Set(all).count == all.count, "\(all.filter { name in all.filter { $0 == name }.count > 1 })")
    }
}
