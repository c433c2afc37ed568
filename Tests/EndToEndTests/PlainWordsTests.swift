import Testing
import WorkflowModel

/// `explain` and `words`.
@Suite("Plain words, from outside")
struct PlainWordsTests {
    @Test func `explain finds a playbook by its id and by its file, and says what is wrong with one`() async throws {
        let copy = try WorkspaceCopy()
        let text = try await copy.run("explain", "sla-at-risk")
        #expect(text.status == 0, "\(text.err)")
        #expect(text.out.hasPrefix("Save an SLA before it is missed\n"))
        #expect(text.out.contains("When an SLA is at risk and the ticket's status is new or open."))
        let page = try await copy.run("explain", "playbooks/sla-at-risk.yaml", "--format", "markdown")
        #expect(page.out.hasPrefix("# Save an SLA"))
        let json = try await copy.json("explain", "sla-at-risk")
        #expect(json["playbook"] == "sla-at-risk")

        try copy.write(
            "playbook: broken\ntrigger: { event: ticket.created }\nsteps:\n  - uses: notify.sned\n",
            to: "playbooks/broken.yaml")
        let broken = try await copy.run("explain", "broken")
        #expect(broken.status == 1)
        #expect(broken.err.contains("notify.sned") && broken.err.contains("playbooks/broken.yaml"), "\(broken.err)")
        #expect(try await copy.run("explain", "sla-at-risk").status == 0, "another playbook's mistake is no hindrance")
        let unknown = try await copy.run("explain", "sla-at-rsik")
        #expect(unknown.status == 1)
        #expect(unknown.err.contains("did you mean sla-at-risk?"), "\(unknown.err)")
    }

    @Test func `graph draws a playbook`() async throws {
        let copy = try WorkspaceCopy()
        let mermaid = try await copy.run("graph", "sla-at-risk")
        #expect(mermaid.out.hasPrefix("flowchart TD\n"), "\(mermaid.err)")
        #expect(try await copy.run("graph", "sla-at-risk", "--format", "svg").out.hasPrefix("<svg "))
        #expect(try await copy.json("graph", "sla-at-risk")["boxes"]?.list?.isEmpty == false)
    }

    @Test func `fmt formats files in place, or says which ones are not formatted`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        let messy = "steps:\n- uses: x.y   # why\n  id: a\nplaybook: a\n"
        try copy.write(messy, to: "p/a.yaml")
        try copy.write("not: a playbook\n", to: "p/b.yaml")
        try copy.write("playbook: [\n", to: "p/broken.yaml")
        let check = try await copy.run("fmt", "p/a.yaml", "--check")
        #expect(check.status == 1 && check.out == "p/a.yaml\n", "\(check.out)\(check.err)")
        let diff = try await copy.run("fmt", "p/a.yaml", "--diff")
        #expect(diff.status == 0 && diff.out.contains("\n-- uses: x.y   # why\n"))
        #expect(try copy.text("p/a.yaml") == messy)
        let all = try await copy.run("fmt", "p")
        #expect(all.status == 1, "one file cannot be read")
        #expect(all.err.contains("p/broken.yaml: it cannot be read"), "\(all.err)")
        #expect(try copy.text("p/a.yaml") == "playbook: a\n\nsteps:\n  - id: a\n    uses: x.y   # why\n")
        #expect(try copy.text("p/b.yaml") == "not: a playbook\n")
        #expect(try await copy.run("fmt", "p/a.yaml", "--check").status == 0)
        #expect(try await copy.run("fmt", "p/b.yaml").status == 1, "a file that is named must be a playbook")
        #expect(try await copy.run("fmt", "-", input: messy).out == (try copy.text("p/a.yaml")))
        #expect(try await copy.run("fmt", "nowhere").status == 3)
        #expect(try await copy.run("fmt", "-", "p").status == 2)
        let json = try await copy.json("fmt", "p/a.yaml", "--check")
        #expect(json["changed"] == [] && json["playbooks"] == 1)
    }

    @Test func `diff says what a change does, between files and against what ran last`() async throws {
        let copy = try WorkspaceCopy()
        let path = "playbooks/stale-ticket-sweep.yaml"
        let text = try copy.text(path)
        try copy.write(text, to: "before/old.yaml")
        let none = try await copy.run("diff", "before/old.yaml", "stale-ticket-sweep")
        #expect(none.status == 0 && none.out.hasSuffix("no change in behaviour\n"), "\(none.out)\(none.err)")
        #expect(try await copy.run("diff", "stale-ticket-sweep").status == 1, "nothing has run")
        _ = try await copy.run("emit", "--event", "events/ticket.closed.json")
        try copy.write(text.replacing("0 8 * * mon", with: "0 9 * * mon"), to: path)
        let found = try await copy.json("diff", "stale-ticket-sweep")
        #expect(found["changed"] == true)
        #expect(found["changes"]?[0]?["after"]?.string?.contains("every Monday at 09:00") == true, "\(found)")
        #expect(try await copy.run("diff", "stale-ticket-sweep", "--against", "999").status == 1)
        #expect(try await copy.run("diff", "a", "b", "--against", "1").status == 2)
    }

    @Test func `words explains one, lists all and offers what is near`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        let gate = try await copy.json("words", "gates")
        #expect(gate["word"] == "gate")
        #expect(try await copy.json("words").list?.count ?? 0 > 30)
        let near = try await copy.run("words", "triger")
        #expect(near.status == 1)
        #expect(near.err.contains("did you mean trigger?"))
    }
}
