import EditorSchemas
import LanguageServer
import Playbooks
import Shapes
import WorkflowModel
import YAML

/// A workspace that is a few tables.
struct TabledWorkspace: WorkspaceSource {
    func view(around path: String, isFresh: Bool) -> WorkspaceView {
        var view = WorkspaceView()
        view.environment.know(.standard)
        var input = Schema(types: ["object"])
        var to = Schema(types: ["string"])
        to.description = "Who gets it"
        var urgency = Schema(types: ["string"])
        urgency.allowed = ["low", "high"]
        var template = Schema(types: ["string"])
        template.format = "template"
        input.properties = [
            .init("to", to), .init("urgency", urgency), .init("template", template),
            .init("quiet", Schema(types: ["boolean"])),
        ]
        input.required = ["to"]
        input.allowsOthers = false
        var output = Schema(types: ["object"])
        output.properties = [.init("token", Schema(types: ["string"]))]
        view.environment.actions = [
            "notify.send": ActionSignature(
                name: "notify.send", input: input, output: output, summary: "Sends a message"),
            "notify.page": ActionSignature(
                name: "notify.page", input: input, output: output, summary: "Pages somebody"),
        ]
        view.environment.calendars = ["office-hours"]
        view.environment.secrets = ["CHAT_URL"]
        view.environment.templates = ["hello": []]
        view.environment.callable = ["open-bridge": CallablePlaybook(inputs: [], outputs: ["url"], callees: [])]
        view.playbookFiles = ["open-bridge": "/desk/playbooks/open-bridge.yaml"]
        view.templateFiles = ["hello": "/desk/templates/hello.mustache"]
        view.names = EditorSchemas.names(view.environment)
        return view
    }

    func manifestDiagnostics(_ source: SourceFile) -> [Diagnostic] { [] }

    func page(of code: String) -> String? { "/doc/errors/\(code).md" }
}

/// An editor that says what a test tells it to, over the bytes of the protocol.
struct ScriptedEditor {
    private(set) var session = LanguageSession(TabledWorkspace(), version: "1")
    private var reader = MessageReader()
    private var count: Int64 = 0
    static let address = "file:///desk/playbooks/p%20q.yaml"

    /// An editor whose session is initialized.
    init() { _ = request("initialize", ["capabilities": [:]]) }

    /// An editor that has said nothing.
    init(silent: Void) {}

    /// Sends a message in pieces of seven bytes, and gives what comes back.
    mutating func send(_ message: Value) -> [Value] {
        var answers: [Value] = []
        var rest = MessageWriter.bytes(message)[...]
        while !rest.isEmpty {
            reader.append(rest.prefix(7))
            rest = rest.dropFirst(7)
            while let content = (try? reader.next()) ?? nil { answers += session.take(content) }
        }
        return answers
    }

    mutating func request(_ method: String, _ parameters: Value) -> Value {
        count += 1
        let said = send(["jsonrpc": "2.0", "id": .int(count), "method": .string(method), "params": parameters])
        return said.first { $0["id"] == .int(count) } ?? .null
    }

    mutating func notify(_ method: String, _ parameters: Value) -> [Value] {
        send(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }

    /// Opens a document and gives the diagnostics that come of it.
    mutating func open(_ text: String) -> [Value] {
        let said = notify(
            "textDocument/didOpen",
            ["textDocument": ["uri": .string(Self.address), "languageId": "yaml", "version": 1, "text": .string(text)]])
        return said.first { $0["params"]?["uri"]?.string == Self.address }?["params"]?["diagnostics"]?.list ?? []
    }

    /// Opens a document and gives its errors.
    mutating func errors(_ text: String) -> [Value] { open(text).filter { $0["severity"] == 1 } }

    /// Asks something about the place of `|` in `text`, which is opened without it.
    mutating func ask(_ method: String, _ text: String) -> Value {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        _ = open(parts.joined())
        let lines = parts[0].split(separator: "\n", omittingEmptySubsequences: false)
        let place: Value = [
            "line": .int(Int64(lines.count - 1)), "character": .int(Int64(lines.last?.utf16.count ?? 0)),
        ]
        return request(
            "textDocument/\(method)", ["textDocument": ["uri": .string(Self.address)], "position": place])["result"]
            ?? .null
    }

    mutating func labels(_ text: String) -> [String] {
        ask("completion", text)["items"]?.list?.compactMap { $0["label"]?.string } ?? []
    }
}
