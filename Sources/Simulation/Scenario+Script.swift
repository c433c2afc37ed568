import InMemoryRunStore
import PluginKit
import RunStore
import WorkflowEngine
import WorkflowModel

/// What happens around the executor: events, persons, deaths, wrong clocks.
extension Scenario {
    /// Plans everything, and begins.
    func begin() {
        let hours = script.number(1...8)
        for batch in 1...script.number(3...12) {
            let burst = script.chance(200)
            let events = (1...script.number(burst ? 5...15 : 1...3)).map { event("e\(batch)-\($0)") }
            at(hours) { [self] in send(events, through: script.chance(300)) }
            if script.chance(400) { at(hours) { [self] in send(events, through: script.chance(300)) } }
        }
        if script.chance(800) {
            for _ in 1...script.number(1...6) {
                if script.chance(500) {
                    at(hours) { [self] in kill() }
                } else {
                    // At any step of any task: wherever something is waited for.
                    at(hours) { [self] in
                        let after = world.jobs + script.number(1...400)
                        deathsPlanned.append(after)
                    }
                }
            }
        }
        world.afterJob = { [self] in
            guard let due = deathsPlanned.first(where: { $0 <= world.jobs }) else { return }
            deathsPlanned.removeAll { $0 <= due }
            kill()
        }
        if script.chance(300) { at(hours) { [self] in stop() } }
        if script.chance(300) { for _ in 1...2 { at(hours) { [self] in jump() } } }
        if script.chance(400) {
            at(hours) { [self] in trouble.value?.begin(for: script.seconds(1...900), script.pick([200, 500, 1000])) }
        }
        for _ in 0..<script.below(4) { at(hours) { [self] in person { [self] in try await cancelOne() } } }
        for _ in 0..<script.below(3) { at(hours) { [self] in person { [self] in try await runOne() } } }
        if script.chance(300) { at(hours) { [self] in person { [self] in try await prune() } } }
        if script.chance(200) {
            for _ in 1...script.number(1...3) { at(hours) { [self] in person { [self] in try await reload() } } }
        }
        if script.chance(250) {
            for _ in 1...script.number(1...3) {
                at(hours) { [self] in person { [self] in try await pauseAndResume() } }
            }
        }
        for minutes in stride(from: 30, to: hours * 60, by: 45) {
            world.plan(after: .seconds(60 * minutes)) { [self] in person { [self] in try await settle() } }
            world.plan(after: .seconds(60 * minutes - 1200)) { [self] in person { [self] in try await answer() } }
        }
        world.plan(after: .seconds(3600 * hours)) { [self] in end() }
        startExecutor()
    }

    private func at(_ hours: Int, _ action: @escaping () -> Void) {
        // Much at the beginning, when much is going on.
        let latest = script.chance(500) ? 600 : hours * 3600
        world.plan(after: .milliseconds(script.below(latest * 1000)), action)
    }

    private func event(_ id: String) -> Event {
        let type = script.pick([
            "ticket.created", "ticket.created", "ticket.commented", "ticket.assigned", "ticket.closed", "test.happened",
        ])
        let ticket = "T-\(script.below(4))"
        // Some are told late: older than what is known.
        let age = script.chance(150) ? script.number(60...7200) : 0
        return Event(
            id: id, source: "/desk", type: type, subject: "ticket:\(ticket)",
            time: world.now - .seconds(age),
            data: [
                "ticket": [
                    "id": .string(ticket), "title": "Broken",
                    "priority": .string(script.pick(PlaybookMaker.priorities)),
                    "number": .int(Int64(script.below(10))),
                ]
            ], origin: script.chance(50) ? .own : .outside)
    }

    /// Something that goes on around the executor until it is done.
    func person(_ work: @escaping @Sendable () async throws -> Void) {
        tasksLeft += 1
        Task(executorPreference: around.line) { [self] in
            do { try await work() } catch { world.trace("in vain: \(error)") }
            tasksLeft -= 1
        }
    }

    private func pause(_ seconds: ClosedRange<Int>) async throws {
        try await world.rest(around, script.seconds(seconds))
    }

    // MARK: Events

