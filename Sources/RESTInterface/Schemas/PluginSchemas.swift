import PluginKit
import WorkflowModel

private typealias S = SchemaWords

/// Plugins and their actions.
extension AnswerSchemas {
    static let plugins: [(name: String, schema: Value)] = [
        (
            "Plugin",
            S.object(
                "A plugin.",
                [
                    "plugin": S.text("Its name."), "version": S.text("Its version."), "summary": S.text("In a line."),
                    "emits": S.list(S.text("A type."), "The events that it emits."),
                    "consumes": S.list(S.text("A type."), "The events that it takes in."),
                    "actions": S.list(S.ref("Action"), "What it can do."),
                ])
        ),
        (
            "Action",
            S.object(
                "An action of a plugin.",
                [
                    "action": S.text("Its full name."), "summary": S.text("In a line."),
                    "effect": S.word(Effect.allCases.map(\.rawValue), "What a call does to the world."),
                    "idempotent": S.flag("Whether a write may be repeated without harm."),
                    "on_uncertain": S.text("What becomes of a write whose outcome nobody knows."),
                    "input": S.anything("The JSON Schema of its input."),
                    "output": S.anything("The JSON Schema of its output."),
                    "examples": S.list(
                        S.object(
                            "A use of it.",
                            [
                                "title": S.text("What it shows."), "with": S.anything("The input."),
                                "output": S.anything("What it gives."),
                            ]), "Uses of it."),
                    "errors": S.map("The codes of failures, with their meaning."),
                ])
        ),
    ]
}
