import Access
import RESTInterface
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Tickets and incidents over the API", .timeLimit(.minutes(2)))
struct FactTests {
    @Test func `tickets are found by filters, page by page, and shown`() async throws {
        let bench = try await APIBench()
        for number in 1...5 { try await bench.emit("T-\(number)", priority: number.isMultiple(of: 2) ? "P1" : "P3") }
        let urgent = try await bench.ask("listTickets", [:], [("priority", "P1")]).value
        #expect(urgent["items"]?.list?.compactMap { $0["id"]?.string } == ["T-2", "T-4"])
        #expect(urgent["count"] == 2)
        let pages = try await bench.pages("listTickets", [], limit: 2)
        #expect(pages.map(\.count) == [2, 2, 1])
        #expect(Set(pages.joined().compactMap { $0["id"]?.string }).count == 5)
        #expect(try await bench.ask("showTicket", ["ticket": "T-3"]).value["ticket"]?["priority"] == "P3")
        let unknown = try await bench.refusal("showTicket", ["ticket": "T-9"])
        #expect(unknown.status == 404 && unknown.detail == "there is no ticket T-9", "\(unknown)")
        let wrong = try await bench.refusal("listTickets", [:], [("prioritty", "P1")])
        #expect(wrong.detail.contains("did you mean priority?"), "\(wrong)")
        await bench.engine.close()
    }

    @Test func `clocks are listed page by page, and a ticket that is not known is not found`() async throws {
        let bench = try await APIBench(clocks: true)
        for number in 1...5 { try await bench.emit("T-\(number)", priority: "P3") }
        let pages = try await bench.pages("listClocks", [], limit: 2)
        #expect(pages.map(\.count) == [2, 2, 1])
        #expect(Set(pages.joined().compactMap { $0["clock"]?.string }).count == 5)
        #expect(try await bench.ask("listClocks", [:], [("limit", "2")]).value["count"] == 5)
        let shown = try await bench.ask("explainClocks", ["ticket": "T-3"]).value
        #expect(shown["clocks"]?.list?.first?["metric"] == "first_reply")
        let unknown = try await bench.refusal("explainClocks", ["ticket": "T-9"])
        #expect(unknown.status == 404 && unknown.detail == "there is no ticket T-9", "\(unknown)")
        await bench.engine.close()
    }

    @Test func `an incident is declared, updated and resolved by the person of the token`() async throws {
        let bench = try await APIBench()
        let body: Value = ["title": "Card payments fail"]
        let declared = try await bench.ask("declareIncident", body: body, as: APIBench.coordinator, key: "inc")
        #expect(declared.status == 201)
        let id = try #require(declared.value["output"]?["id"]?.string)
        #expect(declared.location == "/api/v1/incidents/\(id)")
        let again = try await bench.ask("declareIncident", body: body, as: APIBench.coordinator, key: "inc")
        #expect(again.isRepeated && again.value == declared.value)
        let path = ["incident": id]
        try await bench.ask("updateIncident", path, body: ["status": "identified"], as: APIBench.coordinator)
        let claimed = try await bench.refusal(
            "updateIncident", path, body: ["message": "x", "by": "bob"], as: APIBench.coordinator)
        #expect(claimed.status == 422 && claimed.detail.contains("by"), "\(claimed)")
        try await bench.ask("resolveIncident", path, body: ["message": "over"], as: APIBench.coordinator)
        let shown = try await bench.ask("showIncident", path).value
        #expect(shown["incident"]?["status"] == "resolved")
        let unknown = try await bench.refusal("resolveIncident", ["incident": "INC-99"], as: APIBench.coordinator)
        #expect(unknown.status == 404 && unknown.code == "unknown_incident", "\(unknown)")
        let entries = try await bench.ask("listAudit").value["items"]?.list ?? []
        #expect(entries.map { $0["target"] } == ["incident.resolve", "incident.update", "incident.declare"])
        #expect(entries.allSatisfy { $0["by"] == "ada" })
        let watcher = try await bench.refusal("declareIncident", body: body, as: APIBench.viewer)
        #expect(watcher.status == 403)
        await bench.engine.close()
    }

    @Test func `pages of incidents stay as they are while new ones are declared`() async throws {
        let bench = try await APIBench()
        func declare(_ numbers: ClosedRange<Int>) async throws {
            for number in numbers {
                try await bench.ask("declareIncident", body: ["title": .string("No \(number)")], as: APIBench.lead)
            }
        }
        try await declare(1...4)
        let first = try await bench.ask("listIncidents", [:], [("limit", "2")]).value
        #expect(first["items"]?.list?.compactMap { $0["title"]?.string } == ["No 4", "No 3"])
        try await declare(5...6)
        let cursor = try #require(first["next"]?.string)
        let second = try await bench.ask("listIncidents", [:], [("limit", "2"), ("cursor", cursor)]).value
        #expect(second["items"]?.list?.compactMap { $0["title"]?.string } == ["No 2", "No 1"])
        #expect(second["next"]?.isNull == true)
        await bench.engine.close()
    }
}
