public import WorkflowModel

/// A schema of an OpenAPI document that takes no field which it does not name: what an answer says more than its schema is a mistake of one
/// of them.
public struct StrictSchema: Sendable {
    private let schema: Schema

    /// The schema `value`, with its references looked up in `document`.
    ///
    /// - Throws: ``Schema/Malformed``.
    public init(_ value: Value, in document: Value) throws {
        schema = try Schema(StrictSchema.expand(value, document, depth: 0))
    }

    /// What is wrong with `value`; empty for nothing.
    public func violations(of value: Value) -> [SchemaViolation] { schema.violations(of: value) }

    /// References are put in, which for a schema inside itself ends somewhere.
    private static func expand(_ value: Value, _ document: Value, depth: Int) -> Value {
        switch value {
        case .list(let items): return .list(items.map { expand($0, document, depth: depth) })
        case .map(let map):
            if let reference = map["$ref"]?.string {
                guard depth < 12 else { return true }
                let path = reference.split(separator: "/").dropFirst()
                guard let target = document.at(path) else { return ["enum": []] }
                return expand(target, document, depth: depth + 1)
            }
            var result = ValueMap()
            for entry in map { result[entry.key] = expand(entry.value, document, depth: depth + 1) }
            if map["type"] == "object", map["properties"] != nil, map["additionalProperties"] == nil {
                result["additionalProperties"] = false
            }
            return .map(result)
        default: return value
        }
    }
}
