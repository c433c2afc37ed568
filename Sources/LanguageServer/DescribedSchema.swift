import Shapes
import WorkflowModel

/// What things are, in Markdown for people.
enum Described {
    /// The kind of a value in a few words: `text`, `a time`, `a list of text`.
    static func kind(_ schema: Schema) -> String {
        switch schema.format {
        case "date-time": return "a time"
        case "duration": return "a duration"
        case let format?: return format
        case nil: break
        }
        let words = schema.types.filter { $0 != "null" }.map { type in
            switch type {
            case "string": "text"
            case "integer": "a whole number"
            case "number": "a number"
            case "boolean": "true or false"
            case "array": schema.items.first.map { "a list of \(kind($0))" } ?? "a list"
            case "object": "a map"
            default: type
            }
        }
        if words.isEmpty { return "anything" }
        return words.joined(separator: " or ") + (schema.types.contains("null") ? ", or nothing" : "")
    }

    /// A value of an action's input or of an event, with what is known of it.
    static func schema(_ name: String, _ schema: Schema, isRequired: Bool = false) -> String {
        var text = "**\(name)**: \(kind(schema))" + (isRequired ? ", must be there" : "")
        if let about = schema.description, !about.isEmpty { text += "\n\n\(about)" }
        if let allowed = schema.allowed {
            text += "\n\nOne of " + allowed.map { "`\($0.string ?? JSONWriter.text($0))`" }.joined(separator: ", ")
        }
        if let standard = schema.defaultValue {
            text += "\n\nWithout it: `\(standard.string ?? JSONWriter.text(standard))`"
        }
        if !schema.properties.isEmpty, schema.properties.count <= 80 {
            text += "\n\nFields: " + schema.properties.map { "`\($0.name)`" }.joined(separator: ", ")
        }
        return text
    }

    /// A key of the language.
    static func key(_ key: ShapeKey) -> String {
        var text = "**\(key.name)**" + (key.isRequired ? ", must be there" : "") + "\n\n\(key.summary)"
        if case .word(let words) = key.form {
            text +=
                "\n\n"
                + words.map { "- `\($0.word)`" + ($0.meaning.isEmpty ? "" : ": \($0.meaning)") }
                .joined(separator: "\n")
        }
        if let standard = key.standard { text += "\n\nWithout it: \(standard)." }
        return text
    }

    /// An action, a plugin, or a playbook that is called.
    static func entry(_ entry: ShapeNames.Entry) -> String {
        var text = "**\(entry.name)**"
        if !entry.summary.isEmpty { text += "\n\n\(entry.summary)" }
        guard let input = entry.input, !input.properties.isEmpty else { return text }
        text +=
            "\n\n"
            + input.properties.map { property in
                let about = property.schema.description.map { ": \($0)" } ?? ""
                return "- `\(property.name)`" + (input.required.contains(property.name) ? " *" : "") + about
            }.joined(separator: "\n")
        return text
    }
}
