import RunMachine
import RunStore
import WorkflowModel

private typealias S = SchemaWords

/// Runs: what they are, how far they have come, what doing them again means.
extension AnswerSchemas {
    static let runs: [(name: String, schema: Value)] = [
        ("Failure", failure), ("Run", S.object("A run.", runFields, optional: moreRunFields)),
        (
            "RunDetail",
            S.object(
                "A run with its steps and writes.",
                runFields,
                and: [
                    "tree": S.ref("RunTree"),
                    "effects": S.list(S.ref("RunEffect"), "Its writes, in the order of their intents."),
                ],
                optional: moreRunFields,
                and: [
                    "held_for": S.text("What it waits for before it may begin."),
                    "journal": S.list(S.ref("JournalEntry"), "All that was recorded of it, if asked for."),
                ])
        ),
        (
            "RunTree",
            S.object(
                "The steps of a run.",
                [
                    "steps": S.list(S.ref("RunStep"), "The playbook's steps."),
                    "on_failure": S.list(S.ref("RunStep"), "The steps of `on_failure`, when it began."),
                ])
        ),
        (
            "RunStep",
            S.object(
                "A step of a run, or a round of a loop.",
                [
                    "label": S.text("What people call it."), "title": S.text("What it does."),
                    "status": S.word(RunTree.Status.allCases.map(\.rawValue), "How far it has come."),
                    "attempts": S.number("How often it was tried."),
                ],
                optional: [
                    "key": S.text("Its name in the journal."), "started_at": S.instant("When it began."),
                    "ended_at": S.instant("When it ended."),
                    "detail": S.text("Why it did or did not do something."),
                    "called_run": S.text("The run that a `call` has made."),
                    "input": S.anything("What a write was given."), "output": S.anything("What it gave."),
                    "failure": S.ref("Failure"), "children": S.list(S.ref("RunStep"), "The steps inside it."),
                ])
        ),
        (
            "JournalEntry",
            S.object(
                "An entry of a journal.",
                [
                    "seq": S.number("Its place, from 1."), "at": S.instant("When it was made."),
                    "kind": S.text("What it records."), "step": S.orNull(S.text("The step that it is about.")),
                    "body": S.anything("The content."),
                ])
        ),
        (
            "RunPlan",
            S.object(
                "What doing a run again would mean.",
                [
                    "run": S.text("The run that would be done again."),
                    "playbook": S.text("Its playbook."),
                    "from": S.orNull(S.text("The step with which it would begin; null for the start.")),
                    "same_version": S.flag("Whether the playbook would be the version that the run had."),
                    "kept": S.list(S.text("A step."), "The steps whose results would be kept."),
                    "repeated": S.list(
                        S.ref("RunEffect"), "The writes that have happened, or may have, and would be made again."),
                ])
        ),
        ("RunMade", S.object("A run that was made.", ["run": S.text("Its id.")])),
        ("RunDecided", S.object("A decision about a run is on disk.", ["run": S.text("The run.")])),
        (
            "RunsResumed",
            S.object("Runs that go on.", ["runs": S.list(S.text("A run."), "Those that nobody was working on.")])
        ),
    ]

    private static let failure: Value = S.object(
        "Why something failed.",
        [
            "code": S.text("For programs."), "message": S.text("What happened and what to do."),
            "kind": S.word(
                ["transient", "rate_limited", "permanent", "timeout", "uncertain"], "Whether it may be tried again."),
            "step": S.orNull(S.text("The step that it came from.")),
        ],
        optional: [
            "retry_after": S.text("How long the other side asks to wait, such as `30s`."),
            "place": S.object(
                "Where the cause is written.",
                ["file": S.text("The file."), "line": S.number("From 1."), "column": S.number("From 1.")]),
        ])

    private static let runFields: KeyValuePairs<String, Value> = [
        "id": S.text("Its id, `run_…`; ids sort by the time of making."), "playbook": S.text("Its playbook."),
        "kind": S.word(
            RunRecord.Kind.allCases.map(\.rawValue), "live: by an event; manual: by a person; shadow: rehearsed only."),
        "state": S.word(RunState.allCases.map(\.rawValue), "Where it stands."),
        "created_at": S.instant("When it was made."),
        "bundle": S.text("The hash of the version of the playbook that it follows."),
        "entries": S.number("How many entries its journal has."),
        "depth": S.number("How many runs stand between it and an event from outside."),
    ]

    private static let moreRunFields: KeyValuePairs<String, Value> = [
        "subject": S.text("What it is about, such as `ticket:4711`."),
        "event": S.number("The place in the order of the event that it serves."),
        "started_at": S.instant("When it began."), "ended_at": S.instant("When it ended."),
        "slot": S.text("The place that it holds or waits for."), "held": S.flag("It waits for a place."),
        "wakes_at": S.instant("When it goes on by itself."), "failure": S.ref("Failure"),
        "outputs": S.anything("What it gave."),
        "origin": S.object(
            "The run that it was made from.",
            ["kind": S.word(["retry", "replay"], "How."), "of": S.text("The run.")],
            optional: ["from": S.text("The step with which it began.")]),
        "parent": S.text("The run that called it."), "parent_step": S.text("The step that called it."),
        "requested_by": S.text("Who started it."), "inputs": S.map("What it was started with."),
    ]
}
