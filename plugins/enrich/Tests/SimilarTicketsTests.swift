import PluginTesting
import Testing
import WorkflowModel

@Suite struct SimilarTicketsTests {
    private func bench() throws -> PluginBench {
        let bench = try enrichBench()
        func ticket(_ id: String, _ title: String, days: Int, _ more: ValueMap = [:]) {
            let body: ValueMap = [
                "id": .string(id), "title": .string(title), "status": "open",
                "created_at": .timestamp(Samples.now - .seconds(days * 86_400)),
            ]
            bench.shelf.seed(id, body.merging(more), in: "ticket.tickets")
        }
        ticket("own", "Checkout is very slow", days: 0, ["requester": ["id": "c-1"]])
        ticket("again", "RE: Checkout is very slow!", days: 2, ["requester": ["id": "C-1"]])
        ticket("again-older", "checkout is very slow", days: 6, ["requester": ["email": "user1@example.com"]])
        ticket("long-ago", "Checkout is very slow", days: 8, ["requester": ["id": "c-1"]])
        ticket("other-person", "Checkout is very slow", days: 1, ["requester": ["id": "c-2"], "status": "closed"])
        ticket("alike", "Slow checkout since Monday", days: 1)
        ticket("alike-same-service", "Slow checkout since Monday", days: 1, ["service": "checkout"])
        ticket("ancient", "Checkout is very slow", days: 200)
        ticket("little", "Checkout page shows wrong currency symbols everywhere", days: 1)
        ticket("nothing", "Invoice missing", days: 1)
        return bench
    }

    private func ids(_ output: Value, _ band: String) -> [String] {
        output[band]?.list?.compactMap { $0["id"]?.string } ?? []
    }

    private let question: ValueMap = [
        "title": "Checkout is very slow", "ticket": "own", "requester": "c-1", "service": "checkout", "limit": 10,
    ]

    @Test func `the same request again and similar tickets are told apart`() async throws {
        let output = try await bench().run("enrich.similar_tickets", with: .map(question))
        #expect(ids(output, "same") == ["again"])
        #expect(
            ids(output, "similar") == [
                "other-person", "again-older", "long-ago", "alike-same-service", "alike",
            ])
        #expect(output["count"] == 6)
        let scores = output["similar"]?.list?.compactMap { $0["score"]?.number } ?? []
        #expect(scores == scores.sorted(by: >))
        #expect(scores.allSatisfy { $0 >= 0.3 && $0 <= 1 })
    }

    @Test func `limits, threshold, windows and open tickets only`() async throws {
        let bench = try bench()
        var output = try await bench.run("enrich.similar_tickets", with: .map(question.merging(["limit": 1])))
        #expect(ids(output, "similar") == ["other-person"])
        output = try await bench.run("enrich.similar_tickets", with: .map(question.merging(["unresolved": true])))
        #expect(!ids(output, "similar").contains("other-person"))
        output = try await bench.run("enrich.similar_tickets", with: .map(question.merging(["threshold": 0.9])))
        #expect(!ids(output, "similar").contains("alike"))
        output = try await bench.run("enrich.similar_tickets", with: .map(question.merging(["same_within": "10d"])))
        #expect(ids(output, "same") == ["again", "long-ago"])
        output = try await bench.run("enrich.similar_tickets", with: .map(question.merging(["within": "36h"])))
        #expect(!ids(output, "similar").contains("again-older"))
    }

    @Test func `the run's own ticket asks, and is left out`() async throws {
        var bench = try bench()
        bench.names = [
            "ticket": [
                "id": "own", "title": "Checkout is very slow", "text": "> quoted only",
                "requester": ["id": "c-1", "email": "user1@example.com"],
            ]
        ]
        let output = try await bench.run("enrich.similar_tickets")
        #expect(ids(output, "same") == ["again", "again-older"])
        #expect(!ids(output, "similar").contains("own"))
    }

    @Test func `without words there is nothing to compare by`() async throws {
        let bench = try bench()
        for with: Value in [[:], ["title": "of is"], ["text": "> all quoted"]] {
            #expect(await code { try await bench.run("enrich.similar_tickets", with: with) } == "invalid_input")
        }
    }
}
