import Foundation
import Testing
import WorkflowModel

@testable import Expressions

/// The conformance data of the CEL specification, without the cases that need protocol buffers.
@Suite struct ConformanceTests {
    struct Case: Sendable {
        let id: String
        let text: String
        let container: String
        let unchecked: Bool
        let checkOnly: Bool
        let bindings: ValueMap
        let expected: Value
        /// The names and functions that the case declares with their types.
        let declared: [Value]
    }

    static func cases() throws -> [Case] {
        let folder = try #require(Bundle.module.url(forResource: "Conformance", withExtension: nil)).appending(
            path: "cel")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
            .sorted()
        var result: [Case] = []
        for file in files {
            let data = try JSON.parse([UInt8](Data(contentsOf: folder.appending(path: file))), maximumDepth: 256)
            let name = data["name"]?.string ?? file
            for item in data["cases"]?.list ?? [] where item["proto"]?.bool != true {
                var bindings = ValueMap()
                for entry in item["bindings"]?.map?.entries ?? [] {
                    let bound: Value = try #require(CELJSON.untyped(entry.value))
                    bindings[entry.key] = bound
                }
                result.append(
                    Case(
                        id: "\(name)/\(item["section"]?.string ?? "")/\(item["name"]?.string ?? "")",
                        text: item["expr"]?.string ?? "", container: item["container"]?.string ?? "",
                        unchecked: item["disable_check"]?.bool == true, checkOnly: item["check_only"]?.bool == true,
                        bindings: bindings, expected: item["expected"] ?? .null,
                        declared: item["type_env"]?.list ?? []))
            }
        }
        return result
    }

    /// Nil when the case passes, else what went wrong.
    static func failure(_ one: Case) -> String? {
        if let wanted = one.expected["deduced_type"]?.string {
            do {
                let found = try DeclaredEnvironment(one.declared).type(of: one.text)
                if found != wanted { return "\(one.text): its type is \(found), not \(wanted)" }
            } catch {
                return "\(one.text): \(error)"
            }
        }
        if one.checkOnly { return nil }
        let outcome: Result<Value, any Error>
        do {
            let program = try Program(
                Expression(parsing: one.text), library: one.unchecked ? .lenient : .standard, container: one.container)
            outcome = .success(try program.evaluate(NamedValues(one.bindings, now: Timestamp(seconds: 0))))
        } catch {
            outcome = .failure(error)
        }
        switch outcome {
        case .failure(let error):
            return one.expected["error"]?.bool == true ? nil : "\(one.text): \(error)"
        case .success(let value):
            guard let wanted = one.expected["value"].flatMap({ CELJSON.untyped($0) }) else {
                return one.expected["error"]?.bool == true
                    ? "\(one.text): gives \(value), not an error" : "the expected value is not read"
            }
            return value == wanted ? nil : "\(one.text): gives \(value), not \(wanted)"
        }
    }

    @Test func `the type checker refuses nothing that has a value`() throws {
        var refused: [String] = []
        for one in try Self.cases() where !one.unchecked && !one.checkOnly && one.expected["value"] != nil {
            let problems = try DeclaredEnvironment(one.declared).problems(of: one.text)
            if let first = problems.first { refused.append("\(one.id): \(one.text): \(first.message)") }
        }
        #expect(refused.isEmpty, "\(refused.joined(separator: "\n"))")
    }

    @Test func `98 of 100 conformance cases pass, and the failing ones are documented`() throws {
        let cases = try Self.cases()
        #expect(cases.count == 1760)
        var failures: [(id: String, reason: String)] = []
        for one in cases {
            if let reason = Self.failure(one) { failures.append((one.id, reason)) }
        }
        let rate = Double(cases.count - failures.count) / Double(cases.count) * 100
        print(
            "CEL conformance: \(cases.count - failures.count) of \(cases.count) cases pass (\((rate * 100).rounded() / 100) %)"
        )
        for failure in failures { print("  \(failure.id): \(failure.reason)") }
        #expect(rate >= 98)
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/expressions.md")
        let documented = try String(contentsOf: page, encoding: .utf8)
        for failure in failures {
            #expect(documented.contains(failure.id), "\(failure.id) is not in docs/expressions.md")
        }
    }
}
