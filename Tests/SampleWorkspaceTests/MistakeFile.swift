import Foundation
import Testing
import YAML

/// A wrong playbook of `Mistakes/`, with what must be said of it.
///
/// A file there holds many. Each begins with a line `# === title`: its steps follow, or after `# === keys: title` keys of the top level.
/// Under a line with a mistake stands a mark, `#    ^^^^ SB1203`, whose `^` are right below the characters (a single `|` stands for a
/// place between two characters); behind the code may follow `warning`, and after a colon words of the message or its help. The marks
/// are taken out before the playbook is checked, so they can stand inside texts, too. A mistake over several lines is marked at its
/// beginning with `SB1203 to LINE:COLUMN`, lines counted from the first one of the case.
struct MistakeFile {
    /// A wrong playbook.
    struct Case: Sendable, CustomTestStringConvertible {
        var title: String
        var file: String
        var isKeys: Bool
        var lines: [String] = []
        var marks: [Mark] = []
        var testDescription: String { "\(file): \(title)" }
    }

    /// What must be said, with the place in the lines of the case.
    struct Mark: Sendable {
        var code: String
        var severity: String
        var line: Int
        var from: Int
        var endLine: Int
        var to: Int
        var words: String?
    }

    static let folder = SampleWorkspaceTests.root.appending(path: "Tests/SampleWorkspaceTests/Mistakes")

    /// The cases of all files, by file and in their order.
    static let all: [Case] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().flatMap { name in
            let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
            return cases(text, file: name)
        }
    }()

    private static func cases(_ text: String, file: String) -> [Case] {
        var cases: [Case] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("# === ") {
                let title = line.dropFirst(6)
                let isKeys = title.hasPrefix("keys: ")
                cases.append(Case(title: String(isKeys ? title.dropFirst(6) : title), file: file, isKeys: isKeys))
                continue
            }
            guard var last = cases.popLast() else { continue }
            if let mark = mark(line, below: last.lines.count) {
                last.marks.append(mark)
            } else {
                last.lines.append(line)
            }
            cases.append(last)
        }
        return cases
    }

    private static func mark(_ line: String, below number: Int) -> Mark? {
        guard
            let match = line.wholeMatch(
                of: /#?( *)(\^+|\|) (SB\d{4})(?: to (\d+):(\d+))?(?: (warning))?(?:: (.*))?/)
        else { return nil }
        let from = (line.hasPrefix("#") ? 1 : 0) + match.1.count + 1
        let length = match.2 == "|" ? 0 : match.2.count
        return Mark(
            code: String(match.3), severity: String(match.6 ?? "error"), line: number, from: from,
            endLine: match.4.flatMap { Int($0) } ?? number, to: match.5.flatMap { Int($0) } ?? from + length,
            words: match.7.map(String.init))
    }
}