    /// Sends until it is acknowledged, as a desk does.
    private func send(_ events: [Event], through requests: Bool) {
        for event in events { sent[event.id] = event }
        person { [self] in
            while true {
                do {
                    if requests {
                        try await sendAsRequest(events)
                    } else {
                        try await sendDirectly(events)
                    }
                    world.trace("acknowledged \(events.map(\.id))")
                    acknowledged.formUnion(events.map(\.id))
                    return
                } catch {
                    world.trace("not acknowledged \(events.map(\.id)): \(error)")
                    try await pause(1...60)
                }
            }
        }
    }

    private func sendDirectly(_ events: [Event]) async throws {
        guard let process = current, let engine = process.engine else { throw Died() }
        let receipts = try await process.perform { try await engine.emit(events) }
        for event in events {
            guard let receipt = receipts.first(where: { $0.event.id == event.id }) else {
                world.broken("\(event.id) has no receipt")
                continue
            }
            if let refusal = receipt.refusal { throw Failure(code: "refused", message: refusal) }
            if receipt.sequence == nil, !receipt.isDuplicate { world.broken("\(event.id) is neither new nor known") }
        }
    }

    private var desk: RequestClient {
        RequestClient(
            store: ShakyStore(process: around, trouble: trouble, base: store),
            clock: PatientClock(process: around))
    }

    private func sendAsRequest(_ events: [Event]) async throws {
        let answer = try await desk.ask(
            "emit", ["events": .list(events.map(\.envelope))], by: "desk@example.com", within: .seconds(300))
        for receipt in answer["receipts"]?.list ?? [] where receipt["refusal"]?.string != nil {
            throw Failure(code: "refused", message: receipt["refusal"]?.string ?? "")
        }
    }

    // MARK: Persons

    private func cancelOne() async throws {
        let open = try store.withReader { try $0.runs(RunQuery(limit: 1000)) }.filter { !$0.state.isFinal }
        guard !open.isEmpty else { return }
        let run = script.pick(open).id
        world.trace("a person cancels \(run)")
        if script.chance(300) {
            _ = try await desk.ask("cancel", ["run": .string(run.text)], by: "lead@example.com", within: .seconds(300))
        } else {
            guard let process = current, let engine = process.engine else { return }
            try await process.perform { try await engine.cancel(run, by: "lead@example.com") }
        }
        world.trace("cancelling \(run) is acknowledged")
        cancelled.insert(run)
    }

    private func runOne() async throws {
        let playbook = script.pick(active).workflow.id
        let who = "person-\(asked.count)@example.com"
        asked[who] = false
        if script.chance(500) {
            _ = try await desk.ask("run", ["playbook": .string(playbook)], by: who, within: .seconds(300))
            asked[who] = true
        } else if let process = current, let engine = process.engine {
            _ = try await process.perform { try await engine.run(playbook, by: who) }
            asked[who] = true
        }
    }

    /// Settles what waits for a person.
    func settle() async throws {
        let open = try store.withReader {
            try $0.runs(RunQuery(states: [.needsAttention, .running, .waiting, .stopping], limit: 1000))
        }
        for run in open.sorted(by: { $0.id < $1.id }) {
            guard let process = current, let engine = process.engine else { return }
            let journal = try store.withReader { try $0.journal(of: run.id, after: 0) }
            var waiting: [String] = []
            for entry in journal {
                guard let step = entry.step else { continue }
                waiting.removeAll { $0 == step }
                if entry.kind == "needs_attention" { waiting.append(step) }
            }
            for step in waiting {
                let resolution = script.pick(Engine.Resolution.allCases)
                world.trace("a person settles \(run.id) \(step) as \(resolution)")
                do {
                    try await process.perform {
                        try await engine.resolve(run.id, step: step, as: resolution, by: "lead@example.com")
                    }
                } catch {
                    world.trace("not settled: \(error)")
                }
            }
        }
    }

