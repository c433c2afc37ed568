import ArgumentParser
import Projections
import Rehearsal
import RunStore
import SQLiteRunStore
import Triggers
import WorkflowEngine
import WorkflowModel

/// `signalbox why`: why a playbook fired for an event, or did not.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain why playbooks fired, or did not, for an event or a ticket.",
        discussion: """
            The conditions are evaluated again on the event as it was stored, by the versions of the playbooks that were active then.
            """)

    @Argument(help: "An event's id, a ticket's id or a subject such as incident:INC-1.")
    var what: String

    @Argument(help: "Only this playbook, with every line of its condition.")
    var playbook: String?

    @Option(help: "How many events of a ticket, newest first.")
    var limit: Int = 5

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...100).contains(limit) { throw ValidationError("--limit must be 1 to 100.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.load(place.workspace)
        let store = try StateFolder(place.stateFolder).openForReading(open.collections)
        let (what, limit) = (what, limit)
        let (playbook, calendars) = (playbook, open.calendars)
        let explained: [EventExplanation]
        do {
            explained = try await store.read(view: { reader in
                try EventExplanation.records(of: what, limit: limit, in: reader).map {
                    try EventExplanation($0, playbook: playbook, calendars: calendars, in: reader)
                }
            })
        } catch let error as EventExplanation.UnknownPlaybook {
            throw CommandFailure(.failed, error.message, help: error.help)
        }
        await store.close()
        guard !explained.isEmpty else {
            throw CommandFailure(
                .failed, "no event \(what) and no event about it is known",
                help: "signalbox emit hands events over; what was never emitted cannot have fired")
        }
        let console = output.console
        for explanation in explained { show(explanation, console) }
        console.json(.list(explained.map(\.json)))
    }

    private func show(_ explanation: EventExplanation, _ console: Console) {
        let record = explanation.record
        let event = record.event
        let paint = console.paint
        console.line(
            paint.bold("\(event.type) \(event.id)") + (event.subject.map { "  \($0)" } ?? "")
                + "  \(Timestamp(seconds: event.time.seconds))"
                + (record.isOutOfOrder ? "  " + paint.yellow("out of order") : ""))
        var others: [String] = []
        for part in explanation.parts {
            if !part.looksAtType, part.match == nil, playbook == nil {
                others.append(part.member.playbook)
                continue
            }
            console.line("  " + heading(part.member, part.match, part.verdicts, event, paint))
            for verdict in part.verdicts where verdict.looksAtType {
                if let condition = verdict.condition {
                    for line in ConditionText(paint: paint).lines(condition, indent: 6) { console.line(line) }
                }
            }
        }
        if !others.isEmpty {
            console.line(paint.dim("  not for this kind of event: \(others.joined(separator: ", "))"))
        }
        if !others.isEmpty, others.count == explanation.parts.count {
            doubt(event).map { console.line("  " + paint.yellow($0)) }
        }
        if explanation.parts.isEmpty { console.line("  no playbook was there when the event came") }
        console.line()
    }

    /// What may be wrong with an event that no playbook looks at.
    private func doubt(_ event: Event) -> String? {
        let catalog = EventCatalog.standard
        guard catalog.schema(ofType: event.type) == nil else { return nil }
        let near = Similarity.nearest(to: event.type, among: catalog.names)
        return near.map { "no known event is called \(event.type); was \($0) meant?" }
    }

    private func heading(
        _ member: GenerationRecord.Member, _ match: MatchRecord?, _ verdicts: [TriggerVerdict], _ event: Event,
        _ paint: Paint
    ) -> String {
        switch match?.outcome {
        case .fired?:
            return paint.green("✓ \(member.playbook)") + " fired: \(match?.run?.text ?? "")"
                + (match.map { $0.detail.isEmpty ? "" : " (\($0.detail))" } ?? "")
        case .shadowed?:
            return paint.green("✓ \(member.playbook)")
                + " was rehearsed, its mode was shadow: \(match?.run?.text ?? "")"
        case .suppressed?:
            return paint.yellow("– \(member.playbook)")
                + " was held back (\(match?.reason ?? "")): \(match?.detail ?? "")"
        case .failed?: return paint.yellow("! \(member.playbook)") + " could not be decided: \(match?.detail ?? "")"
        case nil: break
        }
        let name = paint.red("✗ \(member.playbook)")
        if member.mode == .disabled { return name + " was disabled" }
        if !verdicts.contains(where: \.looksAtType) {
            let types = verdicts.flatMap(\.types)
            return name + " does not look at \(event.type)"
                + (types.isEmpty ? "" : ", but at \(types.joined(separator: ", "))")
        }
        if event.origin == .own { return name + " did not fire: the event is an echo of our own write" }
        return name + " did not fire: its condition did not hold"
    }
}
