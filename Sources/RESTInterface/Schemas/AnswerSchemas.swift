import PluginKit
import RunMachine
import RunStore
import WorkflowModel

/// What answers are like. Every answer in the tests is checked against these, with no field beyond them.
enum AnswerSchemas {
    private typealias S = SchemaWords

    /// All of them by name, in the order of the document.
    static let all: [(name: String, schema: Value)] =
        runs + events + playbooks + people + ledger + plugins + others

    private static let runs: [(name: String, schema: Value)] = [
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

    private static let events: [(name: String, schema: Value)] = [
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

    private static let playbooks: [(name: String, schema: Value)] = [
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

    private static let people: [(name: String, schema: Value)] = [
        (
            "Ask",
            S.object(
                "A question that a run has put to people.",
                [
                    "id": S.text("Its id, `ask_…`."),
                    "state": S.word(AskRecord.State.allCases.map(\.rawValue), "Where it stands."),
                    "kind": S.word(["approval", "form"], "What an answer is: a verdict, or values of fields."),
                    "run": S.text("The run."), "playbook": S.text("Its playbook."), "step": S.text("The step."),
                    "about": S.orNull(S.text("What the run is about.")), "question": S.text("In words."),
                    "fields": S.anything("The JSON Schema of the values of a form."),
                    "who": S.list(S.text("A person."), "Who may answer."),
                    "quorum": S.number("How many different people must."),
                    "answers": S.list(S.ref("AskAnswer"), "The answers so far."),
                    "opened_at": S.instant("When it was put."), "due_at": S.orNull(S.instant("Until when.")),
                    "settled_at": S.orNull(S.instant("When it was answered, expired or was withdrawn.")),
                    "how_to_answer": S.text("The command that answers it."),
                ])
        ),
        (
            "AskAnswer",
            S.object(
                "What a person answered.",
                [
                    "by": S.text("Who."), "at": S.instant("When."), "comment": S.orNull(S.text("In words.")),
                ],
                optional: [
                    "verdict": S.word(AskAnswer.Verdict.allCases.map(\.rawValue), "For an approval."),
                    "values": S.map("For a form."),
                ])
        ),
        ("AskAnswered", S.object("The answer is on disk.", ["ask": S.text("The question.")])),
    ]

    private static let ledger: [(name: String, schema: Value)] = [
        (
            "Effect",
            S.object(
                "A write of the ledger.", effectFields,
                and: [
                    "run": S.text("The run."), "intended_at": S.instant("When it was first intended."),
                    "settled_at": S.orNull(S.instant("When its outcome was known.")),
                ])
        ),
        ("RunEffect", S.object("A write of a run.", effectFields)),
        (
            "AuditEntry",
            S.object(
                "What a person did.",
                [
                    "sequence": S.number("Its place, from 1, without gaps."), "at": S.instant("When."),
                    "by": S.text("Who."), "action": S.text("What, in a word."), "target": S.text("To what."),
                    "detail": S.anything("What else is to be known."), "hash": S.text("The chain's hash up to here."),
                ])
        ),
        (
            "AuditVerification",
            S.object(
                "Whether the log is as it was written.",
                [
                    "ok": S.flag("Whether it is."), "entries": S.number("How many entries are as written."),
                    "hash": S.text(
                        "The hash of the last of them: note it elsewhere to notice later that the end was cut off."),
                ],
                optional: [
                    "broken": S.object(
                        "What is wrong.", ["message": S.text("In a sentence.")],
                        optional: ["sequence": S.number("The first entry that does not fit.")])
                ])
        ),
    ]

    private static let effectFields: KeyValuePairs<String, Value> = [
        "key": S.text("Its idempotency key."), "step": S.text("The step."), "action": S.text("The action."),
        "state": S.word(EffectRecord.State.allCases.map(\.rawValue), "What is known of it."),
        "attempts": S.number("How often it was called."),
        "sent": S.anything("What was sent; secrets stand there by their names."),
        "may_be_duplicate": S.flag("It may have happened twice."),
    ]

    private static let plugins: [(name: String, schema: Value)] = [
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

    private static let others: [(name: String, schema: Value)] = [
        (
            "Caller",
            S.object(
                "Who asks.",
                [
                    "name": S.text("The token's name."), "acts_as": S.text("Whom the audit log names."),
                    "person": S.orNull(S.text("The person whose token it is.")), "role": S.text("What it may do."),
                    "scopes": S.list(S.text("A scope."), "What it is restricted to; empty for nothing."),
                    "workspace": S.text("The workspace."), "version": S.text("The version of the program."),
                ])
        ),
        (
            "Problem",
            [
                "type": "object", "description": "Why a request was refused (RFC 9457).",
                "properties": [
                    "type": S.text("`urn:signalbox:problem:CODE`."), "title": S.text("The code as a sentence."),
                    "status": S.number("The status."), "detail": S.text("What happened and what to do."),
                    "instance": S.text("Names this answer, as the log does."), "code": S.text("For programs."),
                    "parameter": S.text("The parameter that is meant."),
                    "violations": S.list(
                        S.object("One thing.", ["path": S.text("Where."), "message": S.text("What.")]),
                        "All that is wrong with a body."),
                ],
                "required": ["type", "title", "status", "detail", "code"],
                "additionalProperties": true,
            ]
        ),
    ]
}

extension SchemaWords {
    /// An object with the fields of two lists.
    static func object(
        _ description: String, _ fields: KeyValuePairs<String, Value>, and more: KeyValuePairs<String, Value>,
        optional: KeyValuePairs<String, Value> = [:], and moreOptional: KeyValuePairs<String, Value> = [:]
    ) -> Value {
        let (first, second) = (object("", fields, optional: optional), object("", more, optional: moreOptional))
        let properties = (first["properties"]?.map ?? [:]).merging(second["properties"]?.map ?? [:])
        return [
            "type": "object", "description": .string(description), "properties": .map(properties),
            "required": .list((first["required"]?.list ?? []) + (second["required"]?.list ?? [])),
        ]
    }
}
