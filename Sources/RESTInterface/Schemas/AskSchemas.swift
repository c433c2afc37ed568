import RunStore
import WorkflowModel

private typealias S = SchemaWords

/// Questions that runs put to people.
extension AnswerSchemas {
    static let people: [(name: String, schema: Value)] = [
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
}
