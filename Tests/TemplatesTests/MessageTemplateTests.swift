import Templates
import Testing
import WorkflowModel

@Suite struct MessageTemplateTests {
    static let scope: ValueMap = [
        "ticket": [
            "id": "ZD-7", "title": "Printer <down> & out", "priority": 2, "owner": nil, "open": true, "closed": false,
            "tags": ["net", "vip"], "none": [], "score": .double(0.5), "whole": .double(3),
            "contact": ["name": "Desk", "mail": "desk@example.com"],
        ],
        "due": .timestamp(Timestamp(seconds: 1_768_469_400)), "left": .duration(.seconds(5400)),
        "steps": [["name": "one", "notes": ["a", "b"]], ["name": "two", "notes": []]], "zero": 0, "empty": "",
        "token": .secret(SecretText(secret: "api")), "raw": .bytes([1]),
    ]

    private static func render(_ text: String, file: String? = nil) throws(TemplateError) -> String {
        try MessageTemplate(name: "note", file: file, text: text).render(scope)
    }

    private static func failure(_ text: String) -> TemplateError? {
        do throws(TemplateError) {
            _ = try render(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what is there is printed",
        arguments: [
            ("{{ticket.id}}: {{ticket.title}}", "ZD-7: Printer <down> & out"),
            ("{{ticket.priority}} {{ticket.score}} {{ticket.whole}} {{ticket.open}}", "2 0.5 3 true"),
            ("{{due}} in {{left}}", "2026-01-15T09:30:00Z in 1h 30m"),
            ("{{#ticket.tags}}<{{.}}>{{/ticket.tags}}", "<net><vip>"),
            ("{{#ticket.none}}x{{/ticket.none}}{{^ticket.none}}no tags{{/ticket.none}}", "no tags"),
            ("{{#ticket.owner}}x{{/ticket.owner}}{{^ticket.owner}}nobody{{/ticket.owner}}", "nobody"),
            (
                "{{#ticket.owner.team.name}}x{{/ticket.owner.team.name}}{{^ticket.owner.team}}none{{/ticket.owner.team}}",
                "none"
            ),
            ("{{#ticket.open}}open{{/ticket.open}}{{^ticket.open}}x{{/ticket.open}}", "open"),
            ("{{#ticket.closed}}x{{/ticket.closed}}{{^ticket.closed}}not closed{{/ticket.closed}}", "not closed"),
            ("{{#ticket.contact}}{{name}} of {{ticket.id}}{{/ticket.contact}}", "Desk of ZD-7"),
            (
                "{{#steps}}{{name}}:{{#notes}}{{.}}{{name}} {{/notes}}{{^notes}}-{{/notes}};{{/steps}}",
                "one:aone bone ;two:-;"
            ),
            (
                "{{#zero}}0 is a value{{/zero}}{{#empty}}, so is no text{{empty}}{{/empty}}",
                "0 is a value, so is no text"
            ),
            ("{{! a comment with {{ in it }}x", "x"), ("", ""), ("no tags { } here\n", "no tags { } here\n"),
            ("{{=<% %>=}}<%ticket.id%> {{ticket.id}}", "ZD-7 {{ticket.id}}"),
            ("{{\n ticket.id\n}}", "ZD-7"),
            ("A\n{{#ticket.open}}\nB\n{{/ticket.open}}\nC", "A\nB\nC"),
        ])
    func printed(text: String, expected: String) throws {
        #expect(try Self.render(text) == expected)
    }

    @Test(
        "what is not there is an error with its place, never an empty text",
        arguments: [
            ("{{tikcet.id}}", 1, 1, "did you mean ticket"), ("Hello\n  {{ticket.titel}}", 2, 3, "did you mean title"),
            ("{{#unknown}}{{/unknown}}", 1, 1, "unknown"), ("{{^unknown}}x{{/unknown}}", 1, 1, "unknown"),
            ("{{^ticket.unknown}}x{{/ticket.unknown}}", 1, 1, "no field unknown"),
            ("{{#steps}}\n{{nmae}}{{/steps}}", 2, 1, "nmae"),
            ("{{#ticket.tags}}{{.name}}{{/ticket.tags}}", 1, 17, "no name"),
            ("{{ticket.owner}}", 1, 1, "is empty"), ("a {{ticket.owner.name}}", 1, 3, "ticket.owner is empty"),
            ("{{{ticket.owner}}}", 1, 1, "is empty"), ("{{&ticket.unknown}}", 1, 1, "unknown"),
            ("{{ticket.id.x}}", 1, 1, "has no field x"), ("{{ticket.tags}}", 1, 1, "is a list"),
            ("{{ticket}}", 1, 1, "is a map"), ("{{.}}", 1, 1, "element at hand"), ("{{token}}", 1, 1, "secret"),
            ("{{raw}}", 1, 1, "bytes"), ("{{#ticket.contact}}{{.}}{{/ticket.contact}}", 1, 20, "is a map"),
            ("é✂️ {{nope}}", 1, 4, "nope"),
        ])
    func missing(text: String, line: Int, column: Int, part: String) {
        let failure = Self.failure(text)
        #expect(failure?.place == SourcePlace(file: "note.mustache", line: line, column: column))
        #expect(failure?.message.contains(part) == true, "\(failure?.message ?? "nothing")")
    }

    @Test(
        "a template that is wrong is refused where it is wrong",
        arguments: [
            ("{{", 1, 1), ("x {{ticket.id", 1, 3), ("{{#a}}", 1, 1), ("{{#a}}\n{{/b}}", 2, 1), ("{{/a}}", 1, 1),
            ("{{}}", 1, 1), ("{{ a b }}", 1, 1), ("{{a..b}}", 1, 1), ("{{a.}}", 1, 1), ("{{uppercased(a)}}", 1, 1),
            ("{{a + 1}}", 1, 1), ("{{<parent}}{{/parent}}", 1, 1), ("{{$block}}{{/block}}", 1, 1),
            ("{{% CONTENT_TYPE:HTML}}", 1, 1), ("{{>*dynamic}}", 1, 1), ("{{> }}", 1, 1), ("{{>../x}}", 1, 1),
            ("{{{a}}", 1, 1), ("{{=x y=}}", 1, 1), ("{{=<% =}}", 1, 1), ("{{#a}}{{=<% %>=}}<%/a%>", 1, 7),
            ("{{! open", 1, 1), ("a\r\nb {{é}}", 2, 3),
        ])
    func malformed(text: String, line: Int, column: Int) {
        #expect(Self.failure(text)?.place == SourcePlace(file: "note.mustache", line: line, column: column))
    }

    @Test func `what a playbook would write is refused with the form of templates`() throws {
        let failure = try #require(Self.failure("A\n  ${{ ticket.id }}"))
        #expect(
            failure.message.contains("write {{ ticket.id }}") && failure.place.line == 2 && failure.place.column == 3)
        #expect(try Self.render("$ {{ticket.id}}, $, {{=<% %>=}}${{ticket.id}}") == "$ ZD-7, $, ${{ticket.id}}")
    }

    @Test func `only HTML files are escaped, and there even a mark with an accent`() throws {
        let scope: ValueMap = ["x": "<a href=\"'&\">\u{301}"]
        let html = try MessageTemplate(name: "m", file: "m.html.mustache", text: "{{x}} {{{x}}} {{&x}}").render(scope)
        #expect(html.unicodeScalars.starts(with: "&lt;a href=&quot;&#39;&amp;&quot;&gt;\u{301} <a".unicodeScalars))
        #expect(try MessageTemplate(name: "m", text: "{{x}}").render(scope) == "<a href=\"'&\">\u{301}")
    }

    @Test func `every name is listed with its place, role and the sections around it`() throws {
        let template = try MessageTemplate(
            name: "m", text: "{{a.b}}\n{{#list}}{{x}}{{^none}}{{.}}{{/none}}{{>foot}}{{/list}}")
        func place(_ line: Int, _ column: Int) -> SourcePlace {
            SourcePlace(file: "m.mustache", line: line, column: column)
        }
        #expect(
            template.names == [
                NameUse(path: ["a", "b"], role: .text, place: place(1, 1)),
                NameUse(path: ["list"], role: .section, place: place(2, 1)),
                NameUse(path: ["x"], role: .text, place: place(2, 10), enclosing: [["list"]]),
                NameUse(path: ["none"], role: .inverted, place: place(2, 15), enclosing: [["list"]]),
                NameUse(path: [], role: .text, place: place(2, 24), enclosing: [["list"]]),
            ])
        #expect(template.partials == [PartialUse(name: "foot", place: place(2, 38), enclosing: [["list"]])])
    }

