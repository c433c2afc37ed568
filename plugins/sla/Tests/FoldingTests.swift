import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("Long histories are folded")
struct FoldingTests {
    @Test("Beyond four thousand happenings clocks go on, those that were over stay, and explain says what is kept")
    func keeps() async throws {
        #expect(TicketRecord.most == 4000 && TicketRecord.recent == 1000)
        try await TicketRecord.$most.withValue(80) { try await play() }
    }

    private func play() async throws {
        var bench = try ClockBench(
            """
            policies:
            - id: standard
              default: true
              metrics:
                first_reply: { target: 1h }
                next_reply: { target: 1h }
                resolution_first: { target: 8h }
            """)
        try bench.on("mon 09:00", "created", ["priority": "P2"])
        let reply: ValueMap = ["comment": ["by": "agent", "public": true]]
        let question: ValueMap = ["comment": ["by": "customer", "public": true]]
        try bench.on("mon 09:10", "commented", [:], reply)
        try bench.on("mon 09:20", "commented", [:], question)
        try bench.on("mon 09:30", "commented", [:], reply)
        var before = bench.clock("1/next_reply/1")
        #expect(before["state"] == "met")
        // What a monitoring system writes into a ticket in a bad night.
        var body = try #require(bench.bench.shelf.all(in: "sla.tickets")["1"])
        let noise = (0..<TicketRecord.most).map { number in
            Happening(
                at: Story.time("mon 10:00") + .seconds(number), sequence: Int64(100 + number), kind: .message,
                detail: ["by": "system", "public": false], version: nil
            ).value
        }
        body["history"] = .list((body["history"]?.list ?? []) + noise)
        try bench.bench.shelf.transaction(of: "sla") { try $0.put("1", body, in: "sla.tickets") }
        try bench.on("mon 13:00", "commented", [:], question)
        let history = try #require(bench.bench.shelf.all(in: "sla.tickets")["1"]?["history"]?.list)
        #expect(history.count == TicketRecord.recent + 1)
        before["as_of"] = bench.clock("1/next_reply/1")["as_of"]
        #expect(bench.clock("1/next_reply/1") == before)
        #expect(bench.clock("1/next_reply/2")["due_at"] == .timestamp(Story.time("mon 14:00")))
        // What arrives late is taken in where the kept history begins.
        try bench.on("mon 09:40", "updated", ["status": "pending"], arriving: "mon 13:10")
        try bench.on("mon 13:30", "commented", [:], reply)
        #expect(bench.clock("1/next_reply/2")["state"] == "met")
        try bench.on("mon 16:00", "updated", ["status": "solved"])
        #expect(bench.clock("1/resolution_first/1")["elapsed"] == .duration(.seconds(7 * 3600)))
        #expect(bench.clock("1/first_reply/1")["elapsed"] == .duration(.seconds(600)))
        let told = try await bench.bench.run("sla.explain", with: ["ticket": "1"])
        #expect(told["folded"]?["from"] == .timestamp(Story.time("mon 09:00")))
        #expect((told["folded"]?["count"]?.int ?? 0) > 60)
        #expect(told["clocks"]?.list?.compactMap { $0["clock"]?.string } == ["1/resolution_first/1", "1/next_reply/2"])
    }
}
