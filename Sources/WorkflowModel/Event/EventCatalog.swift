/// The event types that Signalbox knows, with the schemas of their data. Unknown types are accepted with untyped data.
public struct EventCatalog: Sendable {
    /// One known type.
    public struct KnownType: Sendable {
        /// The type's name.
        public let name: String
        /// The schema of the whole data object.
        public let schema: Schema
    }

    /// The types of this version.
    public static let standard = EventCatalog()

    /// All known types, in the order of the documentation.
    public let types: [KnownType]
    private let positions: [String: Int]
    /// What binds the data of each of ``types``.
    private let tables: [FieldTable]

    private init() {
        var things: [String: Schema] = [:]
        for thing in EventSchemaTexts.things {
            // The texts are part of the program; a test reads each of them.
            guard let value = try? JSON.parse(thing.schema), let schema = try? Schema(value) else {
                preconditionFailure("the schema of \(thing.name) is unreadable")
            }
            things[thing.name] = schema
        }
        types = EventSchemaTexts.types.map { type, required, fields in
            var schema = Schema(types: ["object"])
            schema.properties = fields.map { field in
                guard field.thing.hasSuffix("?") else {
                    return Schema.Property(field.name, things[field.thing] ?? .anything)
                }
                var optional = things[String(field.thing.dropLast())] ?? .anything
                optional.types.append("null")
                return Schema.Property(field.name, optional)
            }
            schema.required = required
            return KnownType(name: type, schema: schema)
        }
        tables = types.map { FieldTable($0.schema) }
        positions = Dictionary(uniqueKeysWithValues: types.enumerated().map { ($1.name, $0) })
    }

    /// The schema of a type's data; nil for unknown types.
    public func schema(ofType type: String) -> Schema? { positions[type].map { types[$0].schema } }

    /// All known names, for "did you mean".
    public var names: [String] { types.map(\.name) }

    /// The subject that a type names from its data, `ticket:4711`; nil when the type is unknown or the data has no id.
    public func subject(ofType type: String, data: ValueMap) -> String? {
        guard positions[type] != nil, let family = type.split(separator: ".").first.map(String.init) else { return nil }
        switch family {
        case "sla", "notification", "routing":
            if let id = data["ticket"]?["id"]?.string { return "ticket:\(id)" }
            if let id = data["routing"]?["ticket"]?.string { return "ticket:\(id)" }
            return data["notification"]?["subject"]?.string
        case "oncall": return data["oncall"]?["schedule"]?.string.map { "oncall:\($0)" }
        default: return data[family]?["id"]?.string.map { "\(family):\($0)" }
        }
    }

    /// The data as conditions and steps see it: every known field there (null when not given), times and durations bound as such.
    public func bound(_ data: ValueMap, ofType type: String) -> ValueMap {
        positions[type].map { tables[$0].fill(data) } ?? data
    }
}
