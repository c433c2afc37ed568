import WorkflowModel

/// Follows field names through schemas.
enum FieldWalk {
    /// Where a walk ended.
    enum End {
        /// Nothing is known of what is there.
        case open
        /// It is like one of these.
        case known([Schema])
        /// The segment of this index names no field.
        case missing(Int, known: [String], kind: String?)
    }

    /// Follows `fields` from something that is like one of `schemas`.
    static func walk(_ schemas: [Schema], _ fields: ArraySlice<String>) -> End {
        var here = expanded(schemas)
        for index in fields.indices {
            if here.isEmpty || here.contains(where: isOpen) { return .open }
            var next: [Schema] = []
            for schema in here {
                if let field = schema.property(fields[index]) {
                    next.append(field)
                } else {
                    next += schema.others
                }
            }
            guard !next.isEmpty else {
                let names = here.flatMap { $0.properties.map(\.name) }
                let isScalar = here.allSatisfy { !$0.types.isEmpty && !$0.types.contains("object") }
                return .missing(index, known: names, kind: isScalar ? kind(of: here) : nil)
            }
            here = expanded(next)
        }
        return here.isEmpty || here.contains(where: { $0 == .anything }) ? .open : .known(here)
    }

    /// What the elements of a list are like; empty when nothing is known.
    static func elements(of schemas: [Schema]) -> [Schema] { expanded(schemas).flatMap(\.items) }

    private static func expanded(_ schemas: [Schema]) -> [Schema] {
        guard schemas.contains(where: { !$0.anyOf.isEmpty }) else { return schemas }
        return schemas.flatMap { $0.anyOf.isEmpty ? [$0] : $0.anyOf }
    }

    /// Whether a thing may have fields of any name: a map of which no field is described.
    private static func isOpen(_ schema: Schema) -> Bool {
        schema.properties.isEmpty && schema.others.isEmpty && schema.allowsOthers
            && (schema.types.isEmpty || schema.types.contains("object"))
    }

    /// What values of `schemas` are, in words; nil when that is not known.
    static func kindInWords(_ schemas: [Schema]) -> String? {
        guard !schemas.isEmpty, schemas.allSatisfy({ !Set($0.types).subtracting(["null"]).isEmpty && $0.anyOf.isEmpty })
        else { return nil }
        guard Set(schemas.map { $0.format ?? "" }).count == 1 else { return nil }
        let types = Set(schemas.flatMap(\.types)).subtracting(["null"])
        if types == ["object"] { return "a map" }
        let kind = kind(of: schemas)
        return kind == "a single value" ? nil : kind
    }

    private static func kind(of schemas: [Schema]) -> String {
        let types = Set(schemas.flatMap(\.types)).subtracting(["null"])
        if types == ["array"] { return "a list" }
        if types == ["string"] {
            switch schemas.first?.format {
            case "date-time": return "a time"
            case "duration": return "a duration"
            default: return "text"
            }
        }
        if types.isSubset(of: ["integer", "number"]) { return "a number" }
        return types == ["boolean"] ? "true or false" : "a single value"
    }
}
