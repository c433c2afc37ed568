import ArgumentParser
import PlainWords
import WorkflowModel

/// `signalbox explain`: a playbook in plain words.
struct ExplainCommand: AsyncParsableCommand {
    /// `--format`.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, json
    }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Put a playbook into plain words, as for a change approval.",
        discussion: """
            When it starts, what it does step by step, what happens when something fails, and what it can change. In texts, what is \
            filled in stands in [brackets]. What there are no words for stands as it is written, in `backticks`.
            """)

    @Argument(help: "The playbook: its id, a file, or - for standard input.")
    var playbook: String

    @Option(help: "Print as text, as Markdown, or for programs (json).")
    var format: Form = .text

    @OptionGroup var place: WorkspaceOptions

    func run() async throws {
        let found = try NamedPlaybook.find(playbook, in: place.workspace)
        let explanation = PlaybookExplainer(
            found.workflow, actions: found.actions, failsAsDefaultsSay: found.failsAsDefaultsSay
        ).explanation()
        switch format {
        case .text: Console.standardOutput(ExplanationText.text(explanation, .plain))
        case .markdown: Console.standardOutput(ExplanationText.text(explanation, .markdown))
        case .json: Console(format: .json).json(explanation.json)
        }
    }
}
