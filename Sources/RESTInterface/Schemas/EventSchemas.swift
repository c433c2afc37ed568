import RunStore
import WorkflowModel

private typealias S = SchemaWords

/// Events, and why playbooks fired for them.
extension AnswerSchemas {
    static let events: [(name: String, schema: Value)] = [
        (
            "CloudEvent",
            [
                "type": "object",
                "description":
                    "A CloudEvents 1.0 envelope. Extension attributes stand beside these; `origin`, `depth` and `causedby` are ours.",
                "properties": [
                    "specversion": ["const": "1.0"], "id": ["type": "string"], "source": ["type": "string"],
                    "type": ["type": "string"], "subject": ["type": ["string", "null"]],
                    "time": ["type": "string", "format": "date-time"], "data": ["type": "object"],
                ],
                "required": ["specversion", "id", "source", "type", "time"],
                "additionalProperties": true,
            ]
        ),
        ("Event", S.object("An accepted event.", eventFields)),
        (
            "EventDetail",
            S.object(
                "An accepted event and what became of it.", eventFields,
                and: [
                    "facts": S.map("What plugins attached to it for conditions."),
                    "generation": S.number("The set of playbooks that was active."),
                    "matches": S.list(
                        S.ref("Match"), "What became of it for the playbooks that it fired, or that were held back."),
                ])
        ),
        (
            "Match",
            S.object(
                "What became of an event for a playbook.",
                [
                    "playbook": S.text("The playbook."), "trigger": S.number("Which of its triggers, from 0."),
                    "outcome": S.word(MatchRecord.Outcome.allCases.map(\.rawValue), "What the gates said."),
                    "reason": S.text("Why, in a word."), "detail": S.text("Why, in a sentence."),
                    "run": S.orNull(S.text("The run that was made.")),
                ])
        ),
        (
            "Explanation",
            S.object(
                "Why playbooks fired for an event, or did not.",
                [
                    "event": S.ref("CloudEvent"),
                    "out_of_order": S.flag("It was older than the newest of its subject."),
                    "playbooks": S.list(S.ref("ExplainedPlaybook"), "Those that were there when it came."),
                ])
        ),
        (
            "Explanations",
            S.object(
                "Why playbooks fired for some events, or did not.",
                ["items": S.list(S.ref("Explanation"), "One for each event, newest first.")])
        ),
        (
            "ExplainedPlaybook",
            S.object(
                "What an event meant for a playbook.",
                [
                    "playbook": S.text("The playbook."),
                    "mode": S.word(Workflow.Mode.allCases.map(\.rawValue), "Its mode then."),
                    "bundle": S.text("The hash of its version then."),
                    "outcome": S.word(
                        MatchRecord.Outcome.allCases.map(\.rawValue) + ["not_fired"], "What became of it."),
                    "reason": S.text("Why, in a word."), "detail": S.text("Why, in a sentence."),
                    "run": S.orNull(S.text("The run that was made.")),
                    "triggers": S.list(
                        S.object(
                            "What a trigger says.",
                            [
                                "types": S.list(S.text("A type."), "The event types that it looks at."),
                                "looks_at_type": S.flag("Whether it looks at this one."),
                                "condition": S.orNull(S.ref("ExplainedCondition")),
                            ]), "Each trigger by events."),
                ])
        ),
        (
            "ExplainedCondition",
            S.object(
                "A condition, line by line, with what it saw.",
                [
                    "verdict": S.text("`holds`, `does_not_hold` or `failed`."),
                    "lines": S.list(
                        S.object(
                            "A line.",
                            [
                                "text": S.text("As it is written."), "depth": S.number("How far it stands inside."),
                                "verdict": S.text("What it says."), "error": S.orNull(S.text("Why it has no value.")),
                                "place": S.orNull(S.text("Where it is written.")),
                                "seen": S.list(
                                    S.object(
                                        "A part and its value.",
                                        [
                                            "text": S.text("The part."), "value": S.anything("Its value."),
                                            "error": S.orNull(S.text("Why it has none.")),
                                        ]), "What it saw."),
                            ]), "The lines."),
                ])
        ),
    ]

    private static let eventFields: KeyValuePairs<String, Value> = [
        "sequence": S.number("Its place in the order in which events were accepted, from 1."),
        "accepted_at": S.instant("When it was accepted."),
        "out_of_order": S.flag("It was older than the newest of its subject."), "event": S.ref("CloudEvent"),
    ]
}
