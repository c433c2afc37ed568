import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("Long histories are folded")
struct FoldingTests {
    private static let policies = """
        policies:
        - id: gold
          when: ticket.customer.tier == "gold"
          calendar: office
          unanswered: refuse
          reopen_grace: 2h
          pause:
          - { status: [pending, hold] }
          - { when: ticket.vendor == "waiting", until: ticket.vendor == "back", reason: vendor }
          - { maintenance: true }
          metrics:
            first_reply: { targets: { P1: 1h, P2: 4h }, thresholds: [50%, { overdue: 1h, repeat: 2 }] }
            next_reply: { target: 3h }
            periodic_update: { target: 8h, starts: creation }
            requester_wait: { target: 20h }
            resolution_first: { targets: { P1: 8h, P2: 24h } }
            resolution_total: { targets: { P1: 6h, P2: { business_days: 3 } } }
        - id: all
          default: true
          reopen: new_cycle
          pause: { status: pending }
          metrics:
            first_reply: { target: 2h }
            next_reply: { target: 1h }
            pausable_update: { target: 4h }
            agent_work: { target: 30h, thresholds: [75%] }
            resolution_total: { target: 40h }
        - id: desk
          kind: ola
          default: true
          calendar: office
          metrics: { ownership: { target: 10h } }
        """

    /// A ticket to which much happens.
    private static func story(_ numbers: inout SeededNumbers) throws -> Story {
        var story = try Story(policies)
        var minute = 9 * 60
        func time() -> String {
            let day = minute / 1440
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            return "\(names[day % 7])\(day / 7 + 1) \(minute % 1440 / 60):\(minute % 60)"
        }
        story.on(time(), "created", ["priority": "P2", "customer": ["tier": "gold"], "team": "a"])
        for _ in 0..<60 {
            minute += 1 + numbers.below(200)
            switch numbers.below(12) {
            case 0...2: story.message(time(), by: "customer")
            case 3, 4: story.message(time(), by: "agent")
            case 5: story.message(time(), by: "agent", public: false)
            case 6, 7:
                story.on(time(), "updated", ["status": .string(numbers.pick(["open", "pending", "hold", "solved"]))])
            case 8: story.on(time(), "updated", ["priority": .string(numbers.pick(["P1", "P2", "P3"]))])
            case 9: story.on(time(), "updated", ["vendor": .string(numbers.pick(["waiting", "still", "back"]))])
            case 10:
                story.on(
                    time(), "updated",
                    [
                        "team": .string(numbers.pick(["a", "b"])),
                        "customer": ["tier": .string(numbers.pick(["gold", "gold", "none"]))],
                    ])
            default:
                story.happens(
                    time(), .window, fields: ["maintenance_windows": numbers.isTrue(50) ? ["MW-1"] : []])
            }
        }
        return story
    }

    @Test("Computing on from what was folded gives the same clocks, wherever the history is cut", arguments: 0..<6)
    func same(block: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(77 + block))
        for _ in 0..<25 {
            let story = try Self.story(&numbers)
            let policies = story.policies
            let computation = ClockComputation { _ in policies }
            let now = story.history[story.history.count - 1].at + .seconds(600 * numbers.below(300))
            let cut = 1 + numbers.below(story.history.count - 1)
            let twice = numbers.below(cut)
            var head = Array(story.history.prefix(cut))
            // A history that was folded once before is folded again.
            if twice > 1, let early = computation.folded(Array(head.prefix(twice))) {
                head = [early] + head.dropFirst(twice)
            }
            let folded = try #require(computation.folded(head))
            // As it is kept and read again.
            let kept = try #require(Happening(folded.value))
            #expect(kept.detail["count"] == .int(Int64(cut)))
            let whole = computation.clocks(of: story.history, at: now)
            let short = computation.clocks(of: [kept] + story.history.dropFirst(cut), at: now)
            for clock in short.clocks {
                let expected = whole.clocks.first { $0.key == clock.key && $0.kind == clock.kind }
                #expect(clock == expected, "block \(block), cut \(cut)")
                guard clock == expected else { return }
            }
            for clock in whole.clocks where !short.clocks.contains(where: { $0.key == clock.key }) {
                #expect(clock.stop.map { $0 <= kept.at } == true, "\(clock.key) was not over")
            }
        }
    }

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
