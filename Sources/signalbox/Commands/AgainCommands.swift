import ArgumentParser
import Foundation
import Projections
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// What `runs retry` and `runs replay` have in common.
struct AgainOptions: ParsableArguments {
    @Flag(help: "With the version of the playbook that the run had, instead of today's.")
    var sameVersion = false

    @Flag(help: "Do not ask: make the writes again that are shown.")
    var yes = false

    @Option(help: "How long to wait for the new run to end.")
    var wait: String = "1m"

    @OptionGroup var acting: ActingOptions

    func validate() throws {
        if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
    }
}

extension RunsCommand {
    /// Goes on where a run failed, as a new run.
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do a run again from a step on, as a new run.",
            discussion: """
                The new run has the event and inputs of the old one, and the results of the steps before STEP. Without --from it begins \
                with the step that failed. STEP is one of the playbook's own steps, or of `if` and `switch`; what stands inside another \
                block is done again with the whole block. Before anything is done, the writes are shown that would be made again.
                """)

        @Argument(help: "The run's id, or its beginning.")
        var run: String

        @Option(help: "The step to begin with: its id or path.")
        var from: String?

        @OptionGroup var again: AgainOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (from, sameVersion) = (from, again.sameVersion)
            let desk = try AgainDesk(place, again, output.console, "runs retry")
            try await desk.take([run], kind: "retry", from: from) { engine, id, person in
                try await engine.retry(id, from: from, sameVersion: sameVersion, by: person.id, typedBy: person.typist)
            }
        }
    }

    /// Does runs again from their start, as new runs.
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do runs again from their start, as new runs; or the runs that an event has started.",
            discussion: """
                A new run has the event and inputs of the old one and keeps none of its results. Before anything is done, the writes are \
                shown that would be made again.
                """)

        @Argument(
            help: ArgumentHelp("Runs by their id or its beginning, or events by their id.", valueName: "run|event"))
        var targets: [String]

        @OptionGroup var again: AgainOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let sameVersion = again.sameVersion
            let desk = try AgainDesk(place, again, output.console, "runs replay")
            try await desk.take(targets, kind: "replay", from: nil) { engine, id, person in
                try await engine.replay(id, sameVersion: sameVersion, by: person.id, typedBy: person.typist)
            }
        }
    }
}

/// Shows what would be done again, asks, and has it done by this process or by the executor that is at work.
struct AgainDesk {
    private let open: OpenWorkspace
    private let state: StateFolder
    private let options: AgainOptions
    private let console: Console
    private let command: String

    init(_ place: WorkspaceOptions, _ options: AgainOptions, _ console: Console, _ command: String) throws {
        open = try OpenWorkspace.loadForDeeds(place)
        state = StateFolder(place.stateFolder)
        self.options = options
        self.console = console
        self.command = command
    }

    func take(
        _ targets: [String], kind: String, from: String?,
        _ act: @escaping @Sendable (Engine, RunID, ActingPerson) async throws -> RunRecord
    ) async throws {
        let store = try state.openExisting(open.collections)
        var runs: [RunID] = []
        for target in targets {
            for run in try await AgainDesk.runs(target, in: store) where !runs.contains(run) { runs.append(run) }
        }
        var plans: [RunAgainPlan] = []
        for run in runs { plans.append(try await plan(run, kind, from, store)) }
        for plan in plans { show(plan) }
        try confirm(plans.reduce(0) { $0 + $1.repeated.count })
        let person = try ActingPerson.find(options.acting.person, in: open, state)
        let limit = DurationText.parse(options.wait) ?? .seconds(60)
        let wanted = runs
        let made: [RunID]
        if let executor = try await Executor.openUnlessHeld(open, state, command: command) {
            made = try await executor.work { engine in
                var made: [RunID] = []
                for run in wanted { made.append(try await act(engine, run, person).id) }
                _ = try await engine.wait(for: made, upTo: limit)
                return made
            }
        } else {
            let sameVersion = options.sameVersion
            made = try await RunningExecutor.use(open, state, command: command) { executor in
                var made: [RunID] = []
                for run in wanted {
                    var body: ValueMap = ["run": .string(run.text), "same_version": .bool(sameVersion)]
                    body["from"] = from.map(Value.string)
                    let answer = try await executor.ask(kind, .map(person.signing(body)), by: person.id)
                    guard let id = answer["run"]?.string.map(RunID.init) else {
                        throw CommandFailure(.failed, "the executor gave no run")
                    }
                    made.append(id)
                }
                for id in made { _ = try await executor.wait(for: id, within: limit) }
                return made
            }
        }
        let records = try await store.read(view: { reader in try made.compactMap { try reader.run($0) } })
        let text = RunText(paint: console.paint)
        for record in records { console.line(text.ending(record)) }
        console.line(console.paint.dim("signalbox runs show RUN shows its steps"))
        console.json(.list(records.map(RunJSON.row)))
        await store.close()
        if records.contains(where: { $0.state == .failed }) { throw ExitStatus.failed }
    }

