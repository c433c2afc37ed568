import RunStore
import WorkflowModel

private typealias S = SchemaWords

/// Writes, and what people did.
extension AnswerSchemas {
    static let ledger: [(name: String, schema: Value)] = [
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
}