    @Test func `a template or output over the limit is refused`() throws {
        let long = String(repeating: "x", count: 256 << 10)
        _ = try MessageTemplate(name: "m", text: long)
        #expect(throws: TemplateError.self) { try MessageTemplate(name: "m", text: long + "x") }
        let five: ValueMap = ["list": .list(Array(repeating: 1, count: 5))]
        #expect(throws: TemplateError.self) {
            try MessageTemplate(name: "m", text: "{{#list}}" + long.dropLast(20) + "{{/list}}").render(five)
        }
        #expect(throws: TemplateError.self) {
            try MessageTemplate(name: "m", text: "{{a}}").render(["a": .string(long + long + long + long + "x")])
        }
        let many: ValueMap = ["l": .list(Array(repeating: 1, count: 2000))]
        let nested = try MessageTemplate(name: "m", text: "{{#l}}{{#l}}{{#l}}{{#l}}x{{/l}}{{/l}}{{/l}}{{/l}}")
        #expect(throws: TemplateError.self) { try nested.render(many) }
    }

    @Test func `sections may lie 64 deep and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#a}}", count: depth) + "x" + String(repeating: "{{/a}}", count: depth)
        }
        #expect(try MessageTemplate(name: "m", text: nested(64)).render(["a": ["a": true]]) == "x")
        #expect(throws: TemplateError.self) { try MessageTemplate(name: "m", text: nested(65)) }
    }
}
