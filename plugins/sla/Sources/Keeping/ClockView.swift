import WorkflowModel

/// A clock as events, facts and actions show it.
enum ClockView {
    /// The clock of the document `id`, as it is.
    static func map(_ id: String, _ clock: Clock) -> ValueMap {
        var map: ValueMap = [
            "clock": .string(id), "metric": .string(clock.metric.rawValue), "cycle": .int(Int64(clock.cycle)),
            "state": .string(clock.state.rawValue), "elapsed": .duration(clock.elapsed),
            "breached": .bool(clock.isBreached),
        ]
        map["policy"] = clock.policy.map { .string($0) } ?? .null
        map["priority"] = clock.priority.map { .string($0) } ?? .null
        map["target"] = clock.target.map { .duration($0) } ?? .null
        map["remaining"] = clock.remaining.map { .duration($0) } ?? .null
        map["due_at"] = clock.due.map { .timestamp($0) } ?? .null
        if let cause = clock.cause { map["cause"] = .string(cause) }
        if let by = clock.pinnedBy { map["pinned_by"] = .string(by) }
        if clock.state == .paused, let pause = clock.pauses.last(where: { $0.to == nil }) ?? clock.pauses.last {
            map["paused_by"] = .string(pause.source)
            if pause.isUnanswered { map["unanswered"] = true }
        }
        return map
    }

    /// What events and facts may say of a clock, of all that is kept of it: the fields that playbooks are checked against.
    static func declared(_ body: ValueMap) -> ValueMap {
        ValueMap(uniqueEntries: body.entries.filter { $0.key.string.map(fields.contains) ?? false })
    }

    private static let fields = Set(
        EventCatalog.standard.schema(ofType: "sla.started")?.property("sla")?.properties.map(\.name) ?? [])

    /// The clock when it reaches a threshold: what can be said of that instant before it comes.
    static func map(_ id: String, _ clock: Clock, at firing: Clock.Firing, late: Duration?) -> ValueMap {
        var map = map(id, clock)
        map["state"] = .string(clock.isOpen ? Clock.State.running.rawValue : clock.state.rawValue)
        map["threshold"] = .string(firing.threshold.label)
        map["target"] = .duration(firing.target)
        map["elapsed"] = .duration(firing.elapsed)
        map["remaining"] = .duration(firing.target - firing.elapsed)
        map["priority"] = firing.priority.map { .string($0) } ?? .null
        map["policy"] = firing.policy.map { .string($0) } ?? .null
        map["breached"] = .bool(firing.threshold.isBreach || clock.breaches.contains { $0.at <= firing.at })
        map["late_by"] = late.map { .duration($0) } ?? .null
        map["cause"] = firing.cause.map { .string($0) }
        map["paused_by"] = nil
        return map
    }

    /// The clock that a person should look at first: the running one that is due first, else the paused one with the least time left.
    static func nearest(_ clocks: [Clock]) -> Clock? {
        let running = clocks.filter { $0.state == .running && $0.due != nil }
        if let first = running.min(by: { ($0.due ?? .latest, $0.key) < ($1.due ?? .latest, $1.key) }) { return first }
        return clocks.filter { $0.state == .paused }.min {
            ($0.remaining ?? .zero, $0.key) < ($1.remaining ?? .zero, $1.key)
        }
    }
}
