import RunStore
import WorkflowModel

private typealias S = SchemaWords

/// Playbooks, and what holds them.
extension AnswerSchemas {
    static let playbooks: [(name: String, schema: Value)] = [
        ("Playbook", S.object("A playbook.", playbookFields)),
        (
            "PlaybookDetail",
            S.object(
                "A playbook with what it takes and does.", playbookFields,
                and: [
                    "inputs": S.anything("The JSON Schema of the inputs with which it is started by hand."),
                    "outputs": S.list(S.text("A name."), "What a run gives."),
                    "calls": S.list(S.text("A playbook."), "The playbooks that it calls."),
                    "stop_when": S.list(S.text("A type."), "The events that end a run."),
                    "steps": S.list(S.text("A step."), "Its steps, by what people call them."),
                    "text": S.orNull(S.text("Its file.")),
                ])
        ),
        (
            "Trigger",
            S.object(
                "What starts a playbook.", ["kind": S.word(["event", "manual", "schedule"], "What kind.")],
                optional: [
                    "types": S.list(S.text("A type."), "The event types."),
                    "times": S.text("The cron expression or recurrence rule."),
                ])
        ),
        (
            "Pause",
            S.object(
                "That a person has paused a playbook, or all of them.",
                [
                    "playbook": S.orNull(S.text("The playbook; null for all.")), "by": S.text("Who."),
                    "since": S.instant("Since when."), "reason": S.orNull(S.text("Why.")),
                    "stops_runs": S.flag("Whether runs under way stand still, too."),
                    "sentence": S.text("All of it in a sentence."),
                ])
        ),
        (
            "Breaker",
            S.object(
                "That a playbook rests because it failed or began too often.",
                [
                    "playbook": S.text("The playbook."), "since": S.instant("Since when."),
                    "until": S.instant("From when on one run is let through to see."),
                    "why": S.text("What it opened for."), "probe": S.orNull(S.text("The run that was let through.")),
                    "sentence": S.text("All of it in a sentence."),
                ])
        ),
        (
            "Holds",
            S.object(
                "What holds playbooks back.",
                [
                    "pauses": S.list(S.ref("Pause"), "That of all playbooks first."),
                    "breakers": S.list(S.ref("Breaker"), "Those that are open."),
                ])
        ),
        ("Paused", S.object("That it is paused.", ["paused": S.text("In a sentence.")])),
        (
            "Resumed",
            S.object(
                "What was lifted.",
                [
                    "was_paused": S.flag("A pause held."), "was_stopped": S.flag("A breaker was open."),
                    "loops": S.number("For how many subjects it rested because it ran too often."),
                    "still_paused": S.list(S.text("In a sentence."), "What is still paused."),
                ])
        ),
    ]

    private static let playbookFields: KeyValuePairs<String, Value> = [
        "playbook": S.text("Its id."), "title": S.orNull(S.text("Its title.")),
        "owner": S.orNull(S.text("Who answers for it.")),
        "mode": S.word(Workflow.Mode.allCases.map(\.rawValue), "Whether it acts."),
        "file": S.text("Its file in the workspace."), "bundle": S.text("The hash of its version."),
        "triggers": S.list(S.ref("Trigger"), "What starts it."), "paused": S.orNull(S.ref("Pause")),
        "breaker": S.orNull(S.ref("Breaker")),
    ]
}
