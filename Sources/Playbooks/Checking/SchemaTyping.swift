import Expressions
import Synchronization
import WorkflowModel

/// The types that schemas describe, made once for a workspace and shared by the checks of all its playbooks.
final class SchemaTyping: Sendable {
    private struct Known {
        var events: [String: ExpressionType] = [:]
        var outputs: [String: ExpressionType] = [:]
        /// Things that several event types speak of are one type.
        var things: [Schema: ExpressionType] = [:]
    }

    private let known = Mutex(Known())

    /// The type of the data of events of `type`.
    func event(_ type: String, _ schema: Schema) -> ExpressionType {
        known.withLock { known in
            if let found = known.events[type] { return found }
            let fields = schema.properties.map { property in
                ObjectType.Field(
                    property.name, Self.thing(property.schema, &known.things), description: property.schema.description)
            }
            let made: ExpressionType = fields.isEmpty ? .openMap : .object(ObjectType(fields))
            known.events[type] = made
            return made
        }
    }

    private static func thing(_ schema: Schema, _ things: inout [Schema: ExpressionType]) -> ExpressionType {
        guard !schema.properties.isEmpty else { return type(schema) }
        var plain = schema
        plain.types.removeAll { $0 == "null" }
        if let found = things[plain] { return found }
        // What an event is about is there, even where its schema lets it be null.
        let made = type(plain)
        things[plain] = made
        return made
    }

    /// The type of what an action gives to `steps.ID`: its fields, or itself as `output` when it is no map.
    func output(of signature: ActionSignature) -> ExpressionType {
        known.withLock { known in
            if let found = known.outputs[signature.name] { return found }
            let schema = signature.output
            let made: ExpressionType
            if schema.types.isEmpty || schema.types.contains("object") {
                made = schema.properties.isEmpty ? .dyn : Self.type(schema).present
            } else {
                made = .object(ObjectType([.init("output", Self.type(schema))]))
            }
            known.outputs[signature.name] = made
            return made
        }
    }

    /// The type of the values that fit a schema. An object with known fields has no others, unless the schema describes them.
    static func type(_ schema: Schema) -> ExpressionType {
        if !schema.anyOf.isEmpty, schema.properties.isEmpty {
            var joined = ExpressionType.free
            for form in schema.anyOf { joined = joined.joined(type(form)) }
            if schema.types.isEmpty { return joined }
        }
        if schema.types.isEmpty {
            guard let allowed = schema.allowed, !allowed.isEmpty else {
                return schema.properties.isEmpty ? .dyn : object(schema)
            }
            return words(allowed) ?? .dyn
        }
        var joined = ExpressionType.free
        for name in schema.types where name != "null" || !schema.isUsuallyPresent {
            joined = joined.joined(type(name, schema))
        }
        return joined
    }

    private static func type(_ name: String, _ schema: Schema) -> ExpressionType {
        switch name {
        case "string":
            switch schema.format {
            case "date-time": return .timestamp
            case "duration": return .duration
            default: return schema.allowed.flatMap(words) ?? schema.words.map(ExpressionType.words) ?? .string
            }
        case "integer": return .int
        case "number": return .number
        case "boolean": return .bool
        case "null": return .null
        case "array": return .list(schema.items.first.map(type) ?? .dyn)
        default: return object(schema)
        }
    }

    private static func object(_ schema: Schema) -> ExpressionType {
        let others = schema.others.first.map(type)
        if schema.properties.isEmpty { return .map(.string, others ?? .dyn) }
        return .object(
            ObjectType(
                schema.properties.map { .init($0.name, type($0.schema), description: $0.schema.description) },
                others: others))
    }

    /// The type of a text that is one of these values; nil when they are not all texts.
    private static func words(_ allowed: [Value]) -> ExpressionType? {
        let texts = allowed.compactMap(\.string)
        let rest = allowed.count - texts.count
        guard !texts.isEmpty, rest == 0 || rest == 1 && allowed.contains(where: \.isNull) else { return nil }
        return rest == 0 ? .words(texts) : .nullable(.words(texts))
    }
}
