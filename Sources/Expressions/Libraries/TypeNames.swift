import WorkflowModel

/// The names of types, as `type(x)` gives them and as they stand in expressions.
enum TypeNames {
    private static let names: Set<String> = [
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
        "google.protobuf.Timestamp", "google.protobuf.Duration", "optional_type", "net.IP", "net.CIDR",
    ]

    static func isType(_ name: String) -> Bool { names.contains(name) }

    static func of(_ value: Value) -> String {
        switch value {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string, .secret: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list: "list"
        case .map: "map"
        case .type: "type"
        case .optional: NetworkValue(value)?.typeName ?? "optional_type"
        }
    }
}
