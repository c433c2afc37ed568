import WorkflowModel

private typealias S = SchemaWords

/// Who asks, and why they are refused.
extension AnswerSchemas {
    static let others: [(name: String, schema: Value)] = [
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
