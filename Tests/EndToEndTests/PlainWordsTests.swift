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
