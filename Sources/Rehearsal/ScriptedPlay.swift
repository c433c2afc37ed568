import InMemoryRunStore
import PluginKit
import RunStore
import WorkflowEngine
import WorkflowModel

/// Plays a run through to its end while the world does what a script says.
struct ScriptedPlay {
    /// The most points of a path at which there is a choice; after them waits time out.
    static let mostPoints = 12
    /// The most events by which a single wait may end that are told apart.
    static let mostEvents = 5

    private let stage: Stage
    private let workflow: Workflow
    private let run: RunID
    private let script: RehearsalScript
    private let samples: SampleArrivals
    private let answers: SampleAnswers
    private let start: Timestamp
    /// What is chosen at the points where the script does not say, in their order; then the first option. Nil lets time pass there.
    private let choices: [Int]?
    private var arrivals: [RehearsalScript.Arrival]
    private var decided: Set<String> = []
    private var results: [String: Value] = [:]
    private var events = 0

    /// The points that were met.
    private(set) var points: [ChoicePoint] = []
    /// What the script let happen.
    private(set) var happenings: [Happening] = []
    /// Whether there were more points than a path may have.
    private(set) var isCut = false

    init(
        _ run: RunID, of workflow: Workflow, on stage: Stage, _ setting: RehearsalSetting, script: RehearsalScript,
        choices: [Int]?
    ) throws {
        self.run = run
        self.workflow = workflow
        self.stage = stage
        self.script = script
        self.choices = choices
        start = stage.clock.now
        let own = try stage.store.withReader { reader in try reader.run(run)?.event.flatMap { try reader.event($0) } }
        samples = SampleArrivals(sample: setting.sampleEvent, own: own)
        answers = SampleAnswers(directory: setting.tables.directory, now: start)
        arrivals = script.arrivals.enumerated().sorted { ($0.element.after, $0.offset) < ($1.element.after, $1.offset) }
            .map(\.element)
    }

    /// Lets time pass until the run has ended or only a person could go on with it.
    mutating func play() async throws -> RunRecord {
        while true {
            await stage.engine.idle()
            if let error = stage.engine.stall(of: run) { throw error }
            guard let record = try stage.store.withReader({ try $0.run(run) }) else {
                throw Failure.permanent("no_run", "the rehearsed run has vanished")
            }
            if record.state.isFinal || record.state == .needsAttention { return record }
            if let point = try openPoints().first(where: { !decided.contains($0.key) }) {
                decided.insert(point.key)
                try await decide(point, record)
                continue
            }
            let next = try await stage.engine.nextTimer()
            if let arrival = arrivals.first, start + arrival.after <= next ?? .latest {
                arrivals.removeFirst()
                stage.clock.advance(to: start + arrival.after)
                try await arrive(arrival, record)
                continue
            }
            guard let next else { return record }
            stage.clock.advance(to: next)
            try await stage.engine.fireDueTimers()
        }
    }

    private mutating func openPoints() throws -> [OpenPoint] {
        var results = results
        let points = try stage.store.withReader { reader in
            try OpenPoint.all(of: run, workflow, reader, results: &results)
        }
        self.results = results
        return points
    }

    // MARK: Points

    /// What is chosen of `options`, the last of which is that time passes; nil for that without a choice.
    private mutating func choose(_ step: String, _ options: [String]) -> Int? {
        guard let choices else { return nil }
        guard points.count < ScriptedPlay.mostPoints else {
            isCut = true
            return nil
        }
        let chosen = points.count < choices.count ? choices[points.count] : 0
        points.append(ChoicePoint(step: step, options: options, chosen: min(chosen, options.count - 1)))
        return chosen >= options.count - 1 ? nil : chosen
    }

