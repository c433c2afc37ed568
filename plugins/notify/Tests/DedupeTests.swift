import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Dedupe keys") struct DedupeTests {
    private static let with: Value = ["to": "agent-1", "by": "outbox", "text": "At risk", "dedupe_key": "risk-4711"]

    private func later(_ bench: PluginBench, _ seconds: Int, key: String = "key-2") -> PluginBench {
        var bench = bench
        bench.now = bench.now + .seconds(seconds)
        bench.idempotencyKey = key
        return bench
    }

    @Test func `the same key is sent to the same recipient once within the window`() async throws {
        let bench = try notifyBench()
        let first = try await bench.run("notify.send", with: Self.with)
        #expect(first["deduplicated"] == false)
        let second = try await later(bench, 86_399).run("notify.send", with: Self.with)
        #expect(second["deduplicated"] == true && second["sent"] == 0)
        #expect(second["token"] == first["token"])
        #expect(bench.outbox.files.count == 1)
        let third = try await later(bench, 86_401).run("notify.send", with: Self.with)
        #expect(third["deduplicated"] == false)
        #expect(bench.outbox.files.count == 2)
    }

    @Test(
        "another key, recipient, channel or window is another message",
        arguments: [
            ["dedupe_key": "other"], ["to": "agent-2"], ["by": "second"], ["dedupe_window": "30s"], ["dedupe_key": nil],
        ] as [ValueMap])
    func others(change: ValueMap) async throws {
        let bench = try notifyBench(channels: ["second": ["by": "outbox"]])
        try await bench.run("notify.send", with: Self.with)
        let with = Value.map((Self.with.map ?? ValueMap()).merging(change))
        let output = try await later(bench, 60).run("notify.send", with: with)
        #expect(output["sent"] == 1)
    }

    @Test func `of several recipients only the new ones are told`() async throws {
        let bench = try notifyBench()
        try await bench.run("notify.send", with: Self.with)
        let with = Value.map((Self.with.map ?? ValueMap()).merging(["to": ["agent-1", "agent-3"]]))
        let output = try await later(bench, 60).run("notify.send", with: with)
        #expect(output["sent"] == 1 && output["deduplicated"] == false)
        #expect(output["messages"]?.list?.map { $0["deduplicated"] } == [true, false])
        let rehearsal = try await later(bench, 120).rehearse("notify.send", with: with)
        #expect(rehearsal.output["deduplicated"] == true)
        #expect(rehearsal.summary.hasPrefix("Would send nothing"))
    }

    @Test func `a message that did not leave does not hold its key`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(404), .status(200))
        let with: Value = ["to": "#a", "by": "chat", "text": "x", "dedupe_key": "k"]
        _ = await failure { try await bench.run("notify.send", with: with) }
        #expect(try await later(bench, 60).run("notify.send", with: with)["sent"] == 1)
    }
}
