import ArgumentParser
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
        let stories = try await store.read(view: { reader -> [Story] in
            var records = try reader.events(withID: what)
            for subject in [what, "ticket:\(what)"] where records.isEmpty {
                records = try reader.events(ofSubject: subject, before: nil, limit: limit)
            }
            return try records.map { record in
                let generation = try reader.generation(record.generation)
                var bundles: [(member: GenerationRecord.Member, content: Value?)] = []
                for member in generation?.members ?? [] { bundles.append((member, try reader.bundle(member.bundle))) }
                return Story(record: record, matches: try reader.matches(ofEvent: record.sequence), playbooks: bundles)
            }
        })
        await store.close()
        guard !stories.isEmpty else {
            throw CommandFailure(
                .failed, "no event \(what) and no event about it is known",
                help: "signalbox emit hands events over; what was never emitted cannot have fired")
        }
        let console = output.console
        var explained: [Value] = []
        for story in stories { explained.append(try explain(story, open, console)) }
        console.json(.list(explained))
    }

    private struct Story: Sendable {
        var record: EventRecord
        var matches: [MatchRecord]
        var playbooks: [(member: GenerationRecord.Member, content: Value?)]
    }

    private func explain(_ story: Story, _ open: OpenWorkspace, _ console: Console) throws -> Value {
        let event = story.record.event
        let paint = console.paint
        console.line(
            paint.bold("\(event.type) \(event.id)") + (event.subject.map { "  \($0)" } ?? "")
                + "  \(Timestamp(seconds: event.time.seconds))"
                + (story.record.isOutOfOrder ? "  " + paint.yellow("out of order") : ""))
        var shown = story.playbooks
        if let playbook {
            shown = shown.filter { $0.member.playbook == playbook }
            guard !shown.isEmpty else {
                let near = Similarity.nearest(to: playbook, among: story.playbooks.map(\.member.playbook))
                throw CommandFailure(
                    .failed, "no playbook \(playbook) was there when the event came",
                    help: near.map { "did you mean \($0)?" } ?? "it was added later, or had another name")
            }
        }
        var list: [Value] = []
        var others: [String] = []
        for (member, content) in shown {
            // A collection that was acted on says so behind what it said before.
            let match = story.matches.last { $0.playbook == member.playbook }
            guard let content else { continue }
            let workflow = try ActivePlaybook.stored(member.bundle, content).workflow
            let verdicts = try TriggerVerdict.all(of: workflow, for: story.record, calendars: open.calendars)
            let looks = verdicts.contains(where: \.looksAtType)
            list.append(json(member, match, verdicts))
            if !looks, match == nil, playbook == nil {
                others.append(member.playbook)
                continue
            }
            console.line("  " + heading(member, match, verdicts, event, paint))
            for verdict in verdicts where verdict.looksAtType {
                if let condition = verdict.condition {
                    for line in ConditionText(paint: paint).lines(condition, indent: 6) { console.line(line) }
                }
            }
        }
        if !others.isEmpty {
            console.line(paint.dim("  not for this kind of event: \(others.joined(separator: ", "))"))
        }
        if !others.isEmpty, others.count == list.count { doubt(event).map { console.line("  " + paint.yellow($0)) } }
        if shown.isEmpty { console.line("  no playbook was there when the event came") }
        console.line()
        return ["event": event.envelope, "out_of_order": .bool(story.record.isOutOfOrder), "playbooks": .list(list)]
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

    private func json(_ member: GenerationRecord.Member, _ match: MatchRecord?, _ verdicts: [TriggerVerdict]) -> Value {
        [
            "playbook": .string(member.playbook), "mode": .string(member.mode.rawValue),
            "bundle": .string(member.bundle),
            "outcome": .string(match?.outcome.rawValue ?? "not_fired"), "reason": .string(match?.reason ?? ""),
            "detail": .string(match?.detail ?? ""), "run": match?.run.map { .string($0.text) } ?? .null,
            "triggers": .list(
                verdicts.map { verdict in
                    [
                        "types": .list(verdict.types.map(Value.string)), "looks_at_type": .bool(verdict.looksAtType),
                        "condition": verdict.condition.map(ConditionText.json) ?? .null,
                    ]
                }),
        ]
    }
}
