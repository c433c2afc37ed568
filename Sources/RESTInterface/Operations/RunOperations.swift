import Access
import PluginKit
import Projections
import RunStore
import WorkflowEngine
import WorkflowModel

/// Runs: what has run, and what people decide about runs.
enum RunOperations {
    private static let run = Parameter.path("run", "The run's id.")
    private static let `for`: (name: String, schema: Schema) = ("for", Fields.person)

    static let all: [Operation] = [list, show] + decisions + [retryPlan, retry, replayPlan, replay, resume]

    private static let list = Operation(
        id: "listRuns", method: .get, path: "\(API.root)/runs", tag: "runs", summary: "Runs, newest first.",
        need: .read(),
        parameters: [
            .text("playbook", "Only runs of this playbook."),
            .words("state", RunState.allCases.map(\.rawValue), "Only runs in one of these states."),
            .words("kind", RunRecord.Kind.allCases.map(\.rawValue), "Only runs of one of these kinds."),
            .text("subject", "Only runs about this subject, such as `ticket:4711`."),
            .number("event", "Only runs that serve the event at this place of the order.", 1...Int64.max),
            .text("parent", "Only runs that this run called."),
            .text("origin", "Only runs that were made from this run by a retry or a replay."),
            .instant("since", "Only runs that were made then or later."),
        ] + Parameter.page, answer: SchemaWords.page(of: "Run"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "runs")
            var query = RunQuery(
                playbook: call.query.text("playbook"), subject: call.query.text("subject"),
                event: call.query.number("event"), parent: call.query.text("parent").map { RunID($0) },
                origin: call.query.text("origin").map { RunID($0) }, since: call.query.instant("since"),
                before: page.after.map { RunID($0) }, limit: page.limit)
            query.states = call.query.texts("state")?.compactMap(RunState.init)
            query.kinds = call.query.texts("kind")?.compactMap(RunRecord.Kind.init)
            let asked = query
            let runs = try await call.read { try $0.runs(asked) }
            return Page.answer(
                runs.map(RunJSON.row), list: "runs", last: runs.count == page.limit ? runs.last?.id.text : nil)
        })

    private static let show = Operation(
        id: "showRun", method: .get, path: "\(API.root)/runs/{run}", tag: "runs",
        summary: "A run with its steps and writes.", need: .read(),
        parameters: [run, .flag("journal", "With every entry of its journal.")], answer: SchemaWords.ref("RunDetail"),
        problems: [400, 404],
        work: .answer { call in
            let id = RunID(call.part("run"))
            guard let detail = try await call.read({ try RunDetail(id, in: $0) }) else { throw unknown(id) }
            return APIAnswer(detail.json(journal: call.query.flag("journal")))
        })

    private static let decisions: [Operation] = [
        Operation(
            id: "cancelRun", method: .post, path: "\(API.root)/runs/{run}/cancel", tag: "runs",
            summary: "Ends a run before its last step.",
            detail: "The answer comes when the decision is on disk; what is under way may take longer to end.",
            need: .act(.coordinator), parameters: [run],
            body: BodyDescription(
                [("reason", Fields.text("Why, for those who look later.", most: 1000)), `for`],
                example: ["reason": "the customer has called"]), answer: SchemaWords.ref("RunDecided"),
            problems: [404, 409],
            work: .answer { call in
                var body: ValueMap = ["run": .string(call.part("run"))]
                body["reason"] = call.body["reason"]
                return try await decided(call, "cancel", body)
            }),
        Operation(
            id: "resolveRun", method: .post, path: "\(API.root)/runs/{run}/resolve", tag: "runs",
            summary: "Says whether an uncertain write has happened.",
            detail: """
                `done`: it has happened, go on. `retry`: it has not, call it again with the same idempotency key. `skip`: leave it; the \
                step fails with `uncertain`.
                """, need: .act(.coordinator), parameters: [run],
            body: BodyDescription(
                [
                    ("step", Fields.text("The step: its id or path.", most: 500)),
                    ("as", Fields.word(Engine.Resolution.allCases.map(\.rawValue), "What is so.")),
                    ("output", Fields.anything("What the step is to give when it is done.")), `for`,
                ], required: ["step", "as"], example: ["step": "tell", "as": "done"]),
            answer: SchemaWords.ref("RunDecided"), problems: [404, 409],
            work: .answer { call in
                var body: ValueMap = ["run": .string(call.part("run"))]
                for name in ["step", "as", "output"] { body[name] = call.body[name] }
                return try await decided(call, "resolve", body)
            }),
    ]

    private static let sameVersion: (name: String, schema: Schema) = (
        "same_version", Fields.flag("With the version of the playbook that the run had, instead of today's.")
    )

    private static let retryPlan = Operation(
        id: "planRetry", method: .get, path: "\(API.root)/runs/{run}/retry", tag: "runs",
        summary: "What doing a run again from a step on would mean.",
        detail: "Look at it before you do it: `repeated` are the writes that would be made again.", need: .read(),
        parameters: [
            run, .text("from", "The step to begin with: its id or path; the step that failed if not said otherwise."),
            .flag("same_version", "With the version of the playbook that the run had."),
        ], answer: SchemaWords.ref("RunPlan"), problems: [400, 404, 409, 422],
        work: .answer { call in try await plan(call, replays: false) })

    private static let retry = Operation(
        id: "retryRun", method: .post, path: "\(API.root)/runs/{run}/retry", tag: "runs",
        summary: "Does a run again from a step on, as a new run.",
        detail: "It keeps the results of the steps before. `GET` of the same path says what it would make again.",
        need: .act(.coordinator), parameters: [run],
        body: BodyDescription(
            [
                ("from", Fields.text("The step to begin with; the step that failed if not said otherwise.", most: 500)),
                sameVersion, `for`,
            ], example: ["from": "tell"]), status: 201, answer: SchemaWords.ref("RunMade"), problems: [404, 409],
        work: .answer { call in
            var body: ValueMap = ["run": .string(call.part("run"))]
            for name in ["from", "same_version"] { body[name] = call.body[name] }
            return try await made(call, "retry", body)
        })

    private static let replayPlan = Operation(
        id: "planReplay", method: .get, path: "\(API.root)/runs/{run}/replay", tag: "runs",
        summary: "What doing a run again from its start would mean.", need: .read(),
        parameters: [run, .flag("same_version", "With the version of the playbook that the run had.")],
        answer: SchemaWords.ref("RunPlan"), problems: [400, 404, 409, 422],
        work: .answer { call in try await plan(call, replays: true) })

    private static let replay = Operation(
        id: "replayRun", method: .post, path: "\(API.root)/runs/{run}/replay", tag: "runs",
        summary: "Does a run again from its start, as a new run.",
        detail: "It keeps none of the results. `GET` of the same path says what it would make again.",
        need: .act(.coordinator), parameters: [run],
        body: BodyDescription([sameVersion, `for`], example: ["same_version": true]), status: 201,
        answer: SchemaWords.ref("RunMade"), problems: [404, 409],
        work: .answer { call in
            var body: ValueMap = ["run": .string(call.part("run"))]
            body["same_version"] = call.body["same_version"]
            return try await made(call, "replay", body)
        })

    private static let resume = Operation(
        id: "resumeRuns", method: .post, path: "\(API.root)/runs/resume", tag: "runs",
        summary: "Goes on with runs that nobody works on.",
        detail: "The executor does so by itself when it starts, and looks again every minute.",
        need: .act(.coordinator),
        answer: SchemaWords.ref("RunsResumed"),
        work: .answer { call in
            let (answer, isRepeated) = try await call.decide("resume", ValueMap())
            return APIAnswer(["runs": answer["runs"] ?? []], isRepeated: isRepeated)
        })

    // MARK: Inside

    static func unknown(_ id: RunID) -> APIProblem { .notFound("there is no run \(id)") }

    private static func decided(_ call: Call, _ kind: String, _ body: ValueMap) async throws -> APIAnswer {
        let (_, isRepeated) = try await call.decide(kind, body)
        return APIAnswer(["run": .string(call.part("run"))], isRepeated: isRepeated)
    }

    /// The answer to what has made a run.
    static func made(_ call: Call, _ kind: String, _ body: ValueMap) async throws -> APIAnswer {
        let (answer, isRepeated) = try await call.decide(kind, body)
        let run = answer["run"]?.string ?? ""
        return APIAnswer(["run": .string(run)], location: "\(API.root)/runs/\(run)", isRepeated: isRepeated)
    }

    private static func plan(_ call: Call, replays: Bool) async throws -> APIAnswer {
        let id = RunID(call.part("run"))
        let (from, sameVersion) = (call.query.text("from"), call.query.flag("same_version"))
        let (today, registry) = (call.services.playbooks(), call.services.registry)
        return APIAnswer(
            try await call.read { reader in
                RunPlanJSON.whole(
                    try RunAgainPlan.make(
                        of: id, replays: replays, from: from, sameVersion: sameVersion, today: today.playbooks,
                        registry: registry, in: reader))
            })
    }
}
