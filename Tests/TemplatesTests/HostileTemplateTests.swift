import Templates
import Testing
import WorkflowModel

/// Random texts made of the pieces that templates are made of. Each is refused with an error or printed; never may a
/// crash come out, nor a number that stands for a name inside.
@Suite struct HostileTemplateTests {
    private struct Generator {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
    }

    private static let pieces = [
        "{{", "}}", "{{{", "}}}", "{", "}", "#", "^", "/", "!", "=", "&", ">", "%", "$", "<", "|", "a", "b", "c.d", ".",
        " ",
        "\n", "\r\n", "\t", "text", "{{a}}", "{{#b}}", "{{/b}}", "{{^b}}", "{{>p}}", "{{=| |=}}", "|={{ }}=|", "|a|",
        "é",
        "\u{301}", "{{! c }}", "\u{0}", "🧯", "{{c.d}}", "{{#l}}", "{{/l}}", "{{.}}", "{{=<% %>=}}", "<%a%>", "<%#b%>",
        "<%/b%>",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever stands in a template, it is printed or refused`(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let scope: ValueMap = ["a": "A", "b": true, "c": ["d": 1], "l": ["x", "y"]]
        let partial = try MessageTemplate(name: "p", text: "[{{a}}]\n")
        var printed = 0
        for _ in 0..<3000 {
            let text = (0...generator.next(below: 12)).map { _ in Self.pieces[generator.next(below: Self.pieces.count)]
            }
            .joined()
            do throws(TemplateError) {
                let template = try MessageTemplate(name: "m", text: text)
                let output = try TemplateLibrary([template, partial]).render("m", scope)
                printed += 1
                #expect(!output.contains("t0n"), "\(text.debugDescription), seed \(seed)")
                if template.names.isEmpty, template.partials.isEmpty, !text.contains("!"), !text.contains("=") {
                    #expect(output == text, "\(text.debugDescription), seed \(seed)")
                }
            } catch {
                #expect(!error.message.isEmpty && error.place.line >= 1 && error.place.column >= 1)
            }
        }
        #expect(printed > 100)
    }
}
