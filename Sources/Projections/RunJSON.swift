public import RunMachine
public import RunStore
public import WorkflowModel

/// Runs as JSON: what `signalbox runs` and the REST API give.
public enum RunJSON {
    /// A run's row.
    public static func row(_ run: RunRecord) -> Value {
        var map: ValueMap = [
            "id": .string(run.id.text), "playbook": .string(run.playbook), "kind": .string(run.kind.rawValue),
            "state": .string(run.state.rawValue), "created_at": .timestamp(run.createdAt),
            "bundle": .string(run.bundle),
            "entries": .int(Int64(run.entries)), "depth": .int(Int64(run.depth)),
        ]
        map["subject"] = run.subject.map(Value.string)
        map["event"] = run.event.map(Value.int)
        map["started_at"] = run.startedAt.map(Value.timestamp)
        map["ended_at"] = run.endedAt.map(Value.timestamp)
        map["slot"] = run.slot.map(Value.string)
        if run.isHeld { map["held"] = true }
        map["wakes_at"] = run.wakesAt.map(Value.timestamp)
        map["failure"] = run.failure?.value
        map["outputs"] = run.outputs
        switch run.origin {
        case .retry(let of, let from)?:
            map["origin"] = ["kind": "retry", "of": .string(of.text), "from": .string(from)]
        case .replay(let of)?: map["origin"] = ["kind": "replay", "of": .string(of.text)]
        case nil: break
        }
        map["parent"] = run.parent.map { .string($0.text) }
        map["parent_step"] = run.parentStep.map(Value.string)
        map["requested_by"] = run.requestedBy.map(Value.string)
        if !run.inputs.isEmpty { map["inputs"] = .map(run.inputs) }
        return .map(map)
    }

    /// A run's steps.
    public static func tree(_ tree: RunTree) -> Value {
        ["steps": .list(tree.steps.map(node)), "on_failure": .list(tree.onFailure.map(node))]
    }

    private static func node(_ node: RunTree.Node) -> Value {
        var map: ValueMap = [
            "label": .string(node.label), "title": .string(node.title), "status": .string(node.status.rawValue),
            "attempts": .int(Int64(node.attempts)),
        ]
        map["key"] = node.key.map(Value.string)
        map["started_at"] = node.startedAt.map(Value.timestamp)
        map["ended_at"] = node.endedAt.map(Value.timestamp)
        map["detail"] = node.detail.map(Value.string)
        map["called_run"] = node.calledRun.map { .string($0.text) }
        map["input"] = node.input
        map["output"] = node.output
        map["failure"] = node.failure?.value
        if !node.children.isEmpty { map["children"] = .list(node.children.map(self.node)) }
        return .map(map)
    }

    /// An entry of a journal.
    public static func entry(_ entry: JournalRecord) -> Value {
        [
            "seq": .int(Int64(entry.sequence)), "at": .timestamp(entry.at), "kind": .string(entry.kind),
            "step": entry.step.map(Value.string) ?? .null, "body": entry.body,
        ]
    }
}
