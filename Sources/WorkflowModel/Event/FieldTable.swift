/// What a schema says of an object's fields, in the form in which events are bound: made once, so that binding an event copies no
/// schema.
final class FieldTable: Sendable {
    /// What binding does with a value that is no object.
    private enum Form: Sendable {
        /// It stays as it is.
        case plain
        /// Texts of it, or of what is in it, may be times, or something is missing in it that has a default.
        case bound(Schema)
    }

    private struct Field: Sendable {
        let form: Form
        let inside: FieldTable
    }

    private let fields: [Field]
    /// Every field, with null.
    private let empty: ValueMap

    init(_ schema: Schema) {
        fields = schema.properties.map { property in
            Field(
                form: property.schema.bindsNothing ? .plain : .bound(property.schema),
                inside: FieldTable(property.schema))
        }
        empty = ValueMap(schema.properties.map { (.string($0.name), .null) })
    }

    /// `map` with every field of the schema, in its order, then what else is in the map: null where nothing was given, times and
    /// durations bound as such.
    func fill(_ map: ValueMap) -> ValueMap {
        if fields.isEmpty { return map }
        var filled = empty
        for entry in map.entries {
            guard let place = filled.place(of: entry.key), place < fields.count else {
                filled[entry.key] = entry.value
                continue
            }
            let field = fields[place]
            switch (entry.value, field.form) {
            case (.map(let inner), _): filled.setValue(at: place, .map(field.inside.fill(inner)))
            case (let value, .plain): filled.setValue(at: place, value)
            case (let value, .bound(let schema)): filled.setValue(at: place, schema.bound(value))
            }
        }
        return filled
    }
}

extension Schema {
    /// Whether ``bound(_:)`` leaves every value that is no object as it is.
    fileprivate var bindsNothing: Bool {
        format != "date-time" && format != "duration" && items.allSatisfy { $0.properties.isEmpty && $0.bindsNothing }
    }
}
