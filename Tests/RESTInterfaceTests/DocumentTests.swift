import Foundation
import RESTInterface
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("The OpenAPI document", .timeLimit(.minutes(1)))
struct DocumentTests {
    @Test func `it names each operation once, with a summary, a tag, answers and problems`() async throws {
        let bench = try await APIBench()
        let document = bench.document
        #expect(document["openapi"] == "3.1.0")
        let tags = Set((document["tags"]?.list ?? []).compactMap { $0["name"]?.string })
        var ids = Set<String>()
        var count = 0
        for path in try #require(document["paths"]?.map) {
            for method in try #require(path.value.map) {
                let operation = method.value
                count += 1
                let id = try #require(operation["operationId"]?.string)
                #expect(ids.insert(id).inserted, "\(id) is there twice")
                #expect(operation["summary"]?.string?.hasSuffix(".") == true, "\(id)")
                #expect((operation["tags"]?.list ?? []).allSatisfy { tags.contains($0.string ?? "") }, "\(id)")
                #expect(operation["responses"]?["default"] != nil, "\(id)")
                let named = Set(
                    (operation["parameters"]?.list ?? []).filter { $0["in"] == "path" }.compactMap {
                        $0["name"]?.string
                    })
                let varying = Set(
                    path.key.jsonText.split(separator: "/").filter { $0.first == "{" }.map {
                        String($0.dropFirst().dropLast())
                    })
                #expect(named == varying, "\(id)")
            }
        }
        #expect(count == bench.api.operations.count + PlainRoute.all.count)
        #expect(
            Set(bench.api.operations.map { "\($0.method.rawValue) \($0.path)" }).count == bench.api.operations.count)
        await bench.engine.close()
    }

    @Test func `every reference leads somewhere, and every schema is used`() async throws {
        let bench = try await APIBench()
        var named = Set<String>()
        func look(_ value: Value) {
            switch value {
            case .map(let map):
                if let reference = map["$ref"]?.string {
                    #expect(bench.document.at(reference.split(separator: "/").dropFirst()) != nil, "\(reference)")
                    named.insert(String(reference.split(separator: "/").last ?? ""))
                }
                for entry in map { look(entry.value) }
            case .list(let items): items.forEach(look)
            default: break
            }
        }
        look(bench.document)
        let schemas = try #require(bench.document.at(["components", "schemas"])?.map).keys.map(\.jsonText)
        #expect(schemas.filter { !named.contains($0) } == [])
        await bench.engine.close()
    }

    @Test func `an answer with more or less than its schema would be noticed`() async throws {
        let bench = try await APIBench()
        let schema = try StrictSchema(["$ref": "#/components/schemas/RunMade"], in: bench.document)
        #expect(schema.violations(of: ["run": "run_1"]).isEmpty)
        #expect(!schema.violations(of: ["run": "run_1", "more": 1]).isEmpty)
        #expect(!schema.violations(of: [:]).isEmpty)
        await bench.engine.close()
    }
}
