import EditorSchemas
import PlainWords
import Playbooks
import PluginHost
import Shapes
public import WorkflowModel
import YAML

/// A language server without its connection: messages of an editor go in, messages for it come out (Language Server Protocol 3.17).
///
/// It does `initialize`, `shutdown`, `exit`, documents that are opened, changed, saved and closed, diagnostics, completion, hover,
/// definition and formatting. Requests that it does not know are refused, notifications that it does not know are passed over.
public struct LanguageSession {
    /// What has become of the session.
    public enum State: Sendable, Hashable {
        case waiting, running, shutDown
        /// It is over; whether it was asked to shut down first.
        case ended(isOrderly: Bool)
    }

    private struct Document {
        var kind: DocumentKind
        var path: String
        var text: DocumentText
        var version: Value
    }

    /// The most documents that are open at once.
    public static let openDocuments = 1000

    /// What has become of the session.
    public private(set) var state = State.waiting
    private let workspace: any WorkspaceSource
    private let version: String
    private var documents: [String: Document] = [:]
    /// The files of which something was said that are not open.
    private var spokenOf: Set<String> = []

    /// A session that knows files by `workspace`; `version` is that of the program.
    public init(_ workspace: any WorkspaceSource, version: String) {
        self.workspace = workspace
        self.version = version
    }

    /// Takes a message in and gives those that are to be sent.
    public mutating func take(_ content: [UInt8]) -> [Value] {
        let message: Value
        do throws(JSONError) {
            message = try JSON.parse(content)
        } catch {
            return [Self.refusal(.null, .parse, "this is no JSON: \(error)")]
        }
        guard case .map(let map) = message, map["jsonrpc"]?.string == "2.0" else {
            return [Self.refusal(.null, .request, "this is no message of JSON-RPC 2.0")]
        }
        guard let method = map["method"]?.string else {
            // An answer: nothing was asked, so it concerns nobody.
            return map["id"] == nil ? [Self.refusal(.null, .request, "`method` is missing")] : []
        }
        let parameters = map["params"]?.map ?? ValueMap()
        guard let id = map["id"], !id.isNull else { return notification(method, parameters) }
        return [answer(method, parameters, id)]
    }

    // MARK: Requests

    private enum Code: Int64 {
        case parse = -32700
        case request = -32600
        case method = -32601
        case parameters = -32602
        case notInitialized = -32002
        case failed = -32803
    }

    private static func refusal(_ id: Value, _ code: Code, _ message: String) -> Value {
        ["jsonrpc": "2.0", "id": id, "error": ["code": .int(code.rawValue), "message": .string(message)]]
    }

    private mutating func answer(_ method: String, _ parameters: ValueMap, _ id: Value) -> Value {
        func result(_ value: Value) -> Value { ["jsonrpc": "2.0", "id": id, "result": value] }
        switch (method, state) {
        case ("initialize", .waiting):
            state = .running
            return result(capabilities)
        case ("initialize", _): return Self.refusal(id, .request, "the session is initialized already")
        case (_, .waiting): return Self.refusal(id, .notInitialized, "the first request is `initialize`")
        case ("shutdown", .running):
            state = .shutDown
            return result(.null)
        case (_, .running): break
        default: return Self.refusal(id, .request, "the session has been shut down")
        }
        switch method {
        case "textDocument/completion":
            guard let (document, byte) = place(parameters) else { return noPlace(id) }
            return result(completion(document, byte))
        case "textDocument/hover":
            guard let (document, byte) = place(parameters) else { return noPlace(id) }
            guard let desk = hoverDesk(document), let found = desk.hover(at: byte) else { return result(.null) }
            return result([
                "contents": ["kind": "markdown", "value": .string(found.text)],
                "range": document.text.range(found.range),
            ])
        case "textDocument/definition":
            guard let (document, byte) = place(parameters) else { return noPlace(id) }
            guard let found = hoverDesk(document)?.definition(at: byte) else { return result(.null) }
            return result([
                "uri": .string(FileAddress.address(found.path)),
                "range": found.range.map(document.text.range) ?? DocumentText([]).range(0..<0),
            ])
        case "textDocument/formatting":
            guard let document = documents[parameters["textDocument"]?["uri"]?.string ?? ""] else { return noPlace(id) }
            return formatting(document, id)
        default: return Self.refusal(id, .method, "`\(method)` is not known here")
        }
    }