    private mutating func decide(_ point: OpenPoint, _ record: RunRecord) async throws {
        switch point {
        case .listen(let key, let label, let listen):
            let ways = listen.options.flatMap { option in option.types.map { (type: $0, option: option) } }
                .prefix(ScriptedPlay.mostEvents)
            guard let chosen = choose(label, ways.map { "\($0.type) arrives" } + ["nothing comes in time"]) else {
                return
            }
            let (type, option) = ways[chosen]
            events += 1
            let event = samples.event(
                ofType: type, at: stage.clock.now, number: events, subject: record.subject, condition: option.condition,
                about: option.step.flatMap(result))
            try await emit(event, record)
            if try openPoints().contains(where: { $0.key == key }) {
                points[points.count - 1].note = "the sample event is not what it waits for, so nothing comes in time"
            }
        case .ask(let ask): try await answer(ask)
        }
    }

    private func result(of step: String) -> Value? {
        guard let path = workflow.allSteps.first(where: { $0.id == step })?.path.text else { return nil }
        // The last of its turns, when it is in a loop.
        let key = results.keys.filter { $0 == path || $0.hasPrefix("\(path)#") }.max()
        return key.flatMap { results[$0] }
    }

    private mutating func answer(_ ask: AskRecord) async throws {
        let given = script.answers[ask.label]
        guard given != nil || choices != nil else { return }
        let person = ask.who.first ?? ""
        if ask.isApproval {
            switch given {
            case .approve?: try await answer(ask, .approve)
            case .reject?: try await answer(ask, .reject)
            case .fields?:
                throw Failure.permanent("bad_answer", "\(ask.label) is an approval: answer approve, reject or timeout")
            case .nobody?: return
            case nil:
                switch choose(ask.label, ["approved", "rejected", "nobody answers in time"]) {
                case 0: try await answer(ask, .approve)
                case 1: try await answer(ask, .reject)
                default: return
                }
            }
            return
        }
        let schema = try Schema(ask.fields)
        switch given {
        case .fields(let fields)?:
            let form = answers.forms(schema, given: fields, by: person).first ?? ValueMap()
            // What the form does not have is left in, so that it is refused by name.
            try await answer(ask, nil, form.merging(fields))
        case .nobody?: return
        case .approve?, .reject?:
            throw Failure.permanent("bad_answer", "\(ask.label) is a form: answer its fields, \(ask.label).FIELD=VALUE")
        case nil:
            let forms = answers.forms(schema, by: person)
            let options = forms.map { form in
                let text = SampleAnswers.text(form, schema)
                return text.isEmpty ? "answered" : "answered \(text)"
            }
            guard let chosen = choose(ask.label, options + ["nobody answers in time"]) else { return }
            try await answer(ask, nil, forms[chosen])
        }
    }

    private mutating func answer(
        _ ask: AskRecord, _ verdict: AskAnswer.Verdict?, _ values: ValueMap = ValueMap()
    ) async throws {
        let people = verdict == .reject ? ask.who.prefix(1) : ask.who.prefix(ask.quorum)
        for person in people {
            try await stage.engine.answer(ask.id, by: person, verdict: verdict, values: values)
            let what =
                verdict.map(\.rawValue)
                ?? values.compactMap { entry in
                    entry.key.string.map { "\($0)=\(entry.value.string ?? JSONWriter.text(entry.value))" }
                }.joined(separator: " ")
            happenings.append(Happening(at: stage.clock.now, text: "\(person) answers \(ask.label): \(what)"))
            await stage.engine.idle()
        }
    }

    // MARK: Events

    private mutating func arrive(_ arrival: RehearsalScript.Arrival, _ record: RunRecord) async throws {
        events += 1
        switch arrival.content {
        case .event(var event):
            event.time = stage.clock.now
            event.subject = event.subject ?? record.subject
            event.id += "/dry-run-\(events)"
            try await emit(event, record)
        case .sample(let type):
            try await emit(
                samples.event(ofType: type, at: stage.clock.now, number: events, subject: record.subject), record)
        }
    }

    private mutating func emit(_ event: Event, _ record: RunRecord) async throws {
        let receipt = try await stage.engine.emit([event]).first
        var text = "\(event.type) arrives" + (event.subject.map { " about \($0)" } ?? "")
        if let refusal = receipt?.refusal { text += ", and is refused: \(refusal)" }
        happenings.append(Happening(at: stage.clock.now, text: text))
        try await stage.engine.fireDueTimers()
        await stage.engine.idle()
    }
}
