import Foundation
import PlainWords
import Testing
import WorkflowModel

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Playbooks as drawings")
struct FlowChartTests {
    private static let text = """
        playbook: p
        title: A "title" <with> marks & more
        owner: a
        mode: active
        trigger: { event: ticket.created, when: ticket.priority == "P1" }
        steps:
          - if: a.b
            then: [{ uses: notify.send, with: { to: assignee, text: x } }]
            else: [{ stop: "enough [1] {2} \\"3\\"" }]
          - for_each: a.list
            steps: [{ uses: ticket.update, if: item.x }]
          - try: [{ uses: ticket.update }]
            rescue: [{ fail: "no" }]
            always: [{ wait: 1m }]
          - approve: { by: lead of support, prompt: ok, timeout: 1h, on_reject: [{ wait: 2m }] }
          - parallel: [{ wait: 3m }, { call: other }]
          - switch: a.c
            cases: [{ is: [1, 2], then: [{ set: { x: 1 } }] }]
        on_failure: [{ uses: notify.send, with: { to: "#ops", text: x } }]
        """

    private func chart(_ text: String = text) throws -> FlowChart {
        FlowChartBuilder.chart(try ReadPlaybook.workflow(text), actions: ReadPlaybook.actions)
    }

    /// The arrows with the first lines of their boxes.
    private func arrows(_ chart: FlowChart) -> Set<String> {
        let names = Dictionary(uniqueKeysWithValues: chart.boxes.map { ($0.id, $0.lines.first ?? "") })
        return Set(
            chart.arrows.map { arrow in
                "\(names[arrow.from] ?? "") -\(arrow.label ?? "")\(arrow.isFailure ? "!" : "")\(arrow.isBack ? "^" : "")> \(names[arrow.to] ?? "")"
            })
    }

    @Test func `ways part, meet, go back and fail as the steps do`() throws {
        let found = arrows(try chart())
        for expected in [
            "When a ticket is created and the ticket's priority is P1. -> 1 · the b of “a” is true?",
            "1 · the b of “a” is true? -yes> 1.1 · Sends a message",
            "1 · the b of “a” is true? -no> 1.2 · The run ends here, and went well: “enough [1] {2} \"3\"”",
            "1.1 · Sends a message -> 2 · For each “item” of the list of “a”, one after the other",
            "2 · For each “item” of the list of “a”, one after the other -each> 2.1 · the x of “item” is true?",
            "2.1 · the x of “item” is true? -yes> 2.1 · Changes fields of a ticket",
            "2.1 · the x of “item” is true? -no^> 2 · For each “item” of the list of “a”, one after the other",
            "2.1 · Changes fields of a ticket -^> 2 · For each “item” of the list of “a”, one after the other",
            "2 · For each “item” of the list of “a”, one after the other -when all are done> 3 · try",
            "3 · try -> 3.1 · Changes fields of a ticket",
            "3 · try -if that fails!> 3.2 · The run ends here as failed: “no”",
            "3.1 · Changes fields of a ticket -> 3 · at the end, whatever happened",
            "3 · at the end, whatever happened -> 3.3 · Wait 1 minute",
            "4 · Ask the lead of support to approve or reject: “ok” -approved> 5 · At the same time",
            "4 · Ask the lead of support to approve or reject: “ok” -not in time!> the step fails",
            "4 · Ask the lead of support to approve or reject: “ok” -rejected> 4.1 · Wait 2 minutes",
            "4.1 · Wait 2 minutes -> 5 · At the same time", "5 · At the same time -> 5.1 · Wait 3 minutes",
            "5.2 · Run the playbook other and wait for its end -> 5 · all have ended",
            "6 · the c of “a”? -1 or 2> 6.1 · Note for later", "6 · the c of “a”? -anything else> the run ends well",
            "6.1 · Note for later -> the run ends well",
            "If a step fails and nothing catches it -!> F1 · Sends a message",
            "F1 · Sends a message -> the run ends as failed",
        ] {
            #expect(found.contains(expected), "\(expected)\n--\n\(found.sorted().joined(separator: "\n"))")
        }
    }

    @Test func `mermaid takes every text as text`() throws {
        let text = MermaidText.text(try chart())
        #expect(text.hasPrefix("flowchart TD\n    n1([\"When a ticket is created"))
        #expect(text.contains("“enough #91;1#93; #123;2#125; #34;3#34;”"))
        for line in text.split(separator: "\n").dropFirst() where !line.contains("classDef") && !line.contains("class ")
        {
            let outside = line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter {
                $0.offset % 2 == 0
            }
            .map(\.element).joined()
            #expect(line.filter { $0 == "\"" }.count % 2 == 0, "\(line)")
            #expect(!outside.contains("“") && !outside.contains("·"), "\(line)")
        }
    }

    @Test(
        "every sample is drawn: no box on another, every arrow has its ends, every box is reached",
        arguments: ReadPlaybook.samples)
    func samples(name: String) throws {
        let chart = FlowChartBuilder.chart(try ReadPlaybook.sample(name), actions: ReadPlaybook.actions)
        let ids = Set(chart.boxes.map(\.id))
        #expect(ids.count == chart.boxes.count)
        for arrow in chart.arrows { #expect(ids.contains(arrow.from) && ids.contains(arrow.to)) }
        let reached = Set(chart.arrows.map(\.to))
        for box in chart.boxes where box.shape != .start { #expect(reached.contains(box.id), "\(box.lines)") }
        #expect(MermaidText.text(chart).split(separator: "\n").count > chart.boxes.count)
        let picture = FlowChartSVG.text(chart)
        let parser = XMLParser(data: Data(picture.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let layout = FlowChartSVG.boxes(chart)
        for (index, one) in layout.enumerated() {
            #expect(
                one.x >= 0 && one.y >= 0 && one.x + one.width <= one.within.width
                    && one.y + one.height <= one.within.height)
            for other in layout[..<index] {
                let isApart =
                    one.x >= other.x + other.width || other.x >= one.x + one.width || one.y >= other.y + other.height
                    || other.y >= one.y + one.height
                #expect(isApart, "\(chart.boxes[index].lines)")
            }
        }
    }

    @Test func `a picture shows marks of XML as text`() throws {
        let picture = FlowChartSVG.text(try chart())
        #expect(picture.contains("<title>A &quot;title&quot; &lt;with&gt; marks &amp; more</title>"))
        #expect(XMLParser(data: Data(picture.utf8)).parse())
    }
}
