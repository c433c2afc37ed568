public import WorkflowModel

/// What a run begins with: the first entry of its journal. Everything that a replay could find changed later is in it.
public struct RunStart: Sendable, Hashable {
    /// The run.
    public var run: RunID
    /// Where people see the run; null when there is no such place.
    public var url: String?
    /// When it began.
    public var at: Timestamp
    /// The event's envelope without its data; nil for a run by hand without an event.
    public var event: ValueMap?
    /// The names that the event gives: its bound data, and the facts that consumers attached.
    public var names: ValueMap
    /// The collected events, in order, for a playbook that collects; nil for another.
    public var events: [Value]?
    /// How many more had come than are kept in ``events``.
    public var dropped: Int
    /// What the person who started it gave.
    public var inputs: ValueMap
    /// From which waits are spread.
    public var seed: UInt64

    /// A start of these parts.
    public init(
        run: RunID, url: String? = nil, at: Timestamp, event: ValueMap? = nil, names: ValueMap = ValueMap(),
        events: [Value]? = nil, dropped: Int = 0, inputs: ValueMap = ValueMap(), seed: UInt64
    ) {
        self.run = run
        self.url = url
        self.at = at
        self.event = event
        self.names = names
        self.events = events
        self.dropped = dropped
        self.inputs = inputs
        self.seed = seed
    }

    var value: Value {
        var map: ValueMap = [
            "run": .string(run.text), "url": url.map(Value.string) ?? .null, "at": .timestamp(at),
            "event": event.map(Value.map) ?? .null, "names": .map(names), "inputs": .map(inputs), "seed": .uint(seed),
        ]
        if let events { map["events"] = .list(events) }
        if dropped > 0 { map["dropped"] = .int(Int64(dropped)) }
        return .map(map)
    }

    init?(_ value: Value) {
        guard let run = value["run"]?.string, let at = value["at"]?.timestamp, let names = value["names"]?.map,
            let inputs = value["inputs"]?.map, case .uint(let seed)? = value["seed"]
        else { return nil }
        self.init(
            run: RunID(run), url: value["url"]?.string, at: at, event: value["event"]?.map, names: names,
            events: value["events"]?.list, dropped: value["dropped"]?.int.flatMap { Int(exactly: $0) } ?? 0,
            inputs: inputs, seed: seed)
    }
}
