import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox runs`: what has run, and what people decide about runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Look at runs, cancel, resume or settle them, or do them again.",
        subcommands: [List.self, Show.self, Cancel.self, Resume.self, Resolve.self, Retry.self, Replay.self],
        defaultSubcommand: List.self)

    /// The newest runs.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List runs, newest first.")

        @Option(help: "Only runs of this playbook.")
        var playbook: String?

        @Option(
            parsing: .singleValue, help: ArgumentHelp("Only runs in this state; may be repeated.", valueName: "state"))
        var state: [String] = []

        @Option(help: "Only runs about this subject, such as ticket:4711.")
        var subject: String?

        @Option(help: "Only runs before this one: the next page.")
        var before: String?

        @Option(help: "How many, 1 to 1000.")
        var limit: Int = 20

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            for name in state where RunState(rawValue: name) == nil {
                throw ValidationError(
                    "There is no state \(name); there are \(RunState.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
            if !(1...1000).contains(limit) { throw ValidationError("--limit must be 1 to 1000.") }
        }

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            var query = RunQuery(playbook: playbook, subject: subject, before: before.map(RunID.init), limit: limit)
            if !state.isEmpty { query.states = state.compactMap(RunState.init) }
            let asked = query
            let (runs, held, stopped) = try await store.read(view: { reader in
                let runs = try reader.runs(asked)
                var held: [RunID: String] = [:]
                for run in runs { held[run.id] = try HeldFor(run, in: reader)?.sentence }
                return (
                    runs, held, try Pause.all(in: reader).map(\.sentence) + OpenBreaker.all(in: reader).map(\.sentence)
                )
            })
            await store.close()
            let console = output.console
            let text = RunText(paint: console.paint)
            var table = TextTable()
            for run in runs {
                table.add([
                    run.id.text, text.state(run.state), run.playbook, run.subject ?? "–", run.createdAt.forPeople,
                    [run.kind == .live ? "" : run.kind.rawValue, held[run.id] ?? ""].filter { !$0.isEmpty }.joined(
                        separator: ", "),
                ])
            }
            for line in table.lines() { console.line(line) }
            if runs.isEmpty { console.line("no runs") }
            for sentence in stopped { console.line(console.paint.yellow("! \(sentence)")) }
            if runs.count == limit, let last = runs.last {
                console.line(console.paint.dim("older ones: --before \(last.id)"))
            }
            console.json(.list(runs.map(RunJSON.row)))
        }
    }

    /// One run.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a run's steps as a tree, with times and results.")

        @Argument(help: "The run's id, or its beginning.")
        var run: String

        @Flag(help: "Show every entry of the journal too.")
        var journal = false

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let id = try await RunLookup.find(run, in: store)
            try await RunReport(console: output.console).show(
                id, in: store, journal: journal)
            await store.close()
        }
    }

    /// Ends a run early.
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a run before its last step.")

        @Argument(help: "The run's id, or its beginning.")
        var run: String

        @Option(help: "Why, for those who look at the run later.")
        var reason: String?

        @OptionGroup var acting: ActingOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let reason = reason
            try await Decision(place, output.console, "runs cancel", as: acting.person).take(
                run, kind: "cancel", body: reason.map { ["reason": .string($0)] } ?? [:]
            ) { engine, id, person in
                try await engine.cancel(id, by: person.id, reason: reason, typedBy: person.typist)
            }
        }
    }

    /// Goes on with what was left.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on with runs that a crash or a stop has left, and with timers that are due.")

        @Option(help: "How long to wait for the runs to end.")
        var wait: String = "1m"

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
        }

        func run() async throws {
            let open = try OpenWorkspace.loadForDeeds(place)
            let state = StateFolder(place.stateFolder)
            let console = output.console
            guard state.exists else { throw CommandFailure(.failed, "nothing has happened in this workspace yet") }
            let limit = DurationText.parse(wait) ?? .seconds(60)
            guard let executor = try await Executor.openUnlessHeld(open, state, command: "runs resume") else {
                let holder =
                    ExecutorLock.holder(of: state.path)?.description ?? "another process, which has just ended,"
                console.line("\(holder) is at it: nothing to resume.")
                return console.json(["executor": .string(holder)])
            }
            let store = executor.store
            let left = try await store.read(view: { reader in
                try reader.runs(RunQuery(states: RunState.allCases.filter { !$0.isFinal }, limit: 1000)).map(\.id)
            })
            let runs: [RunRecord] = try await executor.work { engine in
                try await engine.waitUntilQuiet(upTo: limit)
                return try await engine.wait(for: left, upTo: limit)
            }
            let text = RunText(paint: console.paint)
            for run in runs { console.line(text.ending(run)) }
            if runs.isEmpty { console.line("nothing was left to do") }
            console.json(.list(runs.map(RunJSON.row)))
            if runs.contains(where: { $0.state == .failed }) { throw ExitStatus.failed }
        }
    }

    /// Settles an uncertain write.
    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether an uncertain write has happened.",
            discussion: """
                done: it has happened, go on. retry: it has not, call it again (with the same idempotency key). skip: leave it; the step \
                fails with `uncertain`.
                """)

        @Argument(help: "The run's id, or its beginning.")
        var run: String

        @Option(help: "The step: its id or path.")
        var step: String

        @Option(name: .customLong("as"), help: "done, retry or skip.")
        var settlement: Settlement

        @Option(help: ArgumentHelp("The output that the step is to give when it is done, as JSON.", valueName: "json"))
        var stepOutput: String?

        @Option(help: "How long to wait for the run to end.")
        var wait: String = "1m"

        @Option(name: .customLong("by"), help: "Act for this person, by id or address. Only for admins.")
        var person: String?

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
            if let stepOutput, (try? JSON.parse(stepOutput)) == nil {
                throw ValidationError("--step-output must be JSON.")
            }
        }

        func run() async throws {
            let value = try stepOutput.map { try JSON.parse($0) }
            let (step, resolution) = (step, settlement.resolution)
            var body: ValueMap = ["step": .string(step), "as": .string(resolution.rawValue)]
            body["output"] = value
            let limit = DurationText.parse(wait) ?? .seconds(60)
            try await Decision(place, output.console, "runs resolve", as: person, wait: limit)
                .take(run, kind: "resolve", body: body) { engine, id, person in
                    try await engine.resolve(
                        id, step: step, as: resolution, by: person.id, output: value, typedBy: person.typist)
                }
        }
    }
}

/// How a person settles an uncertain write.
enum Settlement: String, ExpressibleByArgument, CaseIterable {
    case done, retry, skip

    var resolution: Engine.Resolution {
        switch self {
        case .done: .done
        case .retry: .retry
        case .skip: .skip
        }
    }
}

/// Finds a run by what a person typed of its id.
enum RunLookup {
    static func find(_ typed: String, in store: any RunStore) async throws -> RunID {
        let prefix = typed.hasPrefix("run_") ? typed : "run_\(typed)"
        let found = try await store.read(view: { try $0.runs(withPrefix: prefix, limit: 3) })
        guard let first = found.first else {
            throw CommandFailure(.failed, "there is no run \(typed)", help: "signalbox runs list shows the newest")
        }
        if found.count > 1, first.id.text != prefix {
            throw CommandFailure(
                .failed, "several runs begin with \(typed): \(found.map(\.id.text).joined(separator: ", "))")
        }
        return first.id
    }
}

/// A person's decision about a run, carried out by this process or by the executor that is at work.
struct Decision {
    let place: WorkspaceOptions
    let console: Console
    let command: String
    /// For whom an admin types it.
    let other: String?
    let wait: Duration

    init(
        _ place: WorkspaceOptions, _ console: Console, _ command: String, as other: String? = nil,
        wait: Duration = .seconds(30)
    ) {
        self.other = other
        self.place = place
        self.console = console
        self.command = command
        self.wait = wait
    }

    func take(
        _ typed: String, kind: String, body: ValueMap,
        _ act: @escaping @Sendable (Engine, RunID, ActingPerson) async throws -> Void
    ) async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let state = StateFolder(place.stateFolder)
        let person = try ActingPerson.find(other, in: open, state)
        let store = try state.openExisting(open.collections)
        let id = try await RunLookup.find(typed, in: store)
        let limit = wait
        if let executor = try await Executor.openUnlessHeld(open, state, command: command) {
            try await executor.work { engine in
                try await act(engine, id, person)
                _ = try await engine.wait(for: [id], upTo: limit)
            }
        } else {
            try await RunningExecutor.use(open, state, command: command) { executor in
                var body = body
                body["run"] = .string(id.text)
                _ = try await executor.ask(kind, .map(person.signing(body)), by: person.id)
                _ = try await executor.wait(for: id, within: limit)
            }
        }
        try await RunReport(console: console).show(id, in: store)
        await store.close()
    }
}
