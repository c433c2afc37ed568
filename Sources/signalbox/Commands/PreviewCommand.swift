import ArgumentParser
import Foundation
import Playbooks
import PluginKit
import Rehearsal
import RunStore
import SQLiteRunStore
import Templates
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox preview`: shows what a template gives.
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show the message that a template gives.",
        discussion: """
            The names come from a known ticket (--ticket), an event (--event), or the sample event of --on. What a playbook would add \
            (results of steps, data) is given with --set: --set steps.owner.assignee=agent-1
            """)

    @Argument(help: "The template's name.")
    var template: String

    @Option(help: "A ticket that is known from events.")
    var ticket: String?

    @Option(help: ArgumentHelp("A file with an event.", valueName: "file"))
    var event: String?

    @Option(help: "The event type whose sample event is used.")
    var on: String = "ticket.created"

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Another value for a name; may be repeated.", valueName: "path=value"))
    var set: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.load(place.workspace)
        guard let library = open.workspace.templateLibrary else {
            throw CommandFailure(.failed, "the templates have mistakes", help: "signalbox check shows them")
        }
        guard library.templateNames.contains(template) else {
            let near = Similarity.nearest(to: template, among: library.templateNames)
            throw CommandFailure(
                .failed, "there is no template \(template)",
                help: near.map { "did you mean \($0)?" }
                    ?? "there are \(library.templateNames.sorted().joined(separator: ", "))")
        }
        var names = try await names(open)
        for assignment in set { names = try Assignment(assignment).applied(to: names) }
        let text: String
        do throws(TemplateError) {
            text = try library.render(template, names)
        } catch {
            // What a playbook adds (results of steps, variables) is known to nobody but the playbook: it is played.
            guard set.isEmpty, try await showFromPlaybooks(open) else {
                throw CommandFailure(
                    .failed, "\(error.place): \(error.message)",
                    help: ticket == nil
                        ? "--ticket ID shows it as the playbooks that use it would send it; "
                            + "--set NAME=VALUE gives a name that a playbook would give"
                        : "--set NAME=VALUE gives a name that a playbook would give")
            }
            return
        }
        let console = output.console
        console.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        console.json(["template": .string(template), "text": .string(text)])
    }

    /// Plays the playbooks that use the template and shows what they would send by it; false when none comes to it.
    private func showFromPlaybooks(_ open: OpenWorkspace) async throws -> Bool {
        let state = StateFolder(place.stateFolder)
        let store = try await state.openForRehearsal(open.collections)
        var found: [Value] = []
        let console = output.console
        for playbook in open.playbooks where playbook.workflow.namedTexts.contains(template) {
            let chooser = PlayedEvent(workflow: playbook.workflow, open: open, store: store)
            guard let played = try await chooser.choose(event: event, ticket: ticket) else { continue }
            let setting = open.rehearsal(base: try store?.snapshotReader(), http: nil)
            let report = try await DryRun(playbook, in: setting).play(event: played, force: true)
            let steps = Set(playbook.workflow.allSteps.filter { $0.uses(template: template) }.map(\.path.text))
            for write in report.writes
            where steps.contains(write.step.split(separator: "#").first.map(String.init) ?? "") {
                console.line(
                    console.paint.dim("as \(playbook.workflow.id) would send it for \(played.subject ?? played.id):"))
                for line in ValueText.block(write.sent, indent: 2) { console.line(line) }
                console.line()
                found.append([
                    "template": .string(template), "playbook": .string(playbook.workflow.id), "sent": write.sent,
                ])
            }
        }
        await store?.close()
        if !found.isEmpty { console.json(.list(found)) }
        return !found.isEmpty
    }

    private func names(_ open: OpenWorkspace) async throws -> ValueMap {
        if let ticket {
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let found = try await store.read { try $0.document(ticket, in: "ticket.tickets") }
            await store.close()
            guard let found else {
                throw CommandFailure(
                    .failed, "no event has told of a ticket \(ticket)",
                    help: "signalbox emit --event FILE makes it known")
            }
            return EventCatalog.standard.bound(["ticket": .map(found)], ofType: "ticket.created")
        }
        let sample: Event?
        if let event {
            sample = try EventFile.read(event, now: WallClock.now()).first
        } else {
            sample = try open.sampleEvent(ofType: on)
        }
        guard let sample else {
            let near = Similarity.nearest(to: on, among: EventCatalog.standard.names)
            throw CommandFailure(.failed, "there is no sample event \(on)", help: near.map { "did you mean \($0)?" })
        }
        var names = EventCatalog.standard.bound(sample.data, ofType: sample.type)
        names["event"] = sample.envelope
        names["now"] = .timestamp(sample.time)
        names["run"] = ["id": "run_example", "url": "run_example", "started_at": .timestamp(sample.time)]
        return names
    }
}

extension Step {
    /// Whether the step calls an action with this template.
    fileprivate func uses(template: String) -> Bool {
        guard case .call(let call) = kind else { return false }
        return call.with.contains { $0.name == "template" && $0.source == .literal(.string(template)) }
    }
}
