import Foundation
import Playbooks
import PluginHost
import PluginKit
import Testing
import WorkflowModel
import Workspaces
import YAML

/// The workspace that this repository ships is right, and what is meant to be wrong in it is.
@Suite("The sample workspace")
struct SampleWorkspaceTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appending(path: "workflows")

    static func actions() throws -> (signatures: [ActionSignature], emitted: [String]) {
        var signatures: [ActionSignature] = []
        var emitted: [String] = []
        for plugin in ["ticket", "enrich", "route", "notify", "maintenance", "sla", "incident", "postmortem"] {
            let file = root.appending(path: "plugins/\(plugin)/plugin.yaml")
            let (manifest, said) = ManifestReader.read(
                SourceFile(path: "plugins/\(plugin)/plugin.yaml", bytes: Array(try Data(contentsOf: file))))
            let read = try #require(manifest, "\(said)")
            emitted += read.emits
            signatures += read.actions.map { action in
                var signature = ActionSignature(
                    name: "\(read.name).\(action.name)", effect: action.effect.rawValue, input: action.input,
                    output: action.output, summary: action.summary)
                signature.emits = action.emits
                signature.echoes = action.echoes
                signature.onceBy = action.onceBy
                signature.sets = action.sets
                signature.target = action.target
                signature.hasRetry = action.retry != nil
                return signature
            }
        }
        return (signatures, emitted)
    }

    static func environment() throws -> (workspace: Workspace, environment: CheckEnvironment) {
        let load = WorkspaceLoader.load(folder.path)
        for diagnostic in load.diagnostics { Issue.record("\(shown(diagnostic))") }
        let workspace = try #require(load.workspace)
        let (signatures, emitted) = try actions()
        return (workspace, workspace.checkEnvironment(actions: signatures, emitted: emitted, implied: ["priority"]))
    }

    static func shown(_ diagnostic: Diagnostic) -> String {
        let place = diagnostic.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
        let file = diagnostic.file.split(separator: "/").suffix(2).joined(separator: "/")
        return "\(file)\(place): \(diagnostic.message)\(diagnostic.help.map { " (\($0))" } ?? "")"
    }

    @Test func `settings, tables, templates and playbooks pass the check without a word`() throws {
        let (workspace, environment) = try Self.environment()
        let result = WorkspaceCheck.run(workspace, in: environment)
        #expect(result.allowed.isEmpty)
        for diagnostic in result.diagnostics { Issue.record("\(Self.shown(diagnostic))") }
        #expect(workspace.playbookFiles.count == 16)
        #expect(result.workflows.count == workspace.playbookFiles.count)
    }

    @Test func `the defaults for failed playbooks pass the check, too`() throws {
        let (_, environment) = try Self.environment()
        let file = Self.folder.appending(path: "signalbox.yaml")
        let root = YAMLParser.parse(SourceFile(path: "signalbox.yaml", bytes: Array(try Data(contentsOf: file)))).root
        let defaults = try #require(root?["defaults"])
        let said = PlaybookDefaults.read(defaults, in: environment).diagnostics
        #expect(said.map(Self.shown).isEmpty, "\(said.map(Self.shown))")
    }

    @Test func `every template is used by a playbook or by another template`() throws {
        let (workspace, _) = try Self.environment()
        let texts =
            workspace.playbookFiles.map(\.text) + workspace.templateTexts.values
            + [try String(contentsOf: Self.folder.appending(path: "signalbox.yaml"), encoding: .utf8)]
        for name in workspace.templateTexts.keys.sorted() {
            let isUsed = texts.contains {
                $0.contains("template: \(name)") || $0.contains("{{>\(name)}}")
            }
            #expect(isUsed, "\(name)")
        }
    }

    @Test(arguments: [
        ("misspelt-action.yaml", 12, "did you mean `notify.send`?"),
        ("unknown-field.yaml", 9, "did you mean `ticket.service`?"),
        ("quote-in-front.yaml", 9, "'\"vip\" in ticket.tags'"),
        ("missing-input.yaml", 11, "starts_at"),
        ("step-too-early.yaml", 12, "runs after this step"),
    ])
    func `each mistake is one good error`(file: String, line: Int, words: String) throws {
        let (_, environment) = try Self.environment()
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: "mistakes/\(file)")))
        let said = PlaybookReader.read(SourceFile(path: file, bytes: bytes), in: environment).diagnostics
        #expect(said.count == 1, "\(said.map(Self.shown))")
        let one = try #require(said.first)
        #expect(one.severity == .error && one.range?.start.line == line, "\(Self.shown(one))")
        let all = [one.message, one.help ?? "", one.fixedLine ?? ""].joined(separator: "\n")
        #expect(all.contains(words), "\(all)")
    }

    @Test func `the mistakes are these five`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "mistakes").path)
        #expect(names.filter { $0.hasSuffix(".yaml") }.count == 5)
    }

    @Test(arguments: EventCatalog.standard.names)
    func `there is a sample event of each known type, and it is one`(type: String) throws {
        let file = Self.folder.appending(path: "events/\(type).json")
        let value = try JSON.parse(Array(try Data(contentsOf: file)))
        let event = try Event(cloudEvent: value, now: Timestamp(seconds: 0))
        #expect(event.type == type)
        #expect(event.time > Timestamp(seconds: 1))
        let schema = try #require(EventCatalog.standard.schema(ofType: type))
        #expect(schema.violations(of: .map(event.data)).isEmpty, "\(schema.violations(of: .map(event.data)))")
        // The subject that the file says is the one that the type names.
        let named = EventCatalog.standard.subject(ofType: type, data: event.data)
        #expect(named == nil || named == event.subject)
        for time in Self.times(.map(event.data), "") where !Self.planned.contains(time.field) {
            #expect(time.instant <= event.time, "\(time.field)")
        }
    }

    /// Fields that may speak of the future.
    private static let planned: Set<String> = ["due_at", "starts_at", "ends_at", "original_ends_at", "from", "until"]

    private static func times(_ value: Value, _ field: String) -> [(field: String, instant: Timestamp)] {
        switch value {
        case .map(let map): map.flatMap { times($0.value, $0.key.string ?? "") }
        case .list(let items): items.flatMap { times($0, field) }
        default: value.timestamp.map { [(field, $0)] } ?? []
        }
    }
}
