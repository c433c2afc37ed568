import EditorSchemas
import Foundation
import Playbooks
import Shapes
import Testing

/// The tables of keys in docs/playbooks.md are those that the readers use; `scripts/reference` writes them anew.
@Suite("The reference")
struct ReferenceTests {
    /// The blocks of the page: which place, and the text.
    private static func blocks() throws -> [(place: String, text: String)] {
        let page = try String(
            contentsOf: SampleWorkspaceTests.root.appending(path: "docs/playbooks.md"), encoding: .utf8)
        var blocks: [(String, String)] = []
        var place: String?
        var text = ""
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<!-- keys: "), line.hasSuffix(" -->") {
                place = String(line.dropFirst("<!-- keys: ".count).dropLast(" -->".count))
                text = ""
            } else if line == "<!-- end of keys -->", let name = place {
                blocks.append((name, text))
                place = nil
            } else if place != nil {
                text += line + "\n"
            }
        }
        return blocks
    }

    @Test func `tables of keys are current`() throws {
        let libraries = ["playbook": PlaybookShapes.library, "settings": EditorSchemas.settings]
        let blocks = try Self.blocks()
        for block in blocks {
            let parts = block.place.split(separator: ".", maxSplits: 1).map(String.init)
            let shape = try #require(libraries[parts[0]]?[parts[1]], "\(block.place)")
            #expect(block.text == ShapeReference.table(shape), "\(block.place): scripts/reference writes it anew")
        }
        #expect(blocks.count > 20)
    }

    @Test func `every place of a playbook and of the settings is told`() throws {
        let told = Set(try Self.blocks().map(\.place))
        for shape in PlaybookShapes.library.shapes {
            #expect(told.contains("playbook.\(shape.id)"), "\(shape.id)")
        }
        // What settings share with playbooks and manifests is told there.
        let shared = Set(PlaybookShapes.library.shapes.map(\.id) + ["proof", "timestamp"])
        for shape in EditorSchemas.settings.shapes where !shared.contains(shape.id) {
            #expect(told.contains("settings.\(shape.id)"), "\(shape.id)")
        }
    }
}
