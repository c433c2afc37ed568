/// How one kind of value is made of another.
enum Conversion {
    /// What to write to make `wanted` of `name`; nil when there is no way.
    static func help(from given: ExpressionType, to wanted: ExpressionType, _ name: String) -> String? {
        switch wanted {
        case .string where given.isNumber || given == .bool || given == .timestamp || given == .duration:
            return "write string(\(name))"
        case .string:
            if case .list = given { return "write \(name).join(\", \")" }
            return nil
        case .int where given.isText: return "write int(\(name))"
        case .int where given == .double: return "write int(\(name))"
        case .double where given.isText || given == .int: return "write double(\(name))"
        case .timestamp where given.isText: return "write timestamp(\(name))"
        case .duration where given.isText: return "write duration(\(name))"
        case .duration where given.isNumber:
            return Int(name).map { "write duration(\"\($0)m\"), with its unit" }
                ?? "write duration(\"15m\"), with a unit"
        case .list where !given.isMap && !given.isUnknown:
            if case .list = given { return nil }
            return "write [\(name)]"
        default: return nil
        }
    }
}