    private func noPlace(_ id: Value) -> Value {
        Self.refusal(id, .parameters, "`textDocument` must be an open document, and `position` a place in it")
    }

    private var capabilities: Value {
        [
            "capabilities": [
                "positionEncoding": "utf-16",
                "textDocumentSync": ["openClose": true, "change": 1, "save": ["includeText": false]],
                "completionProvider": ["triggerCharacters": [".", ":", " ", "=", "{"]],
                "hoverProvider": true, "definitionProvider": true, "documentFormattingProvider": true,
            ],
            "serverInfo": ["name": "signalbox", "version": .string(version)],
        ]
    }

    private func place(_ parameters: ValueMap) -> (Document, Int)? {
        guard let uri = parameters["textDocument"]?["uri"]?.string, let document = documents[uri],
            let line = parameters["position"]?["line"]?.int, let character = parameters["position"]?["character"]?.int,
            (0...Int64(Int32.max)).contains(line), (0...Int64(Int32.max)).contains(character)
        else { return nil }
        return (document, document.text.byte(line: Int(line), character: Int(character)))
    }

    private static func library(_ kind: DocumentKind) -> ShapeLibrary? {
        switch kind {
        case .playbook: PlaybookShapes.library
        case .settings: EditorSchemas.settings
        case .manifest: ManifestShapes.library
        case .other: nil
        }
    }

    private func hoverDesk(_ document: Document) -> HoverDesk? {
        Self.library(document.kind).map {
            HoverDesk(
                library: $0, view: workspace.view(around: document.path, isFresh: false), kind: document.kind,
                source: SourceFile(path: document.path, bytes: document.text.bytes))
        }
    }

    private func completion(_ document: Document, _ byte: Int) -> Value {
        guard let library = Self.library(document.kind) else { return ["isIncomplete": false, "items": []] }
        let desk = CompletionDesk(
            library: library, view: workspace.view(around: document.path, isFresh: false), kind: document.kind,
            path: document.path)
        let (items, replaced) = desk.items(document.text, at: byte)
        let range = document.text.range(replaced)
        return [
            "isIncomplete": .bool(items.count >= CompletionDesk.limit),
            "items": .list(
                items.enumerated().map { index, item in
                    var map: ValueMap = [
                        "label": .string(item.label), "kind": .int(item.kind.rawValue),
                        "sortText": .string(String(String(index + 10_000).dropFirst())),
                        "textEdit": ["range": range, "newText": .string(item.insert)],
                    ]
                    if !item.detail.isEmpty { map["detail"] = .string(item.detail) }
                    if !item.about.isEmpty {
                        map["documentation"] = ["kind": "markdown", "value": .string(item.about)]
                    }
                    return .map(map)
                }),
        ]
    }

    private func formatting(_ document: Document, _ id: Value) -> Value {
        guard document.kind == .playbook else { return Self.refusal(id, .failed, "only playbooks are formatted") }
        do throws(PlaybookFormatter.Problem) {
            let text = try PlaybookFormatter.format(SourceFile(path: document.path, bytes: document.text.bytes))
            let isSame = Array(text.utf8) == document.text.bytes
            let whole = document.text.range(0..<document.text.bytes.count)
            let edits: Value = isSame ? [] : [["range": whole, "newText": .string(text)]]
            return ["jsonrpc": "2.0", "id": id, "result": edits]
        } catch {
            let why =
                switch error {
                case .unreadable: "the playbook has mistakes that keep it from being read"
                case .noPlaybook: "this is no playbook: it has no key `playbook`"
                case .unsupported(let what), .wouldChange(let what): "the playbook is left as it is: \(what)"
                }
            return Self.refusal(id, .failed, why)
        }
    }

    // MARK: Notifications

