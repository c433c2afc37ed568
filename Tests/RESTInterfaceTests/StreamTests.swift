import Access
import RESTInterface
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel

@Suite("Changes as they happen", .timeLimit(.minutes(2)))
struct StreamTests {
    private static let start = Timestamp(seconds: 1_795_334_400)

    /// An event of a stream.
    struct Heard: Equatable {
        var name, id: String
        var data: Value
    }

    static func heard(_ bytes: [UInt8]) throws -> [Heard] {
        var heard: [Heard] = []
        var fields: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty, !fields.isEmpty {
                heard.append(
                    Heard(
                        name: fields["event"] ?? "", id: fields["id"] ?? "",
                        data: try JSON.parse(fields["data"] ?? "null")))
                fields = [:]
            }
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { continue }
            fields[String(line[..<colon])] = String(line[line.index(colon, offsetBy: 2)...])
        }
        return heard
    }

    static func run(_ number: Int, _ state: RunState = .running, playbook: String = "p", subject: String? = nil)
        -> RunRecord
    {
        var run = RunRecord(
            id: RunID("run_\(number)"), playbook: playbook, kind: .live, bundle: "b", event: nil, subject: subject,
            createdAt: start, inputs: ["secret": "large"])
        run.state = state
        run.outputs = ["large": true]
        return run
    }

    static func receipt(_ number: Int64, _ type: String) -> EventReceipt {
        EventReceipt(
            event: Event(
                id: "e\(number)", source: "/s", type: type, subject: "ticket:T-1", time: start,
                data: ["ticket": ["id": "T-1"]]), sequence: number, isDuplicate: false, matches: [])
    }

    static func stream(_ query: [(String, String)] = [], after last: String? = nil, _ bench: APIBench) throws
        -> ChangeSubscription
    {
        let operation = try #require(bench.api.operations.first { $0.isStream })
        return try bench.api.changes(
            operation,
            APIRequest(
                caller: APIBench.viewer, query: query.map { (name: $0.0, value: $0.1) }, lastEventID: last))
    }

    @Test func `a run is heard of from its making to its end, with the event that made it`() async throws {
        let bench = try await APIBench()
        let stream = try Self.stream([], bench)
        let run = try #require(try await bench.emit("T-1").first)
        let heard = try Self.heard(stream.take() ?? [])
        #expect(heard.first?.name == "ready")
        let events = heard.filter { $0.name == "event" }
        #expect(events.map { $0.data["event"]?["type"]?.string } == ["ticket.created"])
        #expect(events.first?.data["event"]?["data"] == nil)
        let runs = heard.filter { $0.name == "run" && $0.data["id"]?.string == run.text }
        let states = runs.map { $0.data["state"]?.string ?? "" }
        #expect(states.first == "queued", "\(states)")
        #expect(states.last == "succeeded", "\(states)")
        #expect(stream.take() == [])
        try await bench.emit("T-2", type: "ticket.updated")
        let asked = try Self.heard(stream.take() ?? []).first { $0.name == "ask" }
        #expect(asked?.data["question"] == "Page for T-2?" && asked?.data["state"] == "open")
        await bench.engine.close()
    }

    @Test func `filters let through what all of them name`() async throws {
        let bench = try await APIBench()
        let filters: [([(String, String)], [String])] = [
            ([], ["run", "run", "event", "clock"]), ([("kind", "run")], ["run", "run"]),
            ([("kind", "clock,event")], ["event", "clock"]), ([("playbook", "p")], ["run"]),
            ([("subject", "ticket:T-1")], ["run", "event", "clock"]),
            ([("subject", "ticket:T-1"), ("kind", "run")], ["run"]), ([("type", "ticket.*")], ["event"]),
            ([("type", "sla.breached")], ["clock"]), ([("playbook", "none")], []),
        ]
        let streams = try filters.map { try Self.stream($0.0, bench) }
        bench.feed.note(.runChanged(Self.run(1, subject: "ticket:T-1")))
        bench.feed.note(.runEnded(Self.run(2, .failed, playbook: "q")))
        bench.feed.note(.accepted([Self.receipt(1, "ticket.created"), Self.receipt(2, "sla.breached")]))
        for (stream, (query, expected)) in zip(streams, filters) {
            #expect(try Self.heard(stream.take() ?? []).dropFirst().map(\.name) == expected, "\(query)")
        }
        let operation = try #require(bench.api.operations.first { $0.isStream })
        let wrong = #expect(throws: APIProblem.self) {
            try bench.api.changes(
                operation, APIRequest(caller: APIBench.viewer, query: [(name: "kind", value: "runs")]))
        }
        #expect(wrong?.detail.contains("did you mean run?") == true)
        await bench.engine.close()
    }

    @Test func `who was cut off goes on where it was, or is told that it cannot`() throws {
        var limits = ChangeFeed.Limits()
        limits.kept = 5
        let feed = ChangeFeed(start: Self.start, limits: limits)
        let first = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        for number in 1...3 { feed.note(.runChanged(Self.run(number))) }
        let ids = try Self.heard(first.take() ?? []).map(\.id)
        #expect(ids.count == 4)
        for number in 4...6 { feed.note(.runChanged(Self.run(number))) }
        let resumed = try Self.heard(try feed.subscribe(ChangeFilter(), after: ids[2], by: "a").take() ?? [])
        #expect(resumed.map(\.name) == ["ready", "run", "run", "run", "run"])
        #expect(resumed.map { $0.data["id"]?.string } == [ids[2], "run_3", "run_4", "run_5", "run_6"])
        for number in 7...8 { feed.note(.runChanged(Self.run(number))) }
        for last in [ids[2], "other-3", "nonsense", ids[0].replacing("-0", with: "-99")] {
            let reset = try Self.heard(try feed.subscribe(ChangeFilter(), after: last, by: "b").take() ?? [])
            #expect(reset.map(\.name) == ["reset"], "\(last)")
            #expect(reset[0].id.hasSuffix("-8"))
        }
    }

    @Test func `one who is too slow is cut off, and is told so with the place to go on`() throws {
        var limits = ChangeFeed.Limits()
        limits.waiting = 3
        let feed = ChangeFeed(start: Self.start, limits: limits)
        let slow = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        let quick = try feed.subscribe(ChangeFilter(), after: nil, by: "b")
        for number in 1...5 {
            feed.note(.runChanged(Self.run(number)))
            _ = quick.take()
        }
        let heard = try Self.heard(slow.take() ?? [])
        #expect(heard.map(\.name) == ["ready", "run", "run", "run", "end"])
        #expect(heard.last?.data["reason"] == "too_slow")
        #expect(slow.take() == nil)
        let next = try feed.subscribe(ChangeFilter(), after: heard[3].id, by: "a")
        #expect(try Self.heard(next.take() ?? []).map { $0.data["id"]?.string }.dropFirst() == ["run_4", "run_5"])
        #expect(quick.take() == [])
    }

    @Test func `there are so many listeners and no more, and those who leave make room`() throws {
        var limits = ChangeFeed.Limits()
        limits.listeners = 3
        limits.listenersOfOne = 2
        let feed = ChangeFeed(start: Self.start, limits: limits)
        let first = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        _ = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        #expect(throws: ChangeFeed.Full.self) { try feed.subscribe(ChangeFilter(), after: nil, by: "a") }
        _ = try feed.subscribe(ChangeFilter(), after: nil, by: "b")
        #expect(throws: ChangeFeed.Full.self) { try feed.subscribe(ChangeFilter(), after: nil, by: "c") }
        first.finish()
        #expect(feed.listeners == 2)
        _ = try feed.subscribe(ChangeFilter(), after: nil, by: "c")
        #expect(first.take() == nil)
    }

    @Test func `all end when the server stops, and nobody begins`() async throws {
        let feed = ChangeFeed(start: Self.start)
        let stream = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        _ = stream.take()
        async let woken: Void = stream.wait()
        feed.note(.runChanged(Self.run(1)))
        feed.close()
        await woken
        let heard = try Self.heard(stream.take() ?? [])
        #expect(heard.map(\.name) == ["run", "end"] && heard.last?.data["reason"] == "stopping")
        #expect(throws: ChangeFeed.Full.self) { try feed.subscribe(ChangeFilter(), after: nil, by: "a") }
    }

    @Test func `a reader that is cancelled does not wait for ever`() async throws {
        let feed = ChangeFeed(start: Self.start)
        let stream = try feed.subscribe(ChangeFilter(), after: nil, by: "a")
        _ = stream.take()
        let task = Task { await stream.wait() }
        task.cancel()
        await task.value
    }
}
