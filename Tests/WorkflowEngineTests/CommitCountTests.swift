import InMemoryRunStore
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Commits of a lone run", .timeLimit(.minutes(1)))
struct CommitCountTests {
    /// The event with its run, then what the run needs: each commit is a wait for the disk.
    private func commits(_ steps: String) async throws -> Int {
        let store = CountingStore(InMemoryRunStore(collections: EngineFixture.collections))
        let fixture = try EngineFixture(onTicket(steps), store: store)
        let engine = try await fixture.open()
        let before = store.commits
        let id = try await fixture.start(engine)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .succeeded)
        return store.commits - before
    }

    @Test(
        "w writes take at most w + 2 commits: the outcome of one and the intent of the next share theirs",
        arguments: [1, 2, 5, 20])
    func writes(_ count: Int) async throws {
        let steps = (1...count).map { "  - { id: s\($0), uses: test.send, with: { value: =ticket.id } }" }
        #expect(try await commits("steps:\n" + steps.joined(separator: "\n")) <= count + 2)
    }

    @Test func `steps that write nothing outside share one commit`() async throws {
        let steps = """
            steps:
              - { id: a, uses: test.compute, with: { value: =ticket.id } }
              - { id: b, uses: test.look, with: { value: =steps.a.value } }
              - { id: c, uses: test.compute, with: { value: =steps.b.value } }
            """
        #expect(try await commits(steps) == 2)
    }

    @Test func `branches at the same time share the commit of their intents`() async throws {
        let steps = """
            steps:
              - parallel:
                  - { id: a, uses: test.send, with: { value: 1 } }
                  - { id: b, uses: test.send, with: { value: 2 } }
                  - { id: c, uses: test.send, with: { value: 3 } }
            """
        #expect(try await commits(steps) <= 5)
    }
}
