import Access
import Projections
import RunStore
import WorkflowModel

/// Questions that runs put to people, and their answers.
enum AskOperations {
    static let all: [Operation] = [list, show, answer]

    private static let list = Operation(
        id: "listAsks", method: .get, path: "\(API.root)/asks", tag: "asks",
        summary: "Questions, newest first; those that are open if not said otherwise.", need: .read(),
        parameters: [
            .words(
                "state", AskRecord.State.allCases.map(\.rawValue) + ["all"],
                "Only questions in one of these states; `all` for any."),
            .text("who", "Only questions that this person may answer."),
            .flag("mine", "Only questions that you may answer: the person of your token."),
            .text("run", "Only questions of this run."),
        ] + Parameter.page, answer: SchemaWords.page(of: "Ask"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "asks")
            var query = AskQuery(
                states: [.open], run: call.query.text("run").map { RunID($0) }, who: call.query.text("who"),
                before: page.after, limit: page.limit)
            if let states = call.query.texts("state") {
                query.states = states.contains("all") ? nil : states.compactMap(AskRecord.State.init)
            }
            if call.query.flag("mine") {
                guard let person = call.caller.person else {
                    throw APIProblem.badParameter(
                        "mine", "this token is no person's; who=PERSON lists the questions to somebody")
                }
                query.who = person
            }
            let asked = query
            let asks = try await call.read { try $0.asks(asked) }
            return Page.answer(
                asks.map(AskJSON.whole), list: "asks", last: asks.count == page.limit ? asks.last?.id : nil)
        })

    private static let ask = Parameter.path("ask", "The question's id.")

    private static let show = Operation(
        id: "showAsk", method: .get, path: "\(API.root)/asks/{ask}", tag: "asks",
        summary: "A question, who can answer it and how, and who has.", need: .read(), parameters: [ask],
        answer: SchemaWords.ref("Ask"), problems: [404],
        work: .answer { call in APIAnswer(AskJSON.whole(try await find(call))) })

    private static let answer = Operation(
        id: "answerAsk", method: .post, path: "\(API.root)/asks/{ask}/answer", tag: "asks",
        summary: "Answers a question.",
        detail: """
            You answer as the person of your token, who must be among those asked. An approval takes a `verdict`, a form the `values` \
            of its fields.
            """, need: .act(.coordinator), parameters: [ask],
        body: BodyDescription(
            [
                ("verdict", Fields.word(AskAnswer.Verdict.allCases.map(\.rawValue), "For an approval.")),
                ("values", Fields.map("For a form: values by the names of its fields.")),
                ("comment", Fields.text("What you want to say with it.", most: 10_000)), ("for", Fields.person),
            ], example: ["verdict": "approve", "comment": "after the backup"]),
        answer: SchemaWords.ref("AskAnswered"), problems: [404, 409],
        work: .answer { call in
            let found = try await find(call)
            var body: ValueMap = [
                "ask": .string(found.id), "values": call.body["values"] ?? .map(ValueMap()),
            ]
            for name in ["verdict", "comment"] { body[name] = call.body[name] }
            let (_, isRepeated) = try await call.decide("answer", body)
            return APIAnswer(["ask": .string(found.id)], isRepeated: isRepeated)
        })

    private static func find(_ call: Call) async throws -> AskRecord {
        let id = call.part("ask")
        guard let found = try await call.read({ try $0.ask(id) }) else {
            throw APIProblem.notFound("there is no question \(id)")
        }
        return found
    }
}
