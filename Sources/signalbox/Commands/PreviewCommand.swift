import ArgumentParser
import Foundation
import PluginKit
import RunStore
import SQLiteRunStore
import Templates
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
        do throws(TemplateError) {
            let text = try library.render(template, names)
            let console = output.console
            console.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            console.json(["template": .string(template), "text": .string(text)])
        } catch {
            throw CommandFailure(
                .failed, "\(error.place): \(error.message)",
                help: "--set NAME=VALUE gives a name that a playbook would give")
        }
    }

    private func names(_ open: OpenWorkspace) async throws -> ValueMap {
        if let ticket {
            let store = try StateFolder(place.stateFolder).openExisting(open.collections)
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
