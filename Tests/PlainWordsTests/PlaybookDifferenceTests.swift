import PlainWords
import Testing
import WorkflowModel
import YAML

@Suite("Differences between playbooks")
struct PlaybookDifferenceTests {
    private static let base = """
        playbook: p
        title: One
        owner: a
        mode: active
        trigger:
          event: ticket.created
          when:
            - ticket.priority in ["P1", "P2"]
            - missing(ticket.assignee)
        vars: { x: 1 }
        steps:
          - id: owner
            uses: route.assign
            with: { team: support }
          - uses: notify.send
            with: { to: assignee, text: "hi ${{ ticket.id }}" }
          - if: ticket.priority == "P1"
            then:
              - { id: told, uses: notify.send, with: { to: lead of support, text: hello } }
            else:
              - { wait: 15m }
          - id: last
            uses: ticket.update
            with: { team: a }
        on_failure: [{ uses: notify.send, with: { to: "#ops", text: failed } }]
        """

    private func sentences(_ change: (String, String), _ more: (String, String)...) throws -> [String] {
        var text = Self.base
        for (old, new) in [change] + more {
            #expect(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        return PlaybookDifference(
            try ReadPlaybook.workflow(Self.base), try ReadPlaybook.workflow(text), actions: ReadPlaybook.actions
        ).changes.map(\.sentence)
    }

    @Test(
        "one change is told in one sentence",
        arguments: [
            (
                "mode: active", "mode: disabled",
                "Playbook: mode: was active: it acts on live events; is now disabled: it does nothing at all"
            ),
            ("owner: a", "owner: b", "Playbook: owner: was a; is now b"),
            (
                #"ticket.priority in ["P1", "P2"]"#, #"ticket.priority in ["P1"]"#,
                "When it starts: when a ticket is created: was the ticket's priority is P1 or P2; is now the ticket's priority is P1"
            ),
            (
                "    - missing(ticket.assignee)\n", "",
                "When it starts: when a ticket is created, it must hold no longer: the ticket has no assignee"
            ),
            (
                "    - missing(ticket.assignee)\n", "    - missing(ticket.assignee)\n    - ticket.team == \"x\"\n",
                "When it starts: when a ticket is created, it must also hold new: the ticket's team is x"
            ),
            ("vars: { x: 1 }", "vars: { x: 2 }", "What it works with: variable x: was 1; is now 2"),
            ("vars: { x: 1 }", "vars: { x: 1, y: a }", "What it works with: variable y new: “a”"),
            (
                "vars:", "throttle: { limit: 2, per: 1h }\nvars:",
                "Before a run begins: throttle new: At most 2 runs may begin within 1 hour for one and the same ticket; further events are recorded and not acted on."
            ),
            ("team: support", "team: tier-2", "step “owner” (route.assign): input team: was support; is now tier-2"),
            (
                "    with: { team: support }\n", "    with: { team: support }\n    continue_on_error: true\n",
                "step “owner” (route.assign): when it fails: was the run fails; is now the run goes on"
            ),
            (
                "    with: { team: support }\n", "    with: { team: support }\n    if: ticket.open\n",
                "step “owner” (route.assign): condition new: the ticket's open is true"
            ),
            (
                "hi ${{ ticket.id }}", "ho ${{ ticket.id }}",
                "step notify.send: input text: was “hi [the ticket's id]”; is now “ho [the ticket's id]”"
            ),
            (
                "to: lead of support", "to: lead of tier-2",
                "in if the ticket's priority is P1, if so, step “told” (notify.send): input to: was the lead of support; is now the lead of tier-2"
            ),
            (
                "wait: 15m", "wait: 20m",
                "in if the ticket's priority is P1, otherwise, step wait: what it does: was Wait 15 minutes.; is now Wait 20 minutes."
            ),
            (
                "  - id: last\n    uses: ticket.update\n    with: { team: a }\n", "",
                "step “last” (ticket.update): is gone"
            ),
            (
                "to: \"#ops\"", "to: \"#all\"",
                "on failure, step notify.send: input to: was the channel #ops; is now the channel #all"
            ),
            (
                "on_failure: [{ uses: notify.send, with: { to: \"#ops\", text: failed } }]", "outputs: { n: =vars.x }",
                "If something fails: steps of its own no longer: notify.send"
            ),
        ])
    func one(old: String, new: String, expected: String) throws {
        let found = try sentences((old, new))
        #expect(found.first == expected || found.contains(expected), "\(found)")
        if !new.contains("outputs") { #expect(found.count == 1, "\(found)") }
    }

    @Test func `a step that is new says where and what`() throws {
        let found = try sentences(("  - id: last\n", "  - { id: extra, wait: 1h }\n  - id: last\n"))
        #expect(
            found == [
                "step “extra” (wait): is new, behind if the ticket's priority is P1 new: what it does Wait 1 hour."
            ], "\(found)")
    }

    @Test func `steps that change places have moved, and only those`() throws {
        let owner = "  - id: owner\n    uses: route.assign\n    with: { team: support }\n"
        let found = try sentences((owner, ""), ("on_failure:", owner + "on_failure:"))
        #expect(found == ["step “owner” (route.assign): has moved behind “last” (ticket.update)"], "\(found)")
        let out = try sentences(
            ("      - { id: told,", "      - wait: 1s\n" + "      - { id: other,"),
            (
                "  - id: last\n",
                "  - { id: told, uses: notify.send, with: { to: lead of support, text: hello } }\n  - id: last\n"
            ))
        #expect(out.contains { $0.hasPrefix("step “told” (notify.send): has moved behind") }, "\(out)")
    }

    @Test func `what means the same is no change`() throws {
        for (old, new) in [
            (#"ticket.priority in ["P1", "P2"]"#, #"( ticket.priority in [ 'P1', "P2" ] )"#),
            ("title: One", "title: Two"),
            ("hi ${{ ticket.id }}", "hi ${{ticket.id}}"), ("vars: { x: 1 }", "vars:\n  x: 1   # one"),
            ("    uses: route.assign", "    name: Who takes it\n    uses: route.assign"),
        ] {
            #expect(try sentences((old, new)).isEmpty, "\(new)")
        }
    }

    @Test("formatting is no change in behaviour", arguments: ReadPlaybook.samples)
    func samples(name: String) throws {
        let text = try ReadPlaybook.sampleText(name)
        let formatted = try PlaybookFormatter.format(SourceFile(path: name, text: text))
        let difference = PlaybookDifference(try ReadPlaybook.workflow(text), try ReadPlaybook.workflow(formatted))
        #expect(difference.changes.isEmpty, "\(difference.changes.map(\.sentence))")
        #expect(difference.remarks.isEmpty)
        #expect(difference.json["changed"] == false)
    }
}
