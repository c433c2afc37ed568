import ArgumentParser
import Foundation
import Outbound
import PluginKit
import Rehearsal
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// `signalbox dry-run`: what a playbook would do, and nothing of it done.
struct DryRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dry-run", abstract: "Show what a playbook would do. Nothing is sent.",
        discussion: """
            Without --event or --ticket it plays the sample event of the playbook's trigger. With --events FILE --summary it plays a whole \
            history (NDJSON, as `signalbox import csv` gives) and counts.

            Waits time out and nobody answers, unless --at and --answer say otherwise:
            signalbox dry-run sla-at-risk --at 5m notification.acknowledged
            signalbox dry-run maintenance-proposed --answer approve_window=reject
            --all-paths plays every ending of waits and questions.
            """)

    @Argument(help: "The playbook; with --events it may be left out for all playbooks.")
    var playbook: String?

    @Option(help: ArgumentHelp("A file with the event, or - for standard input.", valueName: "file"))
    var event: String?

    @Option(help: "A ticket that is known from events.")
    var ticket: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Another value in the event's data; may be repeated.", valueName: "path=value"))
    var set: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("An input of a playbook that is started by hand; may be repeated.", valueName: "name=value"))
    var input: [String] = []

    @Option(help: ArgumentHelp("A history of events, one a line.", valueName: "file"))
    var events: String?

    @Flag(help: "With --events: count what would have happened.")
    var summary = false

    @Flag(help: "Refuse steps that look at other systems.")
    var offline = false

    @Flag(help: "Play the steps even if the event would not start the playbook.")
    var anyway = false

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "What is answered to a question: approve, reject, timeout, or STEP.FIELD=VALUE; may be repeated.",
            valueName: "step=answer"))
    var answer: [String] = []

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "A time after the start and what comes then: a file, {…} or an event type, whose sample is taken; may be repeated.",
            valueName: "time event"))
    var at: [String] = []

    @Flag(help: "Play every ending of waits and questions, as one table.")
    var allPaths = false

    @Option(help: ArgumentHelp("Write the dry run as a page.", valueName: "file"))
    var html: String?

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if events != nil, event != nil || ticket != nil || !set.isEmpty || html != nil {
            throw ValidationError("--events takes a history; --event, --ticket, --set and --html are for one event.")
        }
        if events != nil, !answer.isEmpty || !at.isEmpty || allPaths {
            throw ValidationError("--answer, --at and --all-paths are for one event, not for a history.")
        }
        if events == nil, playbook == nil { throw ValidationError("Name the playbook.") }
        if events != nil, !summary { throw ValidationError("--events needs --summary.") }
        if summary, events == nil { throw ValidationError("--summary needs --events FILE.") }
        if event != nil, ticket != nil { throw ValidationError("Give --event or --ticket, not both.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForWork(place.workspace)
        if let events { return try await playHistory(events, open) }
        guard let playbook else { return }
        let active = try open.playbook(playbook)
        let state = StateFolder(place.stateFolder)
        let store = try await state.openForRehearsal(open.collections)
        let setting = open.rehearsal(base: try store?.snapshotReader(), http: offline ? nil : CurlHTTPClient())
        let script = try WrittenScript(workflow: active.workflow, open: open).script(answers: answer, arrivals: at)
        let dryRun = DryRun(active, in: setting, script: script)
        do {
            if allPaths {
                let played = try await chosenEvent(active.workflow, open, store)
                let paths =
                    try played.map { AllPaths(of: dryRun, event: $0, force: anyway) }
                    ?? AllPaths(of: dryRun, inputs: inputs(), start: WallClock.now())
                let isWatched = output.console.format == .text && Console.isTerminal(STDERR_FILENO)
                let report = try await paths.play { done in
                    if isWatched, done % 10 == 0 { Console.standardError("\r\(done) paths") }
                }
                if isWatched { Console.standardError("\r                    \r") }
                try show(report, active.workflow)
                await store?.close()
                if report.paths.contains(where: \.failsUnexpectedly) { throw ExitStatus.failed }
                return
            }
            let report: DryRun.Report
            if let played = try await chosenEvent(active.workflow, open, store) {
                report = try await dryRun.play(event: played, force: anyway)
            } else {
                report = try await dryRun.play(inputs: inputs(), start: WallClock.now())
            }
            try show(report, active.workflow)
            await store?.close()
            if let run = report.run, run.state == .failed { throw ExitStatus.failed }
        } catch {
            throw Executor.readable(error)
        }
    }

    private func inputs() throws -> ValueMap {
        var inputs = ValueMap()
        for text in input { inputs = try Assignment(text).applied(to: inputs) }
        return inputs
    }

    /// The event to play, with what `--set` changes; nil for a playbook started by hand.
    private func chosenEvent(_ workflow: Workflow, _ open: OpenWorkspace, _ store: SQLiteRunStore?) async throws
        -> Event?
    {
        guard
            var event = try await PlayedEvent(workflow: workflow, open: open, store: store).choose(
                event: event, ticket: ticket)
        else { return nil }
        for text in set {
            let assignment = try Assignment(text)
            if let doubt = doubt(assignment, event) {
                Console.standardError("warning: \(doubt)\n")
            }
            event.data = try assignment.applied(to: event.data)
        }
        if !set.isEmpty {
            event.subject = EventCatalog.standard.subject(ofType: event.type, data: event.data) ?? event.subject
            // A changed event is another event, also for a workspace that knows the first.
            event.id += "-changed"
        }
        return event
    }

    /// What is strange about a path that `--set` names: a field that events of that type do not have.
    private func doubt(_ assignment: Assignment, _ event: Event) -> String? {
        guard var schema = EventCatalog.standard.schema(ofType: event.type) else { return nil }
        var before = ""
        for name in assignment.path {
            guard !schema.properties.isEmpty else { return nil }
            guard let field = schema.property(name) else {
                let names = schema.properties.map(\.name)
                let path = assignment.path.joined(separator: ".")
                if let near = Similarity.nearest(to: name, among: names) {
                    return "--set \(path): \(event.type) has no \(before)\(name); did you mean \(before)\(near)?"
                }
                let owner = schema.properties.first { $0.schema.property(name) != nil }
                return "--set \(path): \(event.type) has no \(before)\(name)"
                    + (owner.map { "; did you mean \(before)\($0.name).\(name)?" } ?? "")
            }
            before += "\(name)."
            schema = field
        }
        return nil
    }

    private func show(_ report: DryRun.Report, _ workflow: Workflow) throws {
        let console = output.console
        for line in DryRunText(paint: console.paint).lines(report, workflow) { console.line(line) }
        console.json(DryRunText.json(report, workflow))
        try write(DryRunText(paint: Paint(isOn: false)).lines(report, workflow), workflow)
    }

    private func show(_ report: AllPaths.Report, _ workflow: Workflow) throws {
        let console = output.console
        func lines(_ paint: Paint) -> [String] {
            DryRunText(paint: paint).head(report.first, workflow) + [""] + PathsText(paint: paint).lines(report)
        }
        for line in lines(console.paint) { console.line(line) }
        console.json(PathsText.json(report, workflow))
        try write(lines(Paint(isOn: false)), workflow)
    }

    private func write(_ lines: [String], _ workflow: Workflow) throws {
        if let html {
            let page = DryRunPage.html(lines, title: "Dry run of \(workflow.id)")
            do {
                try Data(page.utf8).write(to: URL(fileURLWithPath: html))
            } catch {
                throw CommandFailure(.environment, "cannot write \(html): \(error.localizedDescription)")
            }
            output.console.line("written to \(html)")
        }
    }

    private func playHistory(_ path: String, _ open: OpenWorkspace) async throws {
        var playbooks = open.playbooks.filter { $0.workflow.mode != .disabled }
        if let playbook { playbooks = [try open.playbook(playbook)] }
        let history = try EventFile.read(path, now: WallClock.now())
        let console = output.console
        let isWatched = console.format == .text && Console.isTerminal(STDERR_FILENO)
        let rehearsal = HistoryRehearsal(playbooks, in: open.rehearsal(base: nil, http: nil))
        do {
            let report = try await rehearsal.play(history) { done in
                if isWatched, done % 100 == 0 { Console.standardError("\r\(done) of \(history.count) events") }
            }
            if isWatched { Console.standardError("\r                                        \r") }
            for line in HistoryText(paint: console.paint).lines(report) { console.line(line) }
            console.json(HistoryText.json(report))
        } catch {
            throw Executor.readable(error)
        }
    }
}
