import EditorSchemas
import Foundation
import Playbooks
import PluginHost
import PluginKit
import Shapes
import Testing
import WorkflowModel
import Workspaces
import YAML

/// The schemas for editors, held against a JSON Schema library and against the checker.
///
/// The library is `jsonschema` of Python (Debian: `python3-jsonschema`), the reference for what schemas mean; `scripts/setup tests`
/// installs it. Without it these tests are skipped and say so.
@Suite(
    "Schemas for editors", .enabled(if: SchemaJudge.isThere, "python3 with jsonschema is missing: scripts/setup tests"))
struct SchemaTests {
    private static func environment() throws -> CheckEnvironment {
        var (workspace, environment) = try SampleWorkspaceTests.environment()
        environment.callable = Dictionary(
            WorkspaceCheck.run(workspace, in: environment).workflows.map { ($0.id, $0.callable) },
            uniquingKeysWith: { first, _ in first })
        return environment
    }

    private static func manifests() throws -> [(name: String, source: SourceFile)] {
        let folder = SampleWorkspaceTests.root.appending(path: "plugins")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            let data = try Data(contentsOf: folder.appending(path: "\($0)/plugin.yaml"))
            return ($0, SourceFile(path: "plugins/\($0)/plugin.yaml", bytes: Array(data)))
        }
    }

    private static func value(_ text: String) -> Value {
        YAMLParser.parse(SourceFile(path: "test.yaml", text: text)).root?.plainValue ?? .null
    }

    @Test func `every schema is one by draft-07 and by 2020-12`() throws {
        let environment = try Self.environment()
        let schemas =
            [
                EditorSchemas.playbook(environment), EditorSchemas.playbook(.structureOnly),
                EditorSchemas.settings(environment, plugins: []), EditorSchemas.plugin(),
            ] + EventCatalog.standard.types.map { EditorSchemas.event($0.name, data: $0.schema) }
        #expect(try SchemaJudge.problemsOfSchemas(schemas) == [])
    }

    @Test func `all sample playbooks are valid`() throws {
        let workspace = try SampleWorkspaceTests.environment().workspace
        let files = workspace.playbookFiles
        let verdicts = try SchemaJudge.verdicts(
            files.map { YAMLParser.parse($0).root?.plainValue ?? .null }, by: EditorSchemas.playbook(Self.environment())
        )
        for (file, verdict) in zip(files, verdicts) { #expect(verdict == nil, "\(file.path)") }
        #expect(files.count > 10)
    }

    @Test func `the settings and the manifests of this repository are valid`() throws {
        let sources = try Self.manifests()
        let manifests = sources.compactMap { ManifestReader.read($0.source).manifest }
        #expect(manifests.count == sources.count)
        let verdicts = try SchemaJudge.verdicts(
            sources.map { YAMLParser.parse($0.source).root?.plainValue ?? .null }, by: EditorSchemas.plugin())
        for (source, verdict) in zip(sources, verdicts) { #expect(verdict == nil, "\(source.name)") }
        let settings = try String(
            contentsOf: SampleWorkspaceTests.folder.appending(path: "signalbox.yaml"), encoding: .utf8)
        let schema = EditorSchemas.settings(try Self.environment(), plugins: manifests)
        #expect(try SchemaJudge.verdicts([Self.value(settings)], by: schema) == [nil])
    }

    @Test func `the sample events are valid`() throws {
        let folder = SampleWorkspaceTests.folder.appending(path: "events")
        for type in EventCatalog.standard.types {
            let file = folder.appending(path: "\(type.name).json")
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            let schema = EditorSchemas.event(type.name, data: type.schema)
            #expect(try SchemaJudge.verdicts([JSON.parse(text)], by: schema) == [nil], "\(type.name)")
        }
    }

    /// Each must be refused by the schema and by the checker.
    @Test func `mistakes of structure are refused`() throws {
        let right = """
            playbook: p
            owner: user1@example.com
            mode: active
            trigger: { event: ticket.created }
            steps:
              - uses: notify.send
                with: { to: assignee, text: hello }
            """
        let wrong: [(what: String, text: String)] = [
            ("a misspelt key", right + "\nstepps: []"), ("no steps", right.replacing("steps:", with: "vars:")),
            ("an unknown mode", right.replacing("active", with: "on")),
            ("no trigger", right.replacing("trigger: { event: ticket.created }", with: "")),
            ("a trigger of two kinds", right.replacing("{ event", with: "{ manual: {}, event")),
            ("an unknown action", right.replacing("notify.send", with: "notify.sent")),
            ("an unknown input", right.replacing("text: hello", with: "text: hello, colour: red")),
            ("a missing input", right.replacing("to: assignee, ", with: "")),
            ("a step of two kinds", right + "\n    wait: 5m"), ("a step of no kind", right + "\n  - name: nothing"),
            ("a duration without a unit", right + "\n  - wait: 30"),
            ("a duration in words", right + "\n  - wait: soon"),
            ("two gates for repeats", right + "\nignore_repeats_for: 5m\ncollect_for: 5m"),
            ("group_by alone", right + "\ngroup_by: ticket.id"),
            ("a breaker of two words", right + "\nbreaker: sometimes"),
            ("a limit that is too great", right + "\nthrottle: { limit: 5000, per: 1h }"),
            ("a wait without time-out", right + "\n  - wait_for: { event: ticket.closed }"),
            ("a case without value", right + "\n  - switch: ticket.priority\n    cases: [{ then: [{ stop: x }] }]"),
            ("a try without rescue", right + "\n  - try: [{ wait: 5m }]"),
            ("a question to nobody", right + "\n  - ask: { question: really? }"),
            ("an id with capitals", right + "\n  - { id: Big, wait: 5m }"),
            ("an expression with =", right + "\n  - { if: '=true', wait: 5m }"),
            ("steps that are no list", right + "\non_failure: { wait: 5m }"),
        ]
        let environment = try Self.environment()
        let verdicts = try SchemaJudge.verdicts(
            ([("right", right)] + wrong).map { Self.value($0.1) }, by: EditorSchemas.playbook(environment))
        #expect(verdicts[0] == nil)
        for (case_, verdict) in zip(wrong, verdicts.dropFirst()) {
            #expect(verdict != nil, "\(case_.what)")
            let said = PlaybookReader.read(SourceFile(path: "p.yaml", text: case_.text), in: environment).diagnostics
            #expect(said.contains { $0.severity == .error }, "\(case_.what)")
        }
    }

    /// The schema must never refuse what the checker lets pass: values of the sample playbooks are replaced by all sorts of things, and
    /// whatever the schema then refuses must be an error to the checker, too.
    @Test func `what a schema refuses is an error to the checker`() throws {
        let environment = try Self.environment()
        let others: [Value] = [
            .null, true, 7, 0.5, "5m", "text", "=ticket.id", "${{ ticket.id }}", ["a"], [], ["x": 1], .map(ValueMap()),
        ]
        var mutants: [(place: String, value: Value)] = []
        for file in try SampleWorkspaceTests.environment().workspace.playbookFiles {
            guard let value = YAMLParser.parse(file).root?.plainValue else { continue }
            var count = 0
            Self.mutate(value, path: "", others, &count) { place, mutant in
                mutants.append(("\(file.path.split(separator: "/").last ?? "") \(place)", mutant))
            }
        }
        #expect(mutants.count > 300)
        // Every so many, so that it takes seconds and each playbook has its share.
        mutants = stride(from: 0, to: mutants.count, by: max(1, mutants.count / 250)).map { mutants[$0] }
        let verdicts = try SchemaJudge.verdicts(mutants.map(\.value), by: EditorSchemas.playbook(environment))
        var refused = 0
        for (mutant, verdict) in zip(mutants, verdicts) {
            guard let verdict else { continue }
            refused += 1
            let text = JSONWriter.text(mutant.value, indent: 1)
            let said = PlaybookReader.read(SourceFile(path: "p.yaml", text: text), in: environment).diagnostics
            #expect(said.contains { $0.severity == .error }, "\(mutant.place): \(verdict)")
        }
        #expect(refused > mutants.count / 3)
    }

    /// Calls `body` with copies of `value` in which one part is something else; of the others each is tried at every seventeenth place.
    private static func mutate(
        _ value: Value, path: String, _ others: [Value], _ count: inout Int, _ body: (String, Value) -> Void
    ) {
        for (index, other) in others.enumerated() where (index + count) % 17 == 0 {
            body("\(path) = \(JSONWriter.text(other))", other)
        }
        count += 1
        switch value {
        case .map(let map):
            for entry in map {
                guard let key = entry.key.string else { continue }
                mutate(entry.value, path: "\(path).\(key)", others, &count) { place, part in
                    var copy = map
                    copy[key] = part
                    body(place, .map(copy))
                }
            }
        case .list(let items):
            for (index, item) in items.enumerated() {
                mutate(item, path: "\(path)[\(index)]", others, &count) { place, part in
                    var copy = items
                    copy[index] = part
                    body(place, .list(copy))
                }
            }
        default: break
        }
    }

    @Test func `every key and every word of a choice has a text for people`() {
        for library in [PlaybookShapes.library, EditorSchemas.settings, ManifestShapes.library] {
            for shape in library.shapes {
                #expect(!shape.summary.isEmpty, "\(shape.id)")
                for key in shape.keys { #expect(key.summary.count > 5, "\(shape.id).\(key.name)") }
            }
        }
    }
}

/// Asks Python's `jsonschema`.
enum SchemaJudge {
    static let isThere = (try? run("import jsonschema", input: "")) != nil

    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    /// What is wrong with each schema as a schema, by draft-07 and by 2020-12.
    static func problemsOfSchemas(_ schemas: [Value]) throws -> [String] {
        let program = """
            import json, sys
            from jsonschema import Draft7Validator, Draft202012Validator
            out = []
            for schema in json.load(sys.stdin):
                for validator in (Draft7Validator, Draft202012Validator):
                    meta = dict(schema); meta.pop("$schema", None)
                    out += [schema["title"] + ": " + e.message[:300] for e in validator(validator.META_SCHEMA).iter_errors(meta)]
            print(json.dumps(out))
            """
        let said = try run(program, input: JSONWriter.text(.list(schemas)))
        return try JSON.parse(said).list?.compactMap(\.string) ?? []
    }

    /// Why each value does not fit; nil where it does.
    static func verdicts(_ values: [Value], by schema: Value) throws -> [String?] {
        let program = """
            import json, sys
            from jsonschema import Draft7Validator, Draft202012Validator
            given = json.load(sys.stdin)
            validators = [v(given["schema"]) for v in (Draft7Validator, Draft202012Validator)]
            out = []
            for value in given["values"]:
                said = []
                for validator in validators:
                    error = next(validator.iter_errors(value), None)
                    said.append(None if error is None else "/".join(map(str, error.absolute_path)) + ": " + error.message[:200])
                if (said[0] is None) != (said[1] is None):
                    raise SystemExit("the drafts do not agree: " + str(said))
                out.append(said[0])
            print(json.dumps(out))
            """
        let said = try run(program, input: JSONWriter.text(["schema": schema, "values": .list(values)]))
        return try JSON.parse(said).list?.map(\.string) ?? []
    }

    /// Runs a program of Python on `input`, for at most a minute.
    private static func run(_ program: String, input: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, outputFile) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "60", "python3", "-W", "ignore", "-c", program]
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        let output = try FileHandle(forWritingTo: outputFile)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let said = try String(contentsOf: outputFile, encoding: .utf8)
        guard process.terminationStatus == 0 else { throw Unusable(description: said) }
        return said
    }
}