    private mutating func notification(_ method: String, _ parameters: ValueMap) -> [Value] {
        if method == "exit" {
            state = .ended(isOrderly: state == .shutDown)
            return []
        }
        guard state == .running else { return [] }
        let uri = parameters["textDocument"]?["uri"]?.string ?? ""
        switch method {
        case "textDocument/didOpen":
            guard let text = parameters["textDocument"]?["text"]?.string, let path = FileAddress.path(uri) else {
                return []
            }
            guard documents[uri] != nil || documents.count < Self.openDocuments else { return [] }
            let bytes = Array(text.utf8)
            documents[uri] = Document(
                kind: .of(path, bytes), path: path, text: DocumentText(bytes),
                version: parameters["textDocument"]?["version"] ?? .null)
            return diagnostics(uri) + surroundings(path, isFresh: false)
        case "textDocument/didChange":
            // Whole texts only, as was agreed at `initialize`; the last one counts.
            guard var document = documents[uri], let text = parameters["contentChanges"]?.list?.last?["text"]?.string
            else { return [] }
            let bytes = Array(text.utf8)
            document.text = DocumentText(bytes)
            document.kind = .of(document.path, bytes)
            document.version = parameters["textDocument"]?["version"] ?? .null
            documents[uri] = document
            return diagnostics(uri)
        case "textDocument/didSave":
            guard let path = documents[uri]?.path else { return [] }
            // What others say may depend on what was saved.
            let around = surroundings(path, isFresh: true)
            return around + documents.keys.sorted().flatMap(diagnostics)
        case "workspace/didChangeWatchedFiles":
            guard let path = documents.values.map(\.path).min() else { return [] }
            let around = surroundings(path, isFresh: true)
            return around + documents.keys.sorted().flatMap(diagnostics)
        case "textDocument/didClose":
            guard documents.removeValue(forKey: uri) != nil else { return [] }
            return [Self.publish(uri, [], nil)]
        default: return []
        }
    }

    /// What there is to say about an open document.
    private func diagnostics(_ uri: String) -> [Value] {
        guard let document = documents[uri] else { return [] }
        let source = SourceFile(path: document.path, bytes: document.text.bytes)
        let said: [Diagnostic]
        switch document.kind {
        case .playbook:
            let view = workspace.view(around: document.path, isFresh: false)
            said = PlaybookReader.read(source, in: view.environment).diagnostics
        case .manifest: said = workspace.manifestDiagnostics(source)
        case .settings, .other:
            // Read from the disk, with all that they refer to; so they count as long as the text is that of the file.
            let view = workspace.view(around: document.path, isFresh: false)
            guard view.otherTexts[document.path] == document.text.bytes else { return [] }
            said = view.otherDiagnostics[document.path] ?? []
        }
        return [Self.publish(uri, said.map { diagnostic($0, document.text) }, document.version)]
    }

    /// What there is to say about files of the workspace that are not open.
    private mutating func surroundings(_ path: String, isFresh: Bool) -> [Value] {
        let view = workspace.view(around: path, isFresh: isFresh)
        let open = Set(documents.values.map(\.path))
        let now = Set(view.otherDiagnostics.filter { !$0.value.isEmpty }.keys)
        var messages: [Value] = []
        for file in spokenOf.union(now).subtracting(open).sorted() {
            let text = DocumentText(view.otherTexts[file] ?? [])
            let said = (view.otherDiagnostics[file] ?? []).map { diagnostic($0, text) }
            messages.append(Self.publish(FileAddress.address(file), said, nil))
        }
        spokenOf = now
        return messages
    }

    private static func publish(_ uri: String, _ diagnostics: [Value], _ version: Value?) -> Value {
        var parameters: ValueMap = ["uri": .string(uri), "diagnostics": .list(diagnostics)]
        if let version, !version.isNull { parameters["version"] = version }
        return ["jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": .map(parameters)]
    }

    private func diagnostic(_ said: Diagnostic, _ text: DocumentText) -> Value {
        var message = said.message
        if let help = said.help { message += "\nhelp: \(help)" }
        if let line = said.fixedLine { message += "\n\(line)" }
        let bytes = said.range.map { $0.start.byte..<max($0.start.byte, $0.end.byte) } ?? 0..<0
        var map: ValueMap = [
            "range": text.range(bytes), "severity": said.severity == .error ? 1 : 2, "code": .string(said.code),
            "source": "signalbox", "message": .string(message),
        ]
        if let page = workspace.page(of: said.code) {
            map["codeDescription"] = ["href": .string(FileAddress.address(page))]
        }
        return .map(map)
    }
}
