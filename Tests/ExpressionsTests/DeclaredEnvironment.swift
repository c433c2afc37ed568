import WorkflowModel

@testable import Expressions

/// The `type_env` of a conformance case: names and functions with their types. Other names may be anything.
struct DeclaredEnvironment {
    private var names = NamedTypes(isOpen: true)
    private var signatures = FunctionSignatures.table
    private var functions: [AddedFunction] = []

    struct Unreadable: Error { let text: String }

    init(_ declared: [Value]) throws {
        for item in declared {
            guard let name = item["name"]?.string else { throw Unreadable(text: "\(item)") }
            if let type = item["type"]?.string { names.types[name] = try Self.type(type) }
            for overload in item["overloads"]?.list ?? [] {
                let parameters = try (overload["params"]?.list ?? []).map { try Self.type($0.string ?? "?") }
                signatures[name, default: []].append(
                    FunctionSignature(
                        name: name, isMethod: false, parameters: parameters, repeatsLast: false,
                        result: try Self.type(overload["result"]?.string ?? "?")))
                functions.append(
                    AddedFunction(name, parameters.count...parameters.count) {
                        (_, _) throws(AddedFunction.Problem) in .null
                    })
            }
        }
    }

    func type(of text: String) throws -> String {
        let result = try check(text)
        if let problem = result.problems.first(where: { !$0.isWarning }) { return "an error: \(problem.message)" }
        return result.type.celName
    }

    func problems(of text: String) throws -> [TypeProblem] { try check(text).problems.filter { !$0.isWarning } }

    private func check(_ text: String) throws -> TypeChecker.Result {
        TypeChecker.check(
            try Expression(parsing: text), names,
            functions.isEmpty ? .standard : FunctionLibrary.standard.adding(functions), signatures, .anything, true)
    }

    /// `list(int)`, `tuple(T, U)`.
    private static func type(_ text: String) throws -> ExpressionType {
        let name = String(text.prefix { $0 != "(" })
        var parts: [ExpressionType] = []
        if text.count > name.count {
            var depth = 0
            var part = ""
            for character in text.dropFirst(name.count + 1).dropLast() {
                if character == "," && depth == 0 {
                    parts.append(try type(part))
                    part = ""
                    continue
                }
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                if character != " " || depth > 0 { part.append(character) }
            }
            parts.append(try type(part))
        }
        switch (name, parts.count) {
        case ("dyn", 0): return .dyn
        case ("null_type", 0): return .null
        case ("bool", 0): return .bool
        case ("int", 0): return .int
        case ("uint", 0): return .uint
        case ("double", 0): return .double
        case ("string", 0): return .string
        case ("bytes", 0): return .bytes
        case ("list", 1): return .list(parts[0])
        case ("map", 2): return .map(parts[0], parts[1])
        case ("optional_type", 1): return .optional(parts[0])
        case ("T", 0): return .parameter(0)
        case ("U", 0): return .parameter(1)
        case ("V", 0): return .parameter(2)
        case ("type", _): return .type(.dyn)
        case ("google.protobuf.Timestamp", 0), ("timestamp", 0): return .timestamp
        case ("google.protobuf.Duration", 0), ("duration", 0): return .duration
        default: return parts.isEmpty ? .dyn : .named(name, parts)
        }
    }
}
