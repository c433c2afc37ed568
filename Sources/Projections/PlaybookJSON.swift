import Playbooks
public import RunStore
public import WorkflowEngine
public import WorkflowModel

/// What holds playbooks back at a moment: pauses of people and open breakers.
public struct Holds: Sendable, Hashable {
    /// The pauses, that of all playbooks first.
    public var pauses: [Pause]
    /// The breakers that are not closed.
    public var breakers: [OpenBreaker]

    /// Reads them.
    ///
    /// - Throws: ``StoreError``.
    public init(in reader: any StoreReader) throws {
        pauses = try Pause.all(in: reader)
        breakers = try OpenBreaker.all(in: reader)
    }

    /// The pause that holds `playbook`: its own, else that of all.
    public func pause(of playbook: String) -> Pause? {
        pauses.first { $0.playbook == playbook } ?? everything
    }

    /// The pause of all playbooks; nil when there is none.
    public var everything: Pause? { pauses.first { $0.playbook == nil } }

    /// The breaker of `playbook`; nil when it is closed.
    public func breaker(of playbook: String) -> OpenBreaker? { breakers.first { $0.playbook == playbook } }
}

/// Playbooks as JSON: what the REST API gives.
public enum PlaybookJSON {
    /// A playbook in a list.
    public static func row(_ playbook: ActivePlaybook, _ holds: Holds) -> Value {
        let workflow = playbook.workflow
        return [
            "playbook": .string(workflow.id), "title": workflow.title.map(Value.string) ?? .null,
            "owner": workflow.owner.map(Value.string) ?? .null, "mode": .string(workflow.mode.rawValue),
            "file": .string(workflow.file), "bundle": .string(playbook.bundle),
            "triggers": .list(workflow.triggers.map(trigger)),
            "paused": holds.pause(of: workflow.id).map(pause) ?? .null,
            "breaker": holds.breaker(of: workflow.id).map(breaker) ?? .null,
        ]
    }

    /// A playbook with what it takes, what it does and its text.
    public static func whole(_ playbook: ActivePlaybook, _ holds: Holds) -> Value {
        let workflow = playbook.workflow
        var map = row(playbook, holds).map ?? ValueMap()
        map["inputs"] = SchemaJSON.value(workflow.callable.inputSchema)
        map["outputs"] = .list(workflow.outputs.map { .string($0.name) })
        map["calls"] = .list(workflow.callees.map(Value.string))
        map["stop_when"] = .list(workflow.stoppingTypes.map(Value.string))
        map["steps"] = .list(workflow.steps.map { .string($0.label) })
        map["text"] = WorkflowBundle(playbook.content).map { .string($0.text) } ?? .null
        return .map(map)
    }

    private static func trigger(_ trigger: Trigger) -> Value {
        switch trigger {
        case .event(let event): ["kind": "event", "types": .list(event.types.map(Value.string))]
        case .manual: ["kind": "manual"]
        case .schedule(let schedule): ["kind": "schedule", "times": .string(schedule.times.text)]
        }
    }

    /// A pause.
    public static func pause(_ pause: Pause) -> Value {
        [
            "playbook": pause.playbook.map(Value.string) ?? .null, "by": .string(pause.by),
            "since": .timestamp(pause.at), "reason": pause.reason.map(Value.string) ?? .null,
            "stops_runs": .bool(pause.stopsRuns), "sentence": .string(pause.sentence),
        ]
    }

    /// An open breaker.
    public static func breaker(_ breaker: OpenBreaker) -> Value {
        [
            "playbook": .string(breaker.playbook), "since": .timestamp(breaker.since),
            "until": .timestamp(breaker.until), "why": .string(breaker.why),
            "probe": breaker.probe.map { .string($0.text) } ?? .null, "sentence": .string(breaker.sentence),
        ]
    }
}
