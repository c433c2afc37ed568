import Foundation
import Testing
import YAML

/// Every code has a page, and what the pages show is true.
@Suite("Pages of codes")
struct ErrorPageTests {
    /// The codes that the sources name.
    private static func codesInSources() throws -> Set<String> {
        var codes: Set<String> = []
        for folder in ["Sources", "plugins"] {
            let files = try #require(
                FileManager.default.enumerator(
                    atPath: SampleWorkspaceTests.root.appending(path: folder).resolvingSymlinksInPath().path))
            for case let name as String in files where name.hasSuffix(".swift") {
                let text = try String(
                    contentsOf: SampleWorkspaceTests.root.appending(path: "\(folder)/\(name)"), encoding: .utf8)
                for match in text.matches(of: /"(SB\d{4})"/) { codes.insert(String(match.1)) }
            }
        }
        return codes
    }

    @Test func `each code has a page with all its parts, and each page has a code`() throws {
        let pages = Set(ErrorPage.all.map(\.code))
        let codes = try Self.codesInSources()
        #expect(codes.count > 120)
        #expect(codes.subtracting(pages).sorted() == [], "docs/errors/ lacks these, or they have not all parts")
        #expect(pages.subtracting(codes).sorted() == [], "docs/errors/ explains what nothing says")
    }

    private static let example = Result { try ErrorExample() }
    private static let advised = Result { try ErrorExample(advice: true) }

    @Test func `the index and the binary have each page: scripts/error-pages was run`() throws {
        let index = try String(contentsOf: ErrorPage.folder.appending(path: "README.md"), encoding: .utf8)
        let found = index.split(separator: "\n").filter { $0.hasPrefix("- [SB") }.map(String.init)
        let wanted = ErrorPage.all.map { page in
            "- [\(page.code)](\(page.code).md) \(page.title)" + (page.severity == "warning" ? " (a warning)" : "")
        }
        #expect(found == wanted, "\(Set(found).symmetricDifference(wanted).sorted())")
        let embedded = try String(
            contentsOf: SampleWorkspaceTests.root.appending(path: "Sources/EmbeddedFiles/errors.c"), encoding: .utf8)
        let missing = ErrorPage.all.map(\.code).filter { !embedded.contains("#embed \"../../docs/errors/\($0).md\"") }
        #expect(missing == [])
    }

    @Test("the wrong example gives the code and nothing else, the right one nothing", arguments: ErrorPage.all)
    func examples(_ page: ErrorPage) throws {
        let example = try (page.code.hasPrefix("SB19") ? Self.advised : Self.example).get()
        #expect(["error", "warning"].contains(page.severity))
        if MadeExamples.none[page.code] == nil {
            let making = MadeExamples.all[page.code]
            #expect(page.wrong.isEmpty == (making != nil), "an example is on the page or made by the test")
            let said = try making?(example) ?? example.check(page.wrong)
            #expect(said.map(\.code) == [page.code], "\(said.map(\.json))")
            #expect(said.map(\.severity.rawValue) == [page.severity], "\(said.map(\.json))")
        }
        #expect(!page.right.isEmpty)
        let said = try example.check(page.right)
        #expect(said.isEmpty, "\(said.map(\.json))")
    }
}
