import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("Playbooks without mistakes")
struct RightPlaybookTests {
    static let full = #"""
        playbook: sla-risk
        title: Escalate tickets whose SLA is at risk
        owner: support
        description: What the team does when an SLA clock runs out.
        mode: active
        trigger:
          - event: [sla.at_risk, sla.breached]
            when:
              - sla.metric == "first_reply"
              - any:
                  - ticket.priority in ["P1", "P2"]
                  - not: ticket.customer.tier == "free"
              - default(ticket.assignee, "") == ""
            fires: every_event
            include_own: true
          - manual:
              inputs:
                note: text
                level: { type: integer, required: true, enum: [1, 2] }
        vars:
          who: ada
          greeting: "Hello ${{ vars.who }}"
        steps:
          - id: facts
            parallel:
              - { id: customer, uses: enrich.lookup, with: { table: customers, key: =ticket.customer.id } }
              - { id: region, uses: enrich.lookup, with: { table: regions, key: "x-${{ ticket.id }}" }, if: sla.breached == true }
            fail_fast: true
          - id: owner
            uses: route.assign
            with: { skills: "=ticket.tags.map(t, t.lowerAscii())", person: ada }
            retry: { attempts: 4, backoff: exponential, initial: 2s, max: 1m, jitter: full }
            timeout: 30s
            deadline: 5m
            continue_on_error: true
            on_uncertain: ask
            mock: { assignee: grace }
          - if: steps.owner.status == "failed" && steps.customer.whatever.it.gives != null
            then:
              - for_each: ticket.tags
                as: tag
                steps:
                  - { id: told, uses: notify.send, with: { to: [assignee, "group:incident-managers", lead of network], text: "${{ tag }} ${{ vars.seen }}", token: "Bearer ${{ secrets.DESK_TOKEN }}" } }
                  - if: steps.told.sent_to.size() > 0
                    set: { seen: =tag }
            else:
              - stop: "nothing to do for ${{ steps.owner.assignee }} at ${{ now }}"
          - { uses: notify.send, with: { to: =steps.owner.assignee, template: sla-risk, by: chat, within: 15m, at: "2026-11-22T08:00:00Z" } }
          - { uses: notify.send, with: { to: "#support", template: greeting, data: { customer_name: =ticket.customer.name } } }
          - { uses: notify.send, retry: 3, with: { to: legal@example.com, copies: 2, quiet: true, channel: "#support" } }
          - if: run.url != "" && event.type == "sla.breached" && event.myextension == 1 && trigger.sla.metric == "x"
            fail: "No owner for ${{ ticket.id }}: ${{ steps.owner.failure.message }}"
        on_failure:
          - { uses: notify.send, with: { to: ada, text: "${{ run.url }} failed: ${{ failure.message }} ${{ steps.owner.status }}" } }
        outputs:
          assignee: =steps.owner.assignee
          fixed: [1, { a: =vars.who }]
        """#

    @Test("a playbook with every part of the language has no diagnostics")
    func fullPlaybook() throws {
        let (workflow, diagnostics) = Sample.read(Self.full)
        // It takes no care of what may be missing, which is warned of.
        let others = diagnostics.filter { $0.code != PlaybookCode.mayBeMissing.rawValue }
        #expect(others.isEmpty, "\(others.map(\.json))")
        let found = try #require(workflow)
        #expect(found.id == "sla-risk")
        #expect(found.mode == .active)
        #expect(found.triggers.count == 2)
        #expect(found.inputs.map(\.name) == ["note", "level"])
        #expect(found.inputs[1].isRequired)
        #expect(
            found.allSteps.map(\.path.text) == [
                "steps[0]", "steps[0].parallel[0]", "steps[0].parallel[1]", "steps[1]", "steps[2]", "steps[2].then[0]",
                "steps[2].then[0].steps[0]", "steps[2].then[0].steps[1]", "steps[2].else[0]", "steps[3]", "steps[4]",
                "steps[5]", "steps[6]", "on_failure[0]",
            ])
    }

    @Test("a step keeps all that stands beside its action")
    func call() throws {
        let workflow = try #require(Sample.read(Self.full).workflow)
        guard case .call(let call) = workflow.steps[1].kind else {
            Issue.record("no call")
            return
        }
        #expect(call.action == "route.assign")
        #expect(
            call.retry
                == RetryPolicy(
                    attempts: 4, backoff: .exponential, initial: .seconds(2), maximum: .seconds(60), jitter: .full))
        #expect(call.timeout == .seconds(30))
        #expect(call.deadline == .seconds(300))
        #expect(call.continuesOnError)
        #expect(call.onUncertain == .ask)
        #expect(call.mock == .literal(["assignee": "grace"]))
        guard case .expression(let skills) = call.with[0].source else {
            Issue.record("no expression")
            return
        }
        #expect(skills.text == "ticket.tags.map(t, t.lowerAscii())")
        #expect(skills.place.description == "p.yaml:31:23")
    }

    @Test("conditions keep their nest")
    func condition() throws {
        let workflow = try #require(Sample.read(Self.full).workflow)
        guard case .event(let trigger) = workflow.triggers[0], case .all(let parts)? = trigger.condition,
            case .any(let choices) = parts[1], case .not(.expression(let inner)) = choices[1]
        else {
            Issue.record("another shape")
            return
        }
        #expect(trigger.types == ["sla.at_risk", "sla.breached"])
        #expect(trigger.firing == .everyEvent)
        #expect(trigger.includesOwn)
        #expect(parts.count == 3)
        #expect(inner.text == #"ticket.customer.tier == "free""#)
    }

    @Test("values keep their form and their kind")
    func values() throws {
        let text = Sample.playbook(
            steps: "  - set: { a: 5, b: '5', c: yes, d: null, e: [1, x], f: \"=1 + 1\", g: \"n ${{ 1 }}\", h: [=now] }")
        let workflow = try #require(Sample.read(text).workflow)
        guard case .set(let names) = workflow.steps[0].kind else {
            Issue.record("no set")
            return
        }
        #expect(names[0].source == .literal(5))
        #expect(names[1].source == .literal("5"))
        #expect(names[2].source == .literal("yes"))
        #expect(names[3].source == .literal(nil))
        #expect(names[4].source == .literal([1, "x"]))
        if case .expression(let text) = names[5].source { #expect(text.text == "1 + 1") } else { Issue.record("f") }
        if case .text(let text) = names[6].source { #expect(text.text == "n ${{ 1 }}") } else { Issue.record("g") }
        if case .list(let items) = names[7].source { #expect(items.count == 1) } else { Issue.record("h") }
    }

    @Test("an unknown event type gives any name")
    func unknownType() {
        let text = Sample.playbook(
            trigger: "trigger: { event: deploy.finished, when: 'build.number > 5' }",
            steps: "  - fail: =commit.author.name")
        #expect(Sample.read(text).diagnostics.isEmpty)
    }

    @Test("of several event types any may give a name")
    func severalTypes() {
        let text = Sample.playbook(
            trigger: "trigger: { event: [ticket.created, incident.declared] }",
            steps: "  - fail: =default(incident.title, ticket.title)")
        #expect(Sample.read(text).diagnostics.isEmpty)
    }

    @Test("a field that is only asked for may be unknown, unless it looks misspelt")
    func tested() {
        #expect(Sample.read(Sample.playbook(steps: "  - if: has(ticket.custom_17)\n    stop:")).diagnostics.isEmpty)
        #expect(Sample.read(Sample.playbook(steps: "  - if: has(ticket.titel)\n    stop:")).diagnostics.count == 1)
    }

    @Test("without an environment only the structure is checked")
    func structureOnly() {
        let text = """
            playbook: a
            owner: whoever
            mode: active
            trigger: { event: any.thing, when: 'some.name == 1' }
            steps:
              - { id: x, uses: not.here, with: { a: =secrets.B, template: c, d: =steps.x2.y } }
              - { id: x2, uses: not.there, with: { a: =steps.x.whatever } }
            """
        let (workflow, diagnostics) = Sample.read(text, in: .structureOnly)
        #expect(workflow == nil)
        #expect(diagnostics.map(\.code) == [PlaybookCode.invisibleStep.rawValue])
    }
}
