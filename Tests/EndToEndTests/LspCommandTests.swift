import Foundation
import Testing
import WorkflowModel

/// `signalbox lsp` as an editor starts it.
@Suite("The language server, from outside")
struct LspCommandTests {
    @Test func `an editor hears of mistakes, asks, and goes`() async throws {
        let copy = try WorkspaceCopy()
        let address = "file://\(copy.folder.path)/playbooks/new.yaml"
        let text = """
            playbook: new-one
            owner: user1@example.com
            mode: active
            trigger: { event: ticket.created }
            steps:
              - uses: notify.sent
            """
        func open(_ number: Value, _ text: String) -> Value {
            [
                "jsonrpc": "2.0", "method": "textDocument/didOpen",
                "params": ["textDocument": ["uri": .string(address), "version": number, "text": .string(text)]],
            ]
        }
        let messages: [Value] = [
            ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["capabilities": [:]]],
            ["jsonrpc": "2.0", "method": "initialized", "params": [:]], open(1, text),
            [
                "jsonrpc": "2.0", "id": 2, "method": "textDocument/completion",
                "params": [
                    "textDocument": ["uri": .string(address)], "position": ["line": 5, "character": 19],
                ],
            ],
            ["jsonrpc": "2.0", "id": 3, "method": "shutdown"], ["jsonrpc": "2.0", "method": "exit"],
        ]
        let input = messages.flatMap { message in
            let content = JSONWriter.data(message)
            return Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
        }
        let outcome = try await copy.signalbox.run(["lsp"], input: input)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.err.isEmpty)
        let answers = try Self.messages(outcome.out)
        #expect(answers.first?["result"]?["serverInfo"]?["name"] == "signalbox")
        let told = answers.first {
            $0["method"] == "textDocument/publishDiagnostics" && $0["params"]?["uri"] == .string(address)
        }
        let first = told?["params"]?["diagnostics"]?.list?.first
        #expect(first?["message"]?.string?.contains("did you mean `notify.send`?") == true, "\(outcome.out)")
        #expect(first?["range"]?["start"] == ["line": 5, "character": 10])
        let items = answers.first { $0["id"] == 2 }?["result"]?["items"]?.list ?? []
        #expect(items.contains { $0["label"] == "notify.send" })
        #expect(answers.last?["id"] == 3)
    }

    @Test func `an editor that speaks another language is told so`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        let outcome = try await copy.signalbox.run(["lsp"], input: Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(outcome.status == 1)
        #expect(outcome.err.contains("Content-Length"))
    }

    /// The messages in what was printed.
    private static func messages(_ text: String) throws -> [Value] {
        var rest = Array(text.utf8)[...]
        var messages: [Value] = []
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let header = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            guard let length = header.split(separator: " ").last.flatMap({ Int($0) }) else { break }
            messages.append(try JSON.parse(Array(rest[end.upperBound...].prefix(length))))
            rest = rest[end.upperBound...].dropFirst(length)
        }
        return messages
    }
}