    /// The run of this id, or the runs that the event of this id has started.
    private static func runs(_ target: String, in store: any RunStore) async throws -> [RunID] {
        let events = try await store.read(view: { try $0.events(withID: target) })
        guard !events.isEmpty else { return [try await RunLookup.find(target, in: store)] }
        let runs = try await store.read(view: { reader in
            try events.flatMap { try reader.runs(RunQuery(event: $0.sequence, kinds: [.live, .manual], limit: 1000)) }
        })
        let own = runs.filter { $0.parent == nil && $0.origin == nil }
        guard !own.isEmpty else {
            throw CommandFailure(
                .failed, "the event \(target) started no run",
                help: "signalbox why \(target) says why; signalbox run PLAYBOOK --event FILE starts one for it")
        }
        return own.map(\.id).sorted()
    }

    private func plan(_ run: RunID, _ kind: String, _ from: String?, _ store: any RunStore) async throws
        -> RunAgainPlan
    {
        let (registry, today, sameVersion) = (open.registry, open.playbooks, options.sameVersion)
        do {
            return try await store.read(view: { reader in
                try RunAgainPlan.make(
                    of: run, replays: kind == "replay", from: from, sameVersion: sameVersion, today: today,
                    registry: registry, in: reader)
            })
        } catch {
            throw Executor.readable(error)
        }
    }

    private func show(_ plan: RunAgainPlan) {
        let paint = console.paint
        switch plan.origin {
        case .retry(let run, let from):
            console.line("\(paint.bold(plan.old.playbook))  \(run) again from \(from) on")
            if !plan.kept.isEmpty { console.line("  kept: \(plan.kept.joined(separator: ", "))") }
        case .replay(let run): console.line("\(paint.bold(plan.old.playbook))  \(run) again from its start")
        }
        if plan.playbook.bundle != plan.old.bundle {
            console.line(paint.dim("  with today's version of the playbook, which is not the one that the run had"))
        }
        guard !plan.repeated.isEmpty else { return console.line("  none of its writes would be made again") }
        console.line(paint.yellow("  these writes of it may be made again:"))
        for effect in plan.repeated.prefix(100) {
            console.line(
                "    \(effect.action)  \(effect.step)  \(effect.state.rawValue)  \(ValueText.line(effect.sent))")
        }
        if plan.repeated.count > 100 { console.line("    and \(plan.repeated.count - 100) more") }
    }

    private func confirm(_ writes: Int) throws {
        guard !options.yes else { return }
        guard Console.isTerminal(STDIN_FILENO) else {
            throw CommandFailure(
                .usage, "nothing was done: this is real",
                help: "look at what is shown, and say --yes if it is to be done")
        }
        console.line(
            writes == 0 ? "This is real. Go on? [y/N]" : "This is real, and makes these writes again. Go on? [y/N]")
        guard let line = readLine(), ["y", "yes"].contains(line.lowercased()) else {
            throw CommandFailure(.failed, "nothing was done")
        }
    }
}
