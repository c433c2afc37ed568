import WorkflowModel

private typealias S = SchemaWords

/// What becomes of deliveries of other systems to hooks.
extension AnswerSchemas {
    static let deliveries: [(name: String, schema: Value)] = [
        (
            "DeliveryAccepted",
            S.object(
                "What a delivery became is on disk.",
                [
                    "outcome": S.word(
                        ["accepted", "unmapped"],
                        "`unmapped`: it, or a part of it, is no event that is known, and is kept for a person."),
                    "events": S.list(S.ref("DeliveredEvent"), "The events that it became, in order."),
                ],
                optional: [
                    "delivery": S.text("The sender's name for it."),
                    "problem": S.ref("Problem"),
                ])
        ),
        (
            "DeliveryNoted",
            [
                "type": "object",
                "description":
                    "Nothing was accepted: the delivery means nothing here, or came before. To a sender that asks whether we are there this is the answer that it wants, whatever that is.",
                "properties": [
                    "outcome": S.text("`ignored` or `duplicate`."), "reason": S.orNull(S.text("Why.")),
                    "delivery": S.text("The sender's name for it."),
                    "events": S.list(S.ref("DeliveredEvent"), "The events that it became when it came first."),
                ],
                "additionalProperties": true,
            ]
        ),
        (
            "DeliveredEvent",
            S.object(
                "An event that a delivery became.",
                [
                    "type": S.text("Its type."), "source": S.text("`/hooks/NAME`."), "id": S.text("Its id."),
                    "sequence": S.orNull(S.number("Its place in the order in which events were accepted, from 1.")),
                    "duplicate": S.flag("Whether it was accepted before."),
                ])
        ),
    ]
}
