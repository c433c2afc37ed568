import RunStore
public import WorkflowEngine
public import WorkflowModel

/// What doing a run again would mean, as JSON.
public enum RunPlanJSON {
    /// The plan.
    public static func whole(_ plan: RunAgainPlan) -> Value {
        var from = Value.null
        if case .retry(_, let step) = plan.origin { from = .string(step) }
        return [
            "run": .string(plan.old.id.text), "playbook": .string(plan.old.playbook), "from": from,
            "same_version": .bool(plan.playbook.bundle == plan.old.bundle),
            "kept": .list(plan.kept.map(Value.string)), "repeated": .list(plan.repeated.map(EffectJSON.ofRun)),
        ]
    }
}
