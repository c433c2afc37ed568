import Foundation
import Templates
import Testing
import WorkflowModel

/// The data of the Mustache specification (mustache/spec 1.4, MIT, see Conformance/). Inheritance, dynamic names and
/// lambdas are optional modules there and no part of these templates.
@Suite struct ConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let template: String
        let data: Value
        let partials: [(name: String, text: String)]
        let expected: String

        var testDescription: String { id }
    }

    struct Unreadable: Error {}

    /// Where the specification prints nothing for what is not there; here each is an error.
    static let refused: [String: String] = [
        "interpolation/Ampersand Context Miss Interpolation": "a name that is not there",
        "interpolation/Basic Context Miss Interpolation": "a name that is not there",
        "interpolation/Triple Mustache Context Miss Interpolation": "a name that is not there",
        "interpolation/Ampersand Null Interpolation": "null where text is wanted",
        "interpolation/Basic Null Interpolation": "null where text is wanted",
        "interpolation/Triple Mustache Null Interpolation": "null where text is wanted",
        "interpolation/Dotted Names - Broken Chains": "a field that is not there",
        "interpolation/Dotted Names - Broken Chain Resolution": "a field that is not there",
        "interpolation/Dotted Names - Context Precedence": "a field that is not there",
        "interpolation/Dotted Names are never single keys": "a name that is not there",
        "inverted/Context Misses": "a name that is not there",
        "inverted/Dotted Names - Broken Chains": "a field that is not there",
        "sections/Context Misses": "a name that is not there",
        "sections/Dotted Names - Broken Chains": "a field that is not there",
        "partials/Failed Lookup": "a template that is not there",
        "partials/Recursion": "a template that puts in itself",
    ]

    static func cases(_ file: String) throws -> [Case] {
        guard let url = Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Conformance") else {
            throw Unreadable()
        }
        let root = try JSON.parse(Array(try Data(contentsOf: url)))
        return try (root["tests"]?.list ?? []).map { test in
            guard let name = test["name"]?.string, let template = test["template"]?.string,
                let expected = test["expected"]?.string, let data = test["data"]
            else { throw Unreadable() }
            let partials = (test["partials"]?.map?.entries ?? []).compactMap { entry in
                entry.key.string.flatMap { key in entry.value.string.map { (key, $0) } }
            }
            return Case(
                id: "\(file)/\(name)", template: template, data: data, partials: partials, expected: expected)
        }
    }

    static func output(_ test: Case) throws -> String {
        // HTML, since the specification escapes everywhere.
        var scope = ValueMap()
        var text = test.template
        if case .map(let map) = test.data {
            scope = map
        } else {
            // Here the outermost scope is always a map; any other value is reached as the element of a section.
            scope = ["all": [test.data]]
            text = "{{#all}}\(text){{/all}}"
        }
        var templates = [try MessageTemplate(name: "main", file: "main.html.mustache", text: text)]
        for (name, text) in test.partials {
            templates.append(try MessageTemplate(name: name, file: "\(name).html.mustache", text: text))
        }
        return try TemplateLibrary(templates).render("main", scope)
    }

    @Test(
        "the specification's own cases come out as it says, or are refused for a reason",
        arguments: [
            ("comments", 12), ("delimiters", 14), ("interpolation", 42), ("inverted", 22), ("partials", 12),
            ("sections", 34),
        ])
    func specification(file: String, count: Int) throws {
        let cases = try Self.cases(file)
        #expect(cases.count == count)
        for test in cases {
            if let reason = Self.refused[test.id] {
                #expect(throws: TemplateError.self, "\(test.id): \(reason)") { try Self.output(test) }
            } else {
                do {
                    #expect(try Self.output(test) == test.expected, "\(test.id)")
                } catch {
                    Issue.record("\(test.id): \(error)")
                }
            }
        }
    }
}
