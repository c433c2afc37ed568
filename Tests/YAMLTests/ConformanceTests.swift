import Foundation
import Testing
import YAML

/// The YAML test suite (yaml-test-suite, MIT) with the answers that libyaml 0.2.5 gives: our event stream is libyaml's.
struct ConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let yaml: String
        let detail: String
        let events: String
        let error: String?
        var testDescription: String { id }
    }

    static func cases() throws -> [Case] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Conformance/yaml-test-suite.json"))
        let suite = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let cases = try #require(suite["cases"] as? [[String: Any]])
        return try cases.map { entry in
            Case(
                id: try #require(entry["id"] as? String), yaml: try #require(entry["yaml"] as? String),
                detail: try #require(entry["libyaml_detail"] as? String),
                events: try #require((entry["libyaml_events"] ?? entry["events"]) as? String),
                error: entry["libyaml_error"] as? String)
        }
    }

    @Test func `libyaml's events and refusals come through, case for case`() throws {
        let cases = try Self.cases()
        #expect(cases.count == 402)
        var matched = 0
        for one in cases {
            do {
                let events = try YAMLParser.events(Array(one.yaml.utf8))
                let text = events.map { $0.description + "\n" }.joined()
                // For a text that libyaml wrongly accepts the suite's events end where it should have failed.
                if one.detail == "accepts-invalid" {
                    #expect(text.hasPrefix(one.events), "\(one.id)")
                } else {
                    #expect(text == one.events, "\(one.id)")
                }
                #expect(one.error == nil && !one.detail.hasPrefix("rejects"), "\(one.id) should be refused")
            } catch {
                #expect(error.description == one.error, "\(one.id)")
                #expect(one.detail.hasPrefix("rejects"), "\(one.id) should be accepted")
            }
            matched += 1
        }
        print("yaml-test-suite: \(matched) of \(cases.count) cases compared with libyaml 0.2.5")
    }

    @Test func `every scalar of the suite is found again, character by character, in its source`() throws {
        var scalars = 0
        for one in try Self.cases() where !one.detail.hasPrefix("rejects") {
            let source = SourceFile(path: one.id, text: one.yaml)
            guard let root = YAMLParser.parse(source).root else { continue }
            for node in allNodes(root) where node.scalar != nil && !node.isDamaged {
                scalars += 1
                let text = node.text ?? ""
                #expect(text.isEmpty || node.scalarMap.isExact, "\(one.id): \(text)")
            }
        }
        #expect(scalars > 500)
    }
}

/// A node and all below it, keys too; what an alias repeats is not entered again.
func allNodes(_ node: YAMLNode) -> [YAMLNode] {
    guard node.aliased == nil else { return [] }
    switch node.content {
    case .scalar: return [node]
    case .sequence(let items): return [node] + items.flatMap(allNodes)
    case .mapping(let entries): return [node] + entries.flatMap { allNodes($0.key) + allNodes($0.value) }
    }
}
