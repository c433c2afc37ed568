import ArgumentParser
import PlainWords
import WorkflowModel

/// `signalbox graph`: a playbook as a drawing.
struct GraphCommand: AsyncParsableCommand {
    /// `--format`.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case mermaid, svg, json
    }

    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw a playbook: boxes and arrows.",
        discussion: """
            Mermaid is the text that many wikis and repositories draw by themselves, between ```mermaid and ```. svg is a picture for \
            anything that shows pictures: signalbox graph sla-at-risk --format svg > sla-at-risk.svg
            """)

    @Argument(help: "The playbook: its id, a file, or - for standard input.")
    var playbook: String

    @Option(help: "Print as Mermaid, as a picture (svg), or for programs (json).")
    var format: Form = .mermaid

    @OptionGroup var place: WorkspaceOptions

    func run() async throws {
        let found = try NamedPlaybook.find(playbook, in: place.workspace)
        let chart = FlowChartBuilder.chart(found.workflow, actions: found.actions)
        switch format {
        case .mermaid: Console.standardOutput(MermaidText.text(chart))
        case .svg: Console.standardOutput(FlowChartSVG.text(chart))
        case .json: Console(format: .json).json(chart.json)
        }
    }
}
