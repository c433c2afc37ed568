import Access
import Projections
import RunStore
import WorkflowEngine
import WorkflowModel

/// Playbooks: which there are, whether they act, and starting them by hand.
enum PlaybookOperations {
    static let all: [Operation] = [list, show, holds, pause, resume, pauseAll, resumeAll, start]

    private static let playbook = Parameter.path("playbook", "The playbook's id.")
    private static let reason: (name: String, schema: Schema) = (
        "reason", Fields.text("Why, for those who look later.", most: 1000)
    )
    private static let `for`: (name: String, schema: Schema) = ("for", Fields.person)

    private static let list = Operation(
        id: "listPlaybooks", method: .get, path: "\(API.root)/playbooks", tag: "playbooks",
        summary: "The playbooks that are active now, by id.", need: .read(),
        parameters: [
            .words("mode", Workflow.Mode.allCases.map(\.rawValue), "Only playbooks of one of these modes.")
        ] + Parameter.page, answer: SchemaWords.page(of: "Playbook"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "playbooks")
            let modes = call.query.texts("mode")
            let fitting = call.services.playbooks().playbooks.sorted { $0.workflow.id < $1.workflow.id }.filter {
                (modes?.contains($0.workflow.mode.rawValue) ?? true) && $0.workflow.id > page.after ?? ""
            }
            let shown = fitting.prefix(page.limit)
            let holds = try await call.read { try Holds(in: $0) }
            return Page.answer(
                shown.map { PlaybookJSON.row($0, holds) }, list: "playbooks",
                last: shown.count < fitting.count ? shown.last?.workflow.id : nil)
        })

    private static let show = Operation(
        id: "showPlaybook", method: .get, path: "\(API.root)/playbooks/{playbook}", tag: "playbooks",
        summary: "A playbook with its inputs, steps and text.", need: .read(), parameters: [playbook],
        answer: SchemaWords.ref("PlaybookDetail"), problems: [404],
        work: .answer { call in
            let found = try find(call)
            return APIAnswer(PlaybookJSON.whole(found, try await call.read { try Holds(in: $0) }))
        })

    private static let holds = Operation(
        id: "showHolds", method: .get, path: "\(API.root)/holds", tag: "playbooks",
        summary: "What holds playbooks back: pauses and open breakers.", need: .read(),
        answer: SchemaWords.ref("Holds"),
        work: .answer { call in
            let holds = try await call.read { try Holds(in: $0) }
            return APIAnswer([
                "pauses": .list(holds.pauses.map(PlaybookJSON.pause)),
                "breakers": .list(holds.breakers.map(PlaybookJSON.breaker)),
            ])
        })

    private static let pause = Operation(
        id: "pausePlaybook", method: .post, path: "\(API.root)/playbooks/{playbook}/pause", tag: "playbooks",
        summary: "Lets a playbook start no run until it is resumed.",
        detail: "What matches meanwhile is recorded as held back. Runs under way go on.", need: .act(.lead),
        parameters: [playbook], body: BodyDescription([reason, `for`], example: ["reason": "a storm of tickets"]),
        answer: SchemaWords.ref("Paused"), problems: [404],
        work: .answer { call in
            var body: ValueMap = ["playbook": .string(try find(call).workflow.id)]
            body["reason"] = call.body["reason"]
            return try await paused(call, body)
        })

    private static let resume = Operation(
        id: "resumePlaybook", method: .post, path: "\(API.root)/playbooks/{playbook}/resume", tag: "playbooks",
        summary: "Lifts the pause of a playbook and closes its breaker.", need: .act(.lead), parameters: [playbook],
        body: BodyDescription([`for`], example: [:]), answer: SchemaWords.ref("Resumed"), problems: [404],
        work: .answer { call in try await resumed(call, call.part("playbook")) })

    private static let pauseAll = Operation(
        id: "pauseAll", method: .post, path: "\(API.root)/pause", tag: "playbooks",
        summary: "Lets no playbook start a run until all are resumed.", need: .act(.lead),
        body: BodyDescription(
            [
                reason,
                ("stop_runs", Fields.flag("Runs under way stand still, too: no step begins any more anywhere.")), `for`,
            ], example: ["reason": "the desk is being moved", "stop_runs": false]), answer: SchemaWords.ref("Paused"),
        work: .answer { call in
            var body: ValueMap = ["playbook": .string(GateRecord.allPlaybooks)]
            for name in ["reason", "stop_runs"] { body[name] = call.body[name] }
            return try await paused(call, body)
        })

    private static let resumeAll = Operation(
        id: "resumeAll", method: .post, path: "\(API.root)/resume", tag: "playbooks",
        summary: "Lifts the pause of all playbooks; those that were paused one by one stay so.", need: .act(.lead),
        body: BodyDescription([`for`], example: [:]), answer: SchemaWords.ref("Resumed"), problems: [],
        work: .answer { call in try await resumed(call, GateRecord.allPlaybooks) })

    private static let start = Operation(
        id: "startPlaybook", method: .post, path: "\(API.root)/playbooks/{playbook}/start", tag: "playbooks",
        summary: "Runs a playbook now and for real, whatever its mode and condition.",
        detail: """
            A playbook with inputs takes `inputs`; one that events start takes the `event`, a CloudEvents envelope, which starts no \
            other playbook; one that only the clock starts runs as if it fired now.
            """, need: .act(.lead), parameters: [playbook],
        body: BodyDescription(
            [
                ("inputs", Fields.map("By the names of the playbook's inputs.")),
                ("event", Fields.map("A CloudEvents envelope.")), `for`,
            ], example: ["inputs": ["service": "payments"]]), status: 201, answer: SchemaWords.ref("RunMade"),
        problems: [404, 409],
        work: .answer { call in
            let workflow = try find(call).workflow
            let takesEvents = workflow.triggers.contains { if case .event = $0 { true } else { false } }
            let event = call.body["event"].flatMap { event -> Value? in event.isNull ? Value?.none : event }
            if event == nil, workflow.inputs.isEmpty, takesEvents {
                throw APIProblem(
                    422, "bad_input", "\(workflow.id) is started by an event, and none is given: put it under `event`")
            }
            var body: ValueMap = [
                "playbook": .string(workflow.id), "inputs": call.body["inputs"] ?? .map(ValueMap()),
            ]
            body["event"] = event
            // The executor makes the event of the clock, so that the same request stays the same.
            if event == nil, !takesEvents, workflow.inputs.isEmpty, !workflow.schedules.isEmpty { body["fires"] = true }
            return try await RunOperations.made(call, "run", body)
        })

    private static func find(_ call: Call) throws(APIProblem) -> ActivePlaybook {
        let (id, set) = (call.part("playbook"), call.services.playbooks())
        if let found = set.playbook(id) { return found }
        let near = Similarity.nearest(to: id, among: set.playbooks.map(\.workflow.id))
        throw .notFound("there is no playbook \(id)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }

    private static func paused(_ call: Call, _ body: ValueMap) async throws -> APIAnswer {
        let (answer, isRepeated) = try await call.decide("pause", body)
        return APIAnswer(["paused": answer["paused"] ?? ""], isRepeated: isRepeated)
    }

    private static func resumed(_ call: Call, _ playbook: String) async throws -> APIAnswer {
        let (answer, isRepeated) = try await call.decide("resume", ["playbook": .string(playbook)])
        var map = answer.map ?? ValueMap()
        map["ok"] = nil
        return APIAnswer(.map(map), isRepeated: isRepeated)
    }
}
