import Testing
import WorkflowModel

@testable import Expressions

@Suite("Signatures")
struct FunctionSignatureTests {
    @Test("every form of every function has a signature, and every signature a function")
    func complete() {
        for function in FunctionLibrary.standard.all {
            let signatures = (FunctionSignatures.table[function.name] ?? []).filter { $0.isMethod == function.method }
            #expect(!signatures.isEmpty, "\(function.name) has no signature")
            for count in function.counts.lowerBound...min(function.counts.upperBound, function.counts.lowerBound + 4) {
                #expect(
                    signatures.contains { $0.accepts(count: count) },
                    "\(function.name) has no signature for \(count) arguments")
            }
        }
        for (name, signatures) in FunctionSignatures.table {
            for signature in signatures {
                let count = signature.parameters.count
                #expect(
                    FunctionLibrary.standard.find(name, method: signature.isMethod, count: count) != nil,
                    "there is no function \(name) with \(count) arguments")
            }
        }
    }

    /// What each kind of value is to the signatures.
    private static let samples: [(type: ExpressionType, value: Value)] = [
        (.bool, .bool(true)), (.int, .int(1)), (.uint, .uint(1)), (.double, .double(1.5)), (.string, .string("1")),
        (.bytes, .bytes([49])), (.timestamp, .timestamp(Timestamp(seconds: 0))), (.duration, .duration(.seconds(1))),
        (.list(.int), .list([.int(1)])), (.map(.string, .int), .map(["a": .int(1)])), (.null, .null),
    ]

    @Test("a function of one value works on what its signatures say, and on nothing else")
    func oneValue() throws {
        var wrong: [String] = []
        for function in FunctionLibrary.standard.all where function.counts == 1...1 && function.name != "type" {
            for sample in Self.samples where function.name.first?.isLetter == true {
                let text = function.method ? "x.\(function.name)()" : "\(function.name)(x)"
                let expression = try Expression(parsing: text)
                let refused = !TypeChecker.check(expression, in: NamedTypes(["x": sample.type])).problems.isEmpty
                let scope = NamedValues(["x": sample.value], now: Timestamp(seconds: 0))
                var failed = false
                let program = try Program(expression)
                do throws(EvaluationError) { _ = try program.evaluate(scope) } catch {
                    failed = error.code == .noSuchOverload
                }
                if refused != failed { wrong.append("\(text) with \(sample.type.celName): refused \(refused)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.sorted().joined(separator: "\n"))")
    }
}
