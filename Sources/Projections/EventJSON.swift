public import RunStore
public import WorkflowModel

/// Accepted events as JSON: what the REST API gives.
public enum EventJSON {
    /// An event with its place in the order.
    public static func row(_ record: EventRecord) -> Value {
        [
            "sequence": .int(record.sequence), "accepted_at": .timestamp(record.acceptedAt),
            "out_of_order": .bool(record.isOutOfOrder), "event": record.event.envelope,
        ]
    }

    /// An event with what plugins attached to it and what became of it.
    public static func whole(_ record: EventRecord, _ matches: [MatchRecord]) -> Value {
        var map = row(record).map ?? ValueMap()
        map["facts"] = .map(record.facts)
        map["generation"] = .int(record.generation)
        map["matches"] = .list(matches.map(match))
        return .map(map)
    }

    /// What became of an event for one playbook.
    public static func match(_ match: MatchRecord) -> Value {
        [
            "playbook": .string(match.playbook), "trigger": .int(Int64(match.trigger)),
            "outcome": .string(match.outcome.rawValue), "reason": .string(match.reason),
            "detail": .string(match.detail), "run": match.run.map { .string($0.text) } ?? .null,
        ]
    }
}
