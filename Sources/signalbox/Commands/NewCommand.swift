import ArgumentParser
import Foundation
import WorkflowModel

/// `signalbox new playbook`: a commented playbook to begin with.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a new playbook.", subcommands: [NewPlaybook.self])

    /// A playbook in shadow mode that passes the check.
    struct NewPlaybook: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "playbook", abstract: "Make a commented playbook in shadow mode that passes the check.")

        @Argument(help: "The playbook's name: small letters, digits and dashes.")
        var name: String

        @Option(help: ArgumentHelp("The event that starts it, such as ticket.created.", valueName: "event"))
        var on: String

        @Option(help: "Who answers for it: an address, a person or a team.")
        var owner: String?

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            guard name == Scaffold.identifier(name), !name.isEmpty else {
                throw CommandFailure(
                    .usage, "a playbook's name has small letters, digits and dashes only",
                    help: "write \(Scaffold.identifier(name))")
            }
            guard let schema = EventCatalog.standard.schema(ofType: on) else {
                let near = Similarity.nearest(to: on, among: EventCatalog.standard.names)
                throw CommandFailure(
                    .failed, "there is no known event \(on)",
                    help: near.map { "did you mean \($0)?" }
                        ?? "known are \(EventCatalog.standard.names.joined(separator: ", "))")
            }
            guard FileManager.default.fileExists(atPath: "\(place.workspace)/signalbox.yaml") else {
                throw CommandFailure(
                    .environment, "\(place.workspace) is no workspace: it has no signalbox.yaml",
                    help: "signalbox init DIR makes one; --workspace DIR names one")
            }
            let path = (place.workspace == "." ? "" : place.workspace + "/") + "playbooks/\(name).yaml"
            let text = Scaffold.playbook(name: name, event: on, schema: schema, owner: owner ?? "user@example.com")
            guard try NewFile.write(text, to: path) else {
                throw CommandFailure(.failed, "\(path) is there already", help: "choose another name")
            }
            let console = output.console
            console.line("\(path) is made, in shadow mode: it sends nothing until you activate it.")
            console.line("Try it: signalbox check \(path) && signalbox dry-run \(name)")
            console.json(["file": .string(path), "playbook": .string(name), "event": .string(on)])
        }
    }
}
