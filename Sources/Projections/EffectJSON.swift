public import RunStore
public import WorkflowModel

/// Writes of the ledger as JSON: what `signalbox effects` and the REST API give.
public enum EffectJSON {
    /// A write.
    public static func whole(_ effect: EffectRecord) -> Value {
        [
            "key": .string(effect.key), "run": .string(effect.run.text), "step": .string(effect.step),
            "action": .string(effect.action), "state": .string(effect.state.rawValue),
            "attempts": .int(Int64(effect.attempts)), "sent": effect.sent,
            "intended_at": .timestamp(effect.intendedAt),
            "settled_at": effect.settledAt.map(Value.timestamp) ?? .null,
            "may_be_duplicate": .bool(effect.mayBeDuplicate),
        ]
    }

    /// A write as part of the run that has made it.
    static func ofRun(_ effect: EffectRecord) -> Value {
        [
            "key": .string(effect.key), "step": .string(effect.step), "action": .string(effect.action),
            "state": .string(effect.state.rawValue), "attempts": .int(Int64(effect.attempts)), "sent": effect.sent,
            "may_be_duplicate": .bool(effect.mayBeDuplicate),
        ]
    }
}
