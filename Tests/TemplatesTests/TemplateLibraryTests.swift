import Templates
import Testing
import WorkflowModel

@Suite struct TemplateLibraryTests {
    private static func library(_ texts: [(String, String)]) throws(TemplateError) -> TemplateLibrary {
        var templates: [MessageTemplate] = []
        for (name, text) in texts { templates.append(try MessageTemplate(name: name, text: text)) }
        return try TemplateLibrary(templates)
    }

    @Test func `a partial sees the names around it and keeps its text unescaped`() throws {
        let library = try Self.library([
            ("mail", "{{#people}}\n  {{>mails/line}}\n{{/people}}\n{{>foot}}"),
            ("mails/line", "- {{name}} <{{host}}>\n"),
            ("foot", "-- {{host}} & co"),
        ])
        let scope: ValueMap = ["host": "desk", "people": [["name": "A"], ["name": "B", "host": "other"]]]
        #expect(try library.render("mail", scope) == "  - A <desk>\n  - B <other>\n-- desk & co")
    }

    @Test func `a missing name in a partial is reported in the partial's file`() throws {
        let library = try Self.library([("mail", "{{>foot}}"), ("foot", "\n {{hots}}")])
        let failure = #expect(throws: TemplateError.self) { try library.render("mail", ["host": "x"]) }
        #expect(failure?.description == "foot.mustache:2:2: nothing is named hots here; did you mean host?")
    }

    @Test func `the names of a template include those of its partials, with the sections around`() throws {
        let library = try Self.library([("mail", "{{a}}{{#b}}{{>foot}}{{/b}}"), ("foot", "{{#c}}{{d}}{{/c}}")])
        #expect(library.names(of: "mail").map(\.name) == ["a", "b", "c", "d"])
        #expect(library.names(of: "mail").map(\.enclosing) == [[], [], [["b"]], [["b"], ["c"]]])
        #expect(library.names(of: "nothing").isEmpty)
    }

    @Test(
        "templates that do not fit together are refused",
        arguments: [
            [("a", "{{>b}}")], [("a", "{{>a}}")], [("a", "{{>b}}"), ("b", "{{>c}}"), ("c", "x{{>a}}")],
            [("a", "x"), ("a", "y")],
        ])
    func refused(texts: [(String, String)]) {
        #expect(throws: TemplateError.self) { try Self.library(texts) }
    }

    @Test func `partials that multiply are stopped before they are printed`() throws {
        var texts = [("t0", String(repeating: "x", count: 100))]
        for level in 1...40 { texts.append(("t\(level)", "{{>t\(level - 1)}}{{>t\(level - 1)}}")) }
        let library = try Self.library(texts)
        #expect(try library.render("t3", [:]).utf8.count == 800)
        #expect(throws: TemplateError.self) { try library.render("t40", [:]) }
    }

    @Test func `a chain of partials has a depth limit`() throws {
        var texts = [("t0", "x")]
        for level in 1...65 { texts.append(("t\(level)", "{{>t\(level - 1)}}")) }
        #expect(throws: TemplateError.self) { try Self.library(texts) }
        #expect(try Self.library(Array(texts.dropLast())).render("t64", [:]) == "x")
    }

    @Test func `a template that is not there is named with the nearest one`() throws {
        let failure = #expect(throws: TemplateError.self) {
            try Self.library([("sla-at-risk", "x")]).render("sla-at-rsik", [:])
        }
        #expect(failure?.message.contains("did you mean sla-at-risk") == true)
    }

    @Test func `values may come from a closure`() throws {
        let library = try Self.library([("m", "{{a}}{{b.c}}")])
        let text = try library.render("m") { $0 == "a" ? .int(1) : $0 == "b" ? ["c": 2] : nil }
        #expect(text == "12")
    }
}
