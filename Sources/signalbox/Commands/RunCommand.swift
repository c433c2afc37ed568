import ArgumentParser
import Foundation
import Projections
import Rehearsal
import RunMachine
import RunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox run`: one playbook for one event, now, really.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a playbook for one event, now and for real, whatever its mode and condition.",
        discussion: "signalbox dry-run shows what would happen, and sends nothing.")

    @Argument(help: "The playbook.")
    var playbook: String

    @Option(help: ArgumentHelp("A file with the event, or - for standard input.", valueName: "file"))
    var event: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("An input of a playbook that is started by hand; may be repeated.", valueName: "name=value"))
    var input: [String] = []

    @Option(help: "How long to wait for the run to end.")
    var wait: String = "1m"

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let workflow = try open.playbook(playbook).workflow
        var events: [Event] = []
        if let event { events = try EventFile.read(event, now: WallClock.now()) }
        guard events.count <= 1 else {
            throw CommandFailure(
                .usage, "run takes one event, the file has \(events.count)", help: "signalbox emit takes many")
        }
        let takesEvents = workflow.triggers.contains { if case .event = $0 { true } else { false } }
        if events.isEmpty, takesEvents, workflow.inputs.isEmpty {
            throw CommandFailure(
                .usage, "\(workflow.id) is started by an event, and none is given",
                help: "--event FILE gives one; signalbox dry-run \(workflow.id) needs none")
        }
        // A playbook of the clock alone runs as if it fired now.
        if events.isEmpty, !takesEvents, workflow.inputs.isEmpty, let (position, _) = workflow.schedules.first {
            let zone = open.workspace.settings.zone
            events = try [
                ScheduleFire.byHand(
                    of: workflow, trigger: position, at: WallClock.now(), zone: zone, calendars: open.businessCalendars)
            ].compactMap { $0 }
        }
        var inputs = ValueMap()
        for text in input { inputs = try Assignment(text).applied(to: inputs) }
        let console = output.console
        console.remark(
            "\(workflow.id): this is real, steps act on the outside world. (signalbox dry-run only shows it.)")
        let limit = DurationText.parse(wait) ?? .seconds(60)
        let state = StateFolder(place.stateFolder)
        let person = try ActingPerson.find(acting.person, in: open, state)
        let first = events.first

        let command = "run \(workflow.id)"
        let ended: RunRecord
        if let executor = try await Executor.openUnlessHeld(open, state, command: command) {
            let (inputs, store) = (inputs, executor.store)
            ended = try await executor.work { engine in
                let run = try await engine.run(
                    workflow.id, event: first, inputs: inputs, by: person.id, typedBy: person.typist)
                let ended = try await engine.wait(for: [run.id], upTo: limit).first ?? run
                // What the run has caused is at work too, and must not be cut off in the middle of a write.
                try await engine.waitUntilQuiet(upTo: limit)
                // While the store is open: another opening would wait for the disk again.
                try await RunReport(console: console).show(ended.id, in: store)
                return ended
            }
        } else {
            ended = try await RunningExecutor.use(open, state, command: command) { executor in
                let ended = try await executor.run(workflow.id, first, inputs, by: person, within: limit)
                try await RunReport(console: console).show(ended.id, in: executor.store)
                return ended
            }
        }
        if !ended.state.isFinal, ended.state != .needsAttention {
            console.remark("the run has not ended; it is safe where it is: signalbox runs resume")
        }
        if ended.state != .succeeded { throw ExitStatus.failed }
    }
}

/// Shows a stored run.
struct RunReport {
    let console: Console

    func show(
        _ id: RunID, in store: any RunStore, journal showsJournal: Bool = false
    ) async throws {
        guard let detail = try await store.read(view: { try RunDetail(id, in: $0) }) else {
            throw CommandFailure(.failed, "there is no run \(id)")
        }
        let (run, tree) = (detail.run, detail.tree)
        let text = RunText(paint: console.paint)
        console.line(
            console.paint.bold("\(run.playbook)") + "  \(run.id)"
                + (run.kind == .shadow ? "  (shadow: nothing was sent)" : ""))
        switch run.origin {
        case .retry(let of, let from)?: console.line("  goes on with \(of) from \(from) on")
        case .replay(let of)?: console.line("  does \(of) again")
        case nil: break
        }
        if let parent = run.parent { console.line("  called by \(parent)") }
        if let event = detail.event {
            console.line("  for \(event.event.type) \(event.event.subject ?? event.event.id)")
        }
        for line in text.tree(tree) { console.line(line) }
        console.line("  " + text.ending(run) + (detail.heldFor.map { ": \($0.sentence)" } ?? ""))
        for label in RunText.unsettled(tree) {
            console.line("  a person must say whether \(label) has happened:")
            console.line("    signalbox runs resolve \(run.id) --step \(label) --as done|retry|skip")
        }
        if showsJournal {
            console.line()
            for entry in detail.journal {
                console.line(
                    "  \(entry.sequence)  \(entry.at)  \(entry.kind)  \(entry.step ?? "")  \(ValueText.line(entry.body))"
                )
            }
        }
        console.json(detail.json(journal: showsJournal))
    }
}
