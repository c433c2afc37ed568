import Foundation
import Testing
import WorkflowModel

/// The first part of docs/playbooks.md, word for word: what it has people write and what it says they will see.
@Suite("The tutorial")
struct TutorialTests {
    /// The blocks of the tutorial, in order.
    private static func blocks() throws -> [(language: String, text: String)] {
        let page = try String(contentsOf: SignalboxProcess.root.appending(path: "docs/playbooks.md"), encoding: .utf8)
        let tutorial = page.prefix(upTo: page.firstRange(of: "## Reference: the playbook")?.lowerBound ?? page.endIndex)
        var blocks: [(String, String)] = []
        for (index, part) in tutorial.split(separator: "```", omittingEmptySubsequences: false).enumerated()
        where !index.isMultiple(of: 2) {
            let end = part.firstIndex(of: "\n") ?? part.endIndex
            blocks.append((String(part[..<end]), String(part[end...].dropFirst())))
        }
        return blocks
    }

    @Test func `what the tutorial writes is right, and gives what it shows`() async throws {
        let blocks = try Self.blocks()
        let copy = try WorkspaceCopy(empty: true)
        var desk = copy.signalbox
        var commands = blocks.filter { $0.language == "sh" }.flatMap { $0.text.split(separator: "\n").map(String.init) }
        func run(_ line: String) async throws -> SignalboxProcess.Outcome {
            try await desk.run(line.split(separator: " ").dropFirst().map(String.init))
        }
        #expect(try await run(commands.removeFirst()).status == 0)
        #expect(commands.removeFirst() == "cd desk")
        desk.folder.append(path: "desk")
        #expect(try await run(commands.removeFirst()).status == 0)
        let playbook = blocks.filter { $0.language == "yaml" }.map(\.text).joined(separator: "\n")
        let file = "desk/playbooks/urgent-tickets.yaml"
        let shown = blocks.filter { $0.language == "text" }.map(\.text)

        try copy.write(playbook.replacing("ticket.priority in", with: "ticket.prioritty in"), to: file)
        let wrong = try await desk.run(["check"])
        #expect(wrong.out.contains(shown[0]), "\(wrong.out)")
        try copy.write(playbook, to: file)
        #expect(try await desk.run(["check"]).out == shown[1])
        let rehearse = commands.removeFirst()
        let first = try await run(rehearse)
        #expect(first.out.contains(shown[2]), "\(first.out)")
        try copy.write(blocks.first { $0.language == "csv" }?.text ?? "", to: "desk/tables/customers.csv")
        let second = try await run(rehearse)
        #expect(second.out.contains(shown[3]), "\(second.out)")
        #expect(second.status == 0)
        let quiet = try await run(commands.removeFirst())
        #expect(quiet.out.contains(shown[4]), "\(quiet.out)")
        #expect(try await run(commands.removeFirst()).status == 0)
        #expect(commands.isEmpty)
    }
}
