import Foundation
import Testing

/// A page of `docs/errors/`: what a code means, with an example of the mistake and the right way.
struct ErrorPage: Sendable, CustomTestStringConvertible {
    /// A fenced block: what stands after the language at its head, and its text.
    struct Block: Sendable {
        let kind: String
        let text: String
    }

    let code: String
    let title: String
    let severity: String
    let wrong: [Block]
    let right: [Block]

    var testDescription: String { code }

    static let folder = SampleWorkspaceTests.root.appending(path: "docs/errors")

    /// All pages by code; what cannot be read as a page is left out, and ``ErrorPageTests`` misses it.
    static let all: [ErrorPage] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix("SB") && $0.hasSuffix(".md") }.sorted().compactMap { name in
            (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)).flatMap {
                ErrorPage($0, code: String(name.dropLast(3)))
            }
        }
    }()

    /// The page in `text`, when it has all parts in their order.
    init?(_ text: String, code: String) {
        let parts = text.split(separator: "\n## ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].hasPrefix("Wrong\n"), parts[2].hasPrefix("Right\n") else { return nil }
        let head = parts[0].split(separator: "\n", omittingEmptySubsequences: false)
        guard head.count > 5, head[0].hasPrefix("# \(code): "), head[2].hasPrefix("Severity: ") else { return nil }
        self.code = code
        title = String(head[0].dropFirst(code.count + 4))
        severity = String(head[2].dropFirst("Severity: ".count))
        wrong = ErrorPage.blocks(parts[1])
        right = ErrorPage.blocks(parts[2])
    }

    private static func blocks(_ text: Substring) -> [Block] {
        var blocks: [Block] = []
        var open: (kind: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(kind: block.kind, text: block.lines.joined(separator: "\n") + "\n"))
                    open = nil
                } else {
                    open = (line.split(separator: " ").dropFirst().joined(separator: " "), [])
                }
            } else {
                open?.lines.append(line)
            }
        }
        return blocks
    }
}
