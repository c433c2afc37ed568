import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox emit`: hands events to the workspace.
struct EmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emit", abstract: "Hand events to the workspace: whatever matches runs, for real.",
        discussion: """
            The file has one JSON event, a list of them, or one a line (NDJSON). An event is accepted once, by its source and id; what \
            is reported as accepted is on disk. A bad event is reported with its line, and the others are accepted.
            """)

    @Argument(help: "A file with events, or - for standard input.")
    var file: String?

    @Option(name: .customLong("event"), help: ArgumentHelp("The same.", valueName: "file"))
    var eventFile: String?

    @Option(help: "How long to wait for the runs to end.")
    var wait: String = "1m"

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    private var event: String { file ?? eventFile ?? "-" }

    func validate() throws {
        if (file == nil) == (eventFile == nil) {
            throw ValidationError("Name one file with events, or - for standard input.")
        }
        if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        var source = try EventSource(event, limit: open.workspace.settings.limits.eventBytes)
        // The first events are read before anything is opened: a file that is none must not make a database.
        let first = try source.next(limit: Self.chunk)
        let console = output.console
        guard !first.isEmpty || !source.refused.isEmpty else {
            throw CommandFailure(.failed, "\(event == "-" ? "standard input" : event) has no event")
        }
        if first.isEmpty {
            report([], [], source, console)
            throw ExitStatus.failed
        }
        console.remark("events are handed over for real: active playbooks act on the outside world.")
        let limit = DurationText.parse(wait) ?? .seconds(60)
        let state = StateFolder(place.stateFolder)
        var receipts: [Receipt] = []
        var runs: [RunRecord]
        if let executor = try await Executor.openUnlessHeld(open, state, command: "emit") {
            let box = EventSourceBox(source)
            (receipts, runs) = try await executor.work { engine in
                var receipts: [Receipt] = []
                var ids: [RunID] = []
                var events = first
                while !events.isEmpty, !InputStop.isAsked {
                    let accepted = try await engine.emit(events)
                    ids += accepted.flatMap(\.runs)
                    receipts += accepted.map { Receipt($0.value) }
                    events = try box.next(limit: Self.chunk)
                }
                try await engine.waitUntilQuiet(upTo: limit)
                return (receipts, try await engine.wait(for: ids, upTo: limit))
            }
            source = box.source
        } else {
            let person = try ActingPerson.find(nil, in: open, state).id
            (receipts, runs) = try await RunningExecutor.use(open, state, command: "emit") { executor in
                var receipts: [Receipt] = []
                var events = first
                var isReplay = false
                while !events.isEmpty, !InputStop.isAsked {
                    let answer = try await executor.ask(
                        "emit", ["events": .list(events.map(\.envelope))], by: person, within: .seconds(300))
                    isReplay = answer["replayed"]?.bool ?? false
                    receipts += (answer["receipts"]?.list ?? []).map(Receipt.init)
                    events = try source.next(limit: Self.chunk)
                }
                var runs: [RunRecord] = []
                for id in receipts.flatMap(\.runs) {
                    runs.append(try await executor.wait(for: id, within: isReplay ? .zero : limit))
                }
                return (receipts, runs)
            }
        }
        report(receipts, runs, source, console)
        if InputStop.isAsked {
            console.remark("stopped by a signal: what is not reported above as accepted has to be handed over again.")
            throw ExitStatus.failed
        }
        if !source.refused.isEmpty || receipts.contains(where: { $0.refusal != nil })
            || runs.contains(where: { $0.state != .succeeded })
        {
            throw ExitStatus.failed
        }
    }

    /// How many events are handed over in one go.
    private static let chunk = 200
    /// Up to so many events each is told about; of more, only their number.
    private static let listed = 20

    private func report(
        _ receipts: [Receipt], _ runs: [RunRecord], _ source: EventSource, _ console: Console
    ) {
        let refused = source.refused
        let text = RunText(paint: console.paint)
        if receipts.count <= Self.listed {
            for receipt in receipts { for line in receipt.lines(console.paint) { console.line(line) } }
        }
        for doubtful in source.doubtful.prefix(Self.listed) {
            console.line(console.paint.yellow("!") + " \(doubtful.event): \(doubtful.doubts.joined(separator: "; "))")
        }
        for bad in refused.prefix(Self.listed) {
            console.line(console.paint.red("✗") + " line \(bad.line): \(bad.reason)")
        }
        if refused.count > Self.listed { console.line("  … and \(refused.count - Self.listed) more bad lines") }
        for run in runs.prefix(Self.listed) { console.line("  " + text.ending(run)) }
        if runs.count > Self.listed {
            console.line("  … and \(runs.count - Self.listed) more runs: signalbox runs list")
        }
        let duplicates = receipts.count(where: \.isDuplicate)
        let turnedAway = receipts.count { $0.refusal != nil } + refused.count
        var states: [RunState: Int] = [:]
        for run in runs { states[run.state, default: 0] += 1 }
        var summary = "\(receipts.count - duplicates - receipts.count { $0.refusal != nil }) accepted"
        if duplicates > 0 { summary += ", \(duplicates) known already" }
        if turnedAway > 0 { summary += ", \(turnedAway) refused" }
        summary += "; \(runs.count) run\(runs.count == 1 ? "" : "s")"
        if !runs.isEmpty {
            summary +=
                " ("
                + RunState.allCases.compactMap { state in states[state].map { "\($0) \(state.rawValue)" } }.joined(
                    separator: ", ") + ")"
        }
        console.line(summary)
        console.json([
            "receipts": .list(receipts.map(\.value)), "runs": .list(runs.map(RunJSON.row)),
            "refused": .list(refused.map { ["line": .int(Int64($0.line)), "reason": .string($0.reason)] }),
            "doubtful": .list(
                source.doubtful.map { ["event": .string($0.event), "doubts": .list($0.doubts.map(Value.string))] }),
        ])
    }
}

/// What became of an event, as the engine or another process's executor tells it.
struct Receipt: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    var isDuplicate: Bool { value["duplicate"]?.bool ?? false }
    var refusal: String? { value["refusal"]?.string }
    var runs: [RunID] { (value["matches"]?.list ?? []).compactMap { $0["run"]?.string.map(RunID.init) } }

    func lines(_ paint: Paint) -> [String] {
        let name = "\(value["type"]?.string ?? "") \(value["id"]?.string ?? "")"
        if let refusal { return [paint.red("✗") + " \(name): refused: \(refusal)"] }
        if isDuplicate { return [paint.dim("=") + " \(name): known already, nothing was done"] }
        var lines = [paint.green("✓") + " \(name): accepted"]
        for match in value["matches"]?.list ?? [] {
            let playbook = match["playbook"]?.string ?? ""
            switch match["outcome"]?.string {
            case "fired":
                let detail = match["detail"]?.string ?? ""
                lines.append(
                    "    \(playbook): runs (\(match["run"]?.string ?? ""))" + (detail.isEmpty ? "" : ", \(detail)"))
            case "shadowed":
                lines.append("    \(playbook): rehearsed only, its mode is shadow (\(match["run"]?.string ?? ""))")
            case "suppressed": lines.append("    \(playbook): held back, \(match["detail"]?.string ?? "")")
            default:
                lines.append(
                    "    \(playbook): "
                        + paint.yellow("its condition could not be evaluated: \(match["detail"]?.string ?? "")"))
            }
        }
        return lines
    }
}
