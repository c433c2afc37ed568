import PluginKit
import WorkflowModel

/// Whether the clocks that were kept while events came are those that all events together give.
struct KeptClocks {
    /// The most of them that are listed.
    private static let most = 20
    private static let fields = [
        "metric", "cycle", "state", "policy", "priority", "target", "due_at", "stop", "breached", "start",
    ]

    private(set) var count = 0
    private(set) var same = 0
    private var differences: [Value] = []

    /// Compares the clocks of a ticket with the documents that are kept of them, by id.
    mutating func compare(_ ticket: String, _ computed: [Clock], _ kept: [Document]) {
        let documents = Dictionary(kept.map { ($0.id, $0.body) }, uniquingKeysWith: { $1 })
        var ids = Set(documents.keys)
        for clock in computed {
            let id = "\(ticket)/\(clock.key)"
            ids.remove(id)
            count += 1
            guard let document = documents[id] else {
                note(id, [["field": "clock", "kept": nil, "events": "there"]])
                continue
            }
            let view = KeptClocks.view(clock)
            var different = KeptClocks.fields.filter { KeptClocks.text(document[$0]) != KeptClocks.text(view[$0]) }
            // What has passed of an open clock is as old as its last event.
            if !clock.isOpen, KeptClocks.text(document["elapsed"]) != KeptClocks.text(view["elapsed"]) {
                different.append("elapsed")
            }
            guard !different.isEmpty else {
                same += 1
                continue
            }
            note(
                id,
                different.map {
                    ["field": .string($0), "kept": document[$0] ?? .null, "events": view[$0] ?? .null]
                })
        }
        for id in ids.sorted() {
            count += 1
            note(id, [["field": "clock", "kept": "there", "events": nil]])
        }
    }

    private mutating func note(_ id: String, _ fields: [Value]) {
        if differences.count < Self.most { differences.append(["clock": .string(id), "fields": .list(fields)]) }
    }

    private static func view(_ clock: Clock) -> ValueMap {
        var map: ValueMap = [
            "metric": .string(clock.metric.rawValue), "cycle": .int(Int64(clock.cycle)),
            "state": .string(clock.state.rawValue), "elapsed": .duration(clock.elapsed),
            "breached": .bool(clock.isBreached), "start": .timestamp(clock.start),
        ]
        map["policy"] = clock.policy.map(Value.string)
        map["priority"] = clock.priority.map(Value.string)
        map["target"] = clock.target.map(Value.duration)
        map["due_at"] = clock.due.map(Value.timestamp)
        map["stop"] = clock.stop.map(Value.timestamp)
        return map
    }

    /// The value as JSON has it; one that is not there is null.
    private static func text(_ value: Value?) -> String { JSONWriter.text(value ?? .null) }

    /// `{count, same, differences}`.
    var value: Value {
        ["count": .int(Int64(count)), "same": .int(Int64(same)), "differences": .list(differences)]
    }
}
