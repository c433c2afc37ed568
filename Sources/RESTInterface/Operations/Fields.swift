import WorkflowModel

/// The words of which the schemas of bodies are made.
enum Fields {
    static func text(_ description: String, most: Int) -> Schema {
        var schema = Schema(types: ["string"])
        schema.description = description
        schema.minLength = 1
        schema.maxLength = most
        return schema
    }

    static func word(_ words: [String], _ description: String) -> Schema {
        var schema = Schema(types: ["string"])
        schema.description = description
        schema.allowed = words.map(Value.string)
        return schema
    }

    static func flag(_ description: String) -> Schema {
        var schema = Schema(types: ["boolean"])
        schema.description = description
        schema.defaultValue = false
        return schema
    }

    static func map(_ description: String) -> Schema {
        var schema = Schema(types: ["object"])
        schema.description = description
        return schema
    }

    static func anything(_ description: String) -> Schema {
        var schema = Schema()
        schema.description = description
        return schema
    }

    /// `for`: on whose behalf an admin acts.
    static let person = text("Decide for this person, by id or address. Only for admins.", most: 300)
}
