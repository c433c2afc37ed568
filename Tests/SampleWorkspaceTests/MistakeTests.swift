import Foundation
import Playbooks
import Testing
import WorkflowModel
import YAML

/// Wrong playbooks, taken from what people trip over: each mistake is told once, with its code and its exact place.
@Suite("Wrong playbooks")
struct MistakeTests {
    @Test func `there are many of them`() {
        #expect(MistakeFile.all.count >= 200)
        #expect(Set(MistakeFile.all.map(\.testDescription)).count == MistakeFile.all.count)
    }

    @Test("each mistake has its code and its place", arguments: MistakeFile.all)
    func mistake(_ one: MistakeFile.Case) throws {
        let body = one.lines.joined(separator: "\n") + "\n"
        let text = ErrorExample.completed(one.isKeys ? body : "steps:\n" + body)
        let before = text.prefix(upTo: try #require(text.range(of: body)).lowerBound).count { $0 == "\n" }
        let said = try Self.example.get().playbook(text)
        let found = said.map { diagnostic in
            let range = diagnostic.range.map {
                "\($0.start.line - before):\($0.start.column)-\($0.end.line - before):\($0.end.column)"
            }
            return "\(range ?? "nowhere") \(diagnostic.code) \(diagnostic.severity.rawValue)"
        }
        let wanted = one.marks.map {
            "\($0.line):\($0.from)-\($0.endLine):\($0.to) \($0.code) \($0.severity)"
        }
        #expect(!wanted.isEmpty)
        #expect(found == wanted, "\(said.map(\.json))")
        for (mark, diagnostic) in zip(one.marks, said) {
            guard let words = mark.words else { continue }
            let all = [diagnostic.message, diagnostic.help ?? "", diagnostic.fixedLine ?? ""].joined(separator: "\n")
            #expect(all.contains(words), "\(all)")
        }
    }

    /// Mistakes that the check does not see yet, with what it lacks. One that it has learnt to see belongs into `Mistakes/`.
    static let missed: [(steps: String, why: String)] = [
        ("- if: event.payload.priority == \"P1\"\n  stop: x\n", "which fields an envelope may have"),
        ("- uses: ticket.update\n  with: { category: =ticket.created_at }\n", "the type of an expression for an input"),
    ]

    @Test("what the check does not see yet", arguments: missed.indices)
    func unseen(_ index: Int) throws {
        let text = ErrorExample.completed("steps:\n" + Self.missed[index].steps)
        let said = try Self.example.get().playbook(text)
        withKnownIssue("\(Self.missed[index].why)", isIntermittent: true) {
            #expect(!said.isEmpty)
        }
    }

    private static let example = Result { try ErrorExample() }
}