    /// Answers some of the questions that are open.
    private func answer() async throws {
        let open = try store.withReader { try $0.asks(AskQuery(states: [.open], limit: 1000)) }
        for ask in open.reversed() where isEnding || script.chance(600) {
            let person = script.pick(PlaybookMaker.people)
            let verdict: AskAnswer.Verdict? = ask.isApproval ? script.chance(700) ? .approve : .reject : nil
            let values: ValueMap = ask.isApproval ? [:] : ["count": .int(Int64(script.below(10)))]
            do {
                if script.chance(300) {
                    var body: ValueMap = ["ask": .string(ask.id), "values": .map(values)]
                    body["verdict"] = verdict.map { .string($0.rawValue) }
                    _ = try await desk.ask("answer", .map(body), by: person, within: .seconds(300))
                } else {
                    guard let process = current, let engine = process.engine else { return }
                    _ = try await process.perform {
                        try await engine.answer(ask.id, by: person, verdict: verdict, values: values)
                    }
                }
                world.trace("\(person) answers \(ask.id)")
                answered.append((ask.id, person))
            } catch {
                world.trace("\(person) answers \(ask.id) in vain: \(error)")
            }
        }
    }

    private func prune() async throws {
        let pruner = Pruner(
            store: ShakyStore(process: around, trouble: trouble, base: store),
            retention: Retention(runs: .seconds(3600), identities: .seconds(40 * 86_400)),
            clock: PatientClock(process: around))
        EndCheck(scenario: self).checkEndedRuns()
        pruned = true
        let count = try await pruner.prune()
        world.trace("pruned \(count)")
    }

    // MARK: Trouble

    /// SIGTERM.
    private func stop() {
        guard let process = current, let engine = process.engine, process.isAlive else { return }
        world.trace("process \(process.number) is asked to end")
        person { [self] in
            try await process.perform { await engine.drain(within: .seconds(10)) }
            process.exit()
            try await pause(0...60)
            guard current === process else { return }
            startExecutor()
        }
    }

    private func jump() {
        let duration = script.pick([Duration.seconds(86_400), .seconds(-86_400), .seconds(3600), .seconds(-3600)])
        world.trace("the clock jumps by \(duration)")
        hasJumped = true
        world.moveClock(by: duration)
    }

    // MARK: The end

    /// From now on nothing bad happens, and what there is must come to its end.
    private func end() {
        world.trace("all is well from now on")
        isEnding = true
        trouble.value?.end()
        outside.calm()
        deathsPlanned = []
        Task(executorPreference: around.line) { [self] in
            // Runs that wait for a place of theirs come one after the other, each after a day.
            for _ in 0..<10_000 {
                do {
                    try await world.rest(around, .seconds(300))
                    guard try isQuiet() else {
                        try await resumeAll()
                        try await settle()
                        try await answer()
                        continue
                    }
                    isOver = true
                    return
                } catch {
                    world.broken("the end fails: \(error)")
                    isOver = true
                    return
                }
            }
            world.broken("after \(world.elapsed / 3_600_000_000_000) hours it is not over: \(try leftover())")
            isOver = true
        }
    }

    private func isQuiet() throws -> Bool {
        guard tasksLeft == 0, current?.engine != nil else { return false }
        return try store.withReader { reader in
            try reader.gates(playbook: nil, gate: "pause", limit: 1).isEmpty && reader.nextTimer() == nil
                && reader.openRequests(limit: 1).isEmpty
                && !reader.runs(RunQuery(limit: 1000)).contains { !$0.state.isFinal }
        }
    }

    private func leftover() throws -> String {
        try store.withReader { reader in
            let open = try reader.runs(RunQuery(limit: 1000)).filter { !$0.state.isFinal }.prefix(5).map { run in
                let last = try reader.journal(of: run.id, after: 0).last
                return
                    "\(run.id) \(run.playbook) \(run.state), wakes \(run.wakesAt?.rfc3339 ?? "-"), last \(last?.kind ?? "-") "
                    + (last?.step ?? "")
            }
            return "\(tasksLeft) tasks, \(try reader.openRequests(limit: 100).count) requests, timer "
                + "\(try reader.nextTimer()?.rfc3339 ?? "-"), runs \(open)"
        }
    }
}

/// A clock that lets those who ask wait longer between two looks.
private struct PatientClock: EngineClock {
    let process: Process

    var now: Timestamp { process.world.now }
    var steady: Timestamp { process.world.steady }

    func sleep(until instant: Timestamp) async throws { try await rest(instant - now) }

    func sleep(untilSteady instant: Timestamp) async throws { try await rest(instant - steady) }

    private func rest(_ duration: Duration) async throws {
        try await process.world.rest(process, max(.seconds(5), min(duration, .seconds(60))))
    }
}
