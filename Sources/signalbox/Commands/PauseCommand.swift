import ArgumentParser
import RunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// What `pause` and `resume` are about: one playbook, or all.
struct PauseTarget: ParsableArguments {
    @Argument(help: "The playbook.")
    var playbook: String?

    @Flag(help: "All playbooks.")
    var all = false

    func validate() throws {
        if playbook == nil, !all { throw ValidationError("Name the playbook, or say --all.") }
        if playbook != nil, all { throw ValidationError("Name the playbook or say --all, not both.") }
    }

    /// The playbook as the engine knows it; nil for all.
    func name(in open: OpenWorkspace) throws -> String? { try playbook.map { try open.playbook($0).workflow.id } }
}

/// `signalbox pause`: what matches is recorded and starts no run.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let a playbook, or all of them, start no run until resumed.",
        discussion: """
            What matches meanwhile is recorded as held back, with who paused it and why; `why` and `emit` show it. Runs under way go \
            on. With --all --stop-runs no step begins any more anywhere: runs stay where they are until `signalbox resume --all`. An \
            attempt that is under way ends, for cutting it off would only make its outcome unknown.
            """)

    @OptionGroup var target: PauseTarget

    @Option(help: "Why, for those who look later.")
    var reason: String?

    @Flag(help: "With --all: runs under way stand still, too.")
    var stopRuns = false

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if stopRuns, !target.all { throw ValidationError("--stop-runs needs --all: it stops everything.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let name = try target.name(in: open)
        let (reason, stopsRuns) = (reason, stopRuns)
        var body: ValueMap = [
            "playbook": .string(name ?? GateRecord.allPlaybooks), "stop_runs": .bool(stopsRuns),
        ]
        body["reason"] = reason.map(Value.string)
        let answer = try await PauseDesk(open, place, "pause", as: acting.person).ask("pause", body) { engine, person in
            let pause = try await engine.pause(
                name, by: person.id, reason: reason, stopsRuns: stopsRuns, typedBy: person.typist)
            return ["paused": .string(pause.sentence)]
        }
        let console = output.console
        console.line(answer["paused"]?.string ?? "paused")
        console.line(console.paint.dim("go on with: signalbox resume \(name ?? "--all")"))
        console.json(answer)
    }
}

/// `signalbox resume`: what was paused, or was stopped by its breaker, starts runs again.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a playbook, or all of them, start runs again.",
        discussion: """
            It lifts the pause and closes the breaker of a playbook. --all lifts what `pause --all` did; playbooks that were paused one \
            by one stay so. What was held back meanwhile does not run: `signalbox run PLAYBOOK --event FILE` runs it by hand.
            """)

    @OptionGroup var target: PauseTarget
    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        // A playbook that is no more may still be paused.
        let name = target.playbook
        let answer = try await PauseDesk(open, place, "resume", as: acting.person).ask(
            "resume", ["playbook": .string(name ?? GateRecord.allPlaybooks)]
        ) { engine, person in try await engine.resume(name, by: person.id, typedBy: person.typist).value }
        let console = output.console
        let what = name ?? "all playbooks"
        console.line(
            answer["was_stopped"]?.bool == true
                ? "\(what): the breaker is closed; the next event that matches starts a run"
                : "\(what): the next event that matches starts a run")
        for pause in answer["still_paused"]?.list ?? [] {
            console.line(console.paint.yellow("still: \(pause.string ?? "")"))
        }
        console.json(answer)
    }
}

/// Has the executor pause and resume, or does it when none is at work; then no run is touched.
struct PauseDesk {
    let open: OpenWorkspace
    let place: WorkspaceOptions
    let command: String
    /// For whom an admin types it.
    let other: String?

    init(_ open: OpenWorkspace, _ place: WorkspaceOptions, _ command: String, as other: String?) {
        self.other = other
        self.open = open
        self.place = place
        self.command = command
    }

    func ask(
        _ kind: String, _ body: ValueMap, _ act: @escaping @Sendable (Engine, ActingPerson) async throws -> Value
    ) async throws -> Value {
        let state = StateFolder(place.stateFolder)
        let person = try ActingPerson.find(other, in: open, state)
        if let executor = try await Executor.openUnlessHeld(open, state, command: command) {
            return try await executor.decide { engine in try await act(engine, person) }
        }
        return try await RunningExecutor.use(open, state, command: command) { executor in
            try await executor.ask(kind, .map(person.signing(body)), by: person.id)
        }
    }
}
