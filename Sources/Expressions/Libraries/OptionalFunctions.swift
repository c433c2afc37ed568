import WorkflowModel

/// The optionals extension (cel-go, cel.OptionalTypes).
enum OptionalFunctions {
    static let all: [FunctionLibrary.Function] = [
        .global("optional.of") { (value, frame) throws(EvalFailure) in .optional([value]) },
        .global("optional.none", 0...0) { (values, frame) throws(EvalFailure) in .optional([]) },
        .global("optional.ofNonZeroValue") { (value, frame) throws(EvalFailure) in
            .optional(isZero(value) ? [] : [value])
        },
        .global("optional.unwrap", unwrap), .method("unwrapOpt", unwrap),
        .method("hasValue") { (value, frame) throws(EvalFailure) in .bool(!(try inner(value, "hasValue").isEmpty)) },
        .method("value") { (value, frame) throws(EvalFailure) in
            guard let held = try inner(value, "value").first else {
                throw EvalFailure(.noSuchField, "the optional is empty")
            }
            return held
        },
        .method("or") { (value, other, frame) throws(EvalFailure) in
            if try !inner(value, "or").isEmpty { return value }
            _ = try inner(other, "or")
            return other
        },
        .method("orValue") { (value, other, frame) throws(EvalFailure) in try inner(value, "orValue").first ?? other },
    ]

    private static func inner(_ value: Value, _ name: String) throws(EvalFailure) -> [Value] {
        guard case .optional(let inner) = value, inner.count < 2 else { throw StandardFunctions.mismatch(name, value) }
        return inner
    }

    static func unwrap(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .list(let items) = value else { throw StandardFunctions.mismatch("optional.unwrap", value) }
        try frame.spend(items.count)
        var result: [Value] = []
        for item in items { result += try inner(item, "optional.unwrap") }
        return .list(result)
    }

    private static func isZero(_ value: Value) -> Bool {
        switch value {
        case .null, .bool(false), .int(0), .uint(0), .optional([]): true
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let items): items.isEmpty
        case .map(let map): map.isEmpty
        case .duration(let duration): duration == .zero
        case .timestamp(let instant): instant == Timestamp(seconds: 0)
        default: false
        }
    }
}
