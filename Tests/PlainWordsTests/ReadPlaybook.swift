import Foundation
import Playbooks
import Testing
import WorkflowModel
import YAML

/// Reads playbooks for tests.
enum ReadPlaybook {
    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The playbooks of the sample workspace, by file name.
    static let samples: [String] = {
        let folder = root.appending(path: "workflows/playbooks").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }
            .sorted()
    }()

    static func sampleText(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: "workflows/playbooks/\(name)")), as: UTF8.self)
    }

    static func sample(_ name: String) throws -> Workflow { try workflow(sampleText(name)) }

    static func workflow(_ text: String, at location: SourceLocation = #_sourceLocation) throws -> Workflow {
        let (workflow, diagnostics) = PlaybookReader.read(
            SourceFile(path: "playbook.yaml", text: text), in: .structureOnly)
        return try #require(
            workflow,
            "\(diagnostics.filter { $0.severity == .error }.map { "\($0.range?.start.line ?? 0): \($0.message)" })",
            sourceLocation: location)
    }

    /// A few actions.
    static let actions: [String: ActionSignature] = {
        var recipient = Schema(types: ["string", "array"])
        recipient.format = "recipient"
        var span = Schema(types: ["string"])
        span.format = "duration"
        var send = Schema(types: ["object"])
        send.properties = [
            .init("to", recipient), .init("text", Schema(types: ["string"])), .init("dedupe_window", span),
        ]
        return [
            "notify.send": ActionSignature(name: "notify.send", input: send, summary: "Sends a message."),
            "ticket.update": ActionSignature(name: "ticket.update", summary: "Changes fields of a ticket."),
            "ticket.find": ActionSignature(name: "ticket.find", effect: "read", summary: "Finds tickets."),
            "route.assign": ActionSignature(name: "route.assign", effect: "state", summary: "Picks a person."),
        ]
    }()
}
