import ArgumentParser
import PluginKit
import WorkflowEngine
import WorkflowModel

/// The inputs of an action, as they are typed.
struct ActionInputs: ParsableArguments {
    @Argument(help: "The action, PLUGIN.NAME: signalbox plugins lists them.")
    var action: String

    @Argument(help: ArgumentHelp("The inputs, as the action's schema says.", valueName: "name=value"))
    var inputs: [String] = []

    /// The inputs as values: a text stays one where the schema wants a text, else it is JSON where it is JSON.
    func values(in open: OpenWorkspace) throws -> ValueMap {
        let schema = open.registry[action]?.manifest.input
        var values = ValueMap()
        for text in inputs {
            let assignment = try Assignment(text)
            let property = assignment.path.count == 1 ? schema?.property(assignment.path[0]) : nil
            if property?.types == ["string"], values[.string(assignment.path[0])] == nil,
                let equals = text.firstIndex(of: "=")
            {
                values[.string(assignment.path[0])] = .string(String(text[text.index(after: equals)...]))
            } else {
                values = try assignment.applied(to: values)
            }
        }
        return values
    }
}

/// `signalbox act`: an action that changes what Signalbox keeps, for a person, outside of any run.
struct ActCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "act", abstract: "Have an action change what Signalbox keeps, outside of any run.",
        discussion: """
            signalbox act maintenance.cancel window=WIN-3 reason="moved to Sunday"

            The action must be one of effect `state`. Its change, the events that it emits and a line in the audit log are one \
            transaction; playbooks that match the events run. What changes the outside world is for playbooks: signalbox run.
            """)

    @OptionGroup var given: ActionInputs
    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let answer = try await Deed(open, place, as: acting.person).act(given.action, try given.values(in: open))
        let console = output.console
        for line in ValueText.block(answer["output"] ?? .null, indent: 0) { console.line(line) }
        for receipt in (answer["receipts"]?.list ?? []).map(Receipt.init) {
            for line in receipt.lines(console.paint) { console.line(line) }
        }
        console.json(answer)
    }
}

/// `signalbox look`: an action that changes nothing, outside of any run.
struct LookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look", abstract: "Show what an action that changes nothing gives, outside of any run.",
        discussion: """
            signalbox look ticket.find status=open

            The action must be one of effect `read` or `pure`. It looks at what is kept, also while `signalbox serve` runs.
            """)

    @OptionGroup var given: ActionInputs
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let found = try await open.look(given.action, try given.values(in: open), in: StateFolder(place.stateFolder))
        let console = output.console
        for line in ValueText.block(found, indent: 0) { console.line(line) }
        console.json(found)
    }
}
