import ArgumentParser
import Foundation
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
        let open = try OpenWorkspace.loadForWork(place.workspace)
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
                ScheduleFire.byHand(of: workflow, trigger: position, at: WallClock.now(), zone: zone)
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
        let found = try await store.read(view: {
            reader -> (RunRecord, Value?, [JournalRecord], EventRecord?, [EffectRecord])? in
            guard let run = try reader.run(id) else { return nil }
            return (
                run, try reader.bundle(run.bundle), try reader.journal(of: id, after: 0),
                try run.event.flatMap { try reader.event($0) }, try reader.effects(of: id, limit: 1000)
            )
        })
        guard let (run, bundle, journal, event, effects) = found else {
            throw CommandFailure(.failed, "there is no run \(id)")
        }
        guard let bundle else { throw CommandFailure(.failed, "the playbook with which \(id) began is not stored") }
        let workflow = try ActivePlaybook.stored(run.bundle, bundle).workflow
        var tree = RunTree(workflow, try RunTree.entries(journal))
        let below = try await store.read(view: { try RunReport.trees(below: id, in: $0) })
        tree.attach { below[$0] }
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
        if let event { console.line("  for \(event.event.type) \(event.event.subject ?? event.event.id)") }
        for line in text.tree(tree) { console.line(line) }
        let held = try await store.read(view: { try HeldFor(run, in: $0) })
        console.line("  " + text.ending(run) + (held.map { ": \($0.sentence)" } ?? ""))
        for label in RunText.unsettled(tree) {
            console.line("  a person must say whether \(label) has happened:")
            console.line("    signalbox runs resolve \(run.id) --step \(label) --as done|retry|skip")
        }
        if showsJournal {
            console.line()
            for entry in journal {
                console.line(
                    "  \(entry.sequence)  \(entry.at)  \(entry.kind)  \(entry.step ?? "")  \(ValueText.line(entry.body))"
                )
            }
        }
        var json = RunText.json(run).map ?? ValueMap()
        json["held_for"] = held.map { .string($0.sentence) }
        json["tree"] = RunText.json(tree)
        json["effects"] = .list(
            effects.map { effect in
                [
                    "key": .string(effect.key), "step": .string(effect.step), "action": .string(effect.action),
                    "state": .string(effect.state.rawValue), "attempts": .int(Int64(effect.attempts)),
                    "sent": effect.sent,
                    "may_be_duplicate": .bool(effect.mayBeDuplicate),
                ]
            })
        if showsJournal {
            json["journal"] = .list(
                journal.map {
                    [
                        "seq": .int(Int64($0.sequence)), "at": .timestamp($0.at), "kind": .string($0.kind),
                        "step": $0.step.map(Value.string) ?? .null, "body": $0.body,
                    ]
                })
        }
        console.json(.map(json))
    }

    /// The steps of the runs that `run` has called, each with those of its own called runs.
    private static func trees(below run: RunID, in reader: any StoreReader) throws -> [RunID: RunTree] {
        var trees: [RunID: RunTree] = [:]
        // The called ones before their callers.
        for called in try SubRuns.below(run, in: reader).reversed() {
            guard let bundle = try reader.bundle(called.bundle) else { continue }
            let workflow = try ActivePlaybook.stored(called.bundle, bundle).workflow
            var tree = RunTree(workflow, try RunTree.entries(try reader.journal(of: called.id, after: 0)))
            tree.attach { trees[$0] }
            trees[called.id] = tree
        }
        return trees
    }
}
