import RunStore
import Triggers
import WorkflowModel

/// Makes sample events that are about what a run is about.
struct SampleArrivals {
    /// The sample of a type; nil when there is none.
    let sample: @Sendable (String) -> Event?
    /// The run's own event; nil without one.
    let own: EventRecord?

    /// What of a thing an event may have changed; all else stays as the run knows it.
    private static let changing: Set<String> = [
        "status", "state", "assignee", "team", "resolved_at", "closed_at", "updated_at", "merged_into", "mitigated_at",
        "completed_at", "evidence",
    ]

    /// The event of `type` at `now`; `number` makes it an event of its own.
    ///
    /// - Parameters:
    ///   - condition: what it should fulfil, as far as that can be seen.
    ///   - result: what a step has produced that it should be about.
    func event(
        ofType type: String, at now: Timestamp, number: Int, subject: String?, condition: ExpressionText? = nil,
        about result: Value? = nil
    ) -> Event {
        let sample = sample(type)
        var data = adapted(sample?.data ?? ValueMap())
        if let subject, case .map(var told)? = data["notification"] {
            told["subject"] = .string(subject)
            data["notification"] = .map(told)
        }
        let family = String(type.prefix { $0 != "." })
        if let result, let key = SampleArrivals.key(of: result, family) {
            var thing = data[family]?.map ?? ValueMap()
            if thing["token"] != nil || family == "notification" {
                thing["token"] = .string(key)
            } else {
                thing["id"] = .string(key)
            }
            data[family] = .map(thing)
        }
        for required in condition.map({ RequiredFields.of($0) }) ?? [] {
            var path = required.path[...]
            let values = required.values
            if path.starts(with: ["event", "data"]) { path = path.dropFirst(2) }
            guard path.count > 1, let first = values.first, !values.contains(SampleArrivals.value(at: path, in: data))
            else { continue }
            data = SampleArrivals.setting(path, first, in: data)
        }
        let named = EventCatalog.standard.subject(ofType: type, data: data)
        return Event(
            id: "dry-run-\(number)/\(type)", source: sample?.source ?? "/dry-run", type: type,
            subject: named ?? subject,
            time: now, data: data)
    }

    /// The sample's data with the things of the run in place of those of the sample.
    private func adapted(_ sample: ValueMap) -> ValueMap {
        guard let own = own?.event.data else { return sample }
        var data = sample
        let changes = sample["changes"]?.map
        for entry in sample {
            guard let name = entry.key.string, case .map(let thing) = entry.value, case .map(var known)? = own[name]
            else { continue }
            for field in thing {
                guard let key = field.key.string else { continue }
                if known[key] == nil || SampleArrivals.changing.contains(key) || changes?[key] != nil {
                    known[key] = field.value
                }
            }
            data[name] = .map(known)
        }
        return data
    }

    /// What `of: STEP` looks for in a step's result.
    private static func key(of result: Value, _ family: String) -> String? {
        let named = result[family]
        let single = [result["token"], result["id"], named, named?["token"], named?["id"]].compactMap { $0?.string }
        let several = [result["tokens"], result["ids"]].flatMap { $0?.list ?? [] }.compactMap(\.string)
        return (single + several).first
    }

    private static func value(at path: ArraySlice<String>, in data: ValueMap) -> Value {
        path.reduce(Value.map(data)) { $0[$1] ?? .null }
    }

    private static func setting(_ path: ArraySlice<String>, _ value: Value, in map: ValueMap) -> ValueMap {
        var map = map
        guard let key = path.first else { return map }
        map[key] =
            path.count == 1 ? value : .map(setting(path.dropFirst(), value, in: map[key]?.map ?? ValueMap()))
        return map
    }
}
