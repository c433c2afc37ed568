import Access
import WorkflowModel

/// Who asks, and what changes while they look.
enum SelfOperations {
    static let all: [Operation] = [me, stream]

    private static let me = Operation(
        id: "showCaller", method: .get, path: "\(API.root)/me", tag: "callers",
        summary: "Who you are, as far as your token says.", need: .read(), answer: SchemaWords.ref("Caller"),
        work: .answer { call in
            let caller = call.caller
            return APIAnswer([
                "name": .string(caller.name), "acts_as": .string(caller.actor),
                "person": caller.person.map(Value.string) ?? .null, "role": .string(caller.role.rawValue),
                "scopes": .list(caller.scopes.map { .string($0.rawValue) }),
                "workspace": .string(call.services.workspace), "version": .string(call.services.version),
            ])
        })

    private static let stream = Operation(
        id: "streamChanges", method: .get, path: "\(API.root)/stream", tag: "stream",
        summary: "Changes as they happen, as server-sent events.",
        detail: """
            Each change is an event `run`, `event`, `ask` or `clock` with an id. `ready` is the first event. Who was cut off goes on \
            with `Last-Event-ID`; when what came since then is not kept any more, `reset` says so: look at the lists again. `end` is \
            the last event, with the reason. Comments every 15 seconds keep the connection open.
            """, need: .read(),
        parameters: [
            .words("kind", Change.Kind.allCases.map(\.rawValue), "Only changes of these kinds."),
            .texts("playbook", "Only changes of runs and questions of these playbooks."),
            .texts("subject", "Only changes about these subjects, such as `ticket:4711`."),
            .texts("type", "Only events of these types, or of a family such as `ticket.*`."),
        ], answer: ["type": "string"], problems: [400], work: .changes)
}
