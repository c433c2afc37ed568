public import RunStore
import WorkflowEngine
public import WorkflowModel

/// Questions to people as JSON: what `signalbox ask` and the REST API give.
public enum AskJSON {
    /// A question with its answers so far.
    public static func whole(_ ask: AskRecord) -> Value {
        [
            "id": .string(ask.id), "state": .string(ask.state.rawValue), "kind": ask.isApproval ? "approval" : "form",
            "run": .string(ask.run.text), "playbook": .string(ask.playbook), "step": .string(ask.label),
            "about": ask.subject.map(Value.string) ?? .null, "question": .string(ask.question), "fields": ask.fields,
            "who": .list(ask.who.map(Value.string)), "quorum": .int(Int64(ask.quorum)),
            "answers": .list(ask.answers.map(\.value)), "opened_at": .timestamp(ask.openedAt),
            "due_at": ask.dueAt.map(Value.timestamp) ?? .null,
            "settled_at": ask.settledAt.map(Value.timestamp) ?? .null,
            "how_to_answer": .string(ask.howToAnswer),
        ]
    }
}
