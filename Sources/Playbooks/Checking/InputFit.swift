import Expressions
import WorkflowModel

/// Whether values of a type fit an action's input.
enum InputFit {
    /// What the input must be, in words, when no value of `type` fits it.
    static func mismatch(_ type: ExpressionType, _ schema: Schema) -> String? {
        let forms = schema.anyOf.filter { !$0.types.isEmpty }
        if schema.types.isEmpty {
            guard !forms.isEmpty, forms.count == schema.anyOf.count,
                forms.allSatisfy({ mismatch(type, $0) != nil })
            else { return nil }
            return words(forms.flatMap(\.types))
        }
        switch type {
        case .oneOf(let members):
            guard members.allSatisfy({ mismatch($0, schema) != nil }) else { return nil }
        case .list(let element):
            guard schema.types.contains("array") else { break }
            guard let items = schema.items.first, !element.isUnknown, mismatch(element.present, items) != nil else {
                return nil
            }
            return "a list of \(words(items.types)), each element of it"
        default:
            if schema.types.contains(where: { fits(type, $0) }) { return nil }
        }
        return words(schema.types)
    }

    private static func fits(_ type: ExpressionType, _ name: String) -> Bool {
        switch type {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .int, .uint, .double: name == "integer" || name == "number"
        case .string, .words, .bytes, .timestamp, .duration, .secret: name == "string"
        case .list: name == "array"
        case .map, .object, .space: name == "object"
        case .optional, .type, .named: false
        case .dyn, .free, .parameter, .nullable, .absent, .oneOf: true
        }
    }

    private static func words(_ types: [String]) -> String {
        var words: [String] = []
        for type in types where type != "null" {
            let word = Schema.nameForPeople(type)
            if !words.contains(word) { words.append(word) }
        }
        return words.joined(separator: " or ")
    }

    /// A word that the input does not take: when it is written in the expression any, else only when none is taken.
    static func word(of type: ExpressionType, outside schema: Schema, isWritten: Bool) -> String? {
        guard let allowed = schema.allowed, let words = type.knownWords, !words.isEmpty else { return nil }
        let texts = Set(allowed.compactMap(\.string))
        guard !texts.isEmpty else { return nil }
        let outside = words.filter { !texts.contains($0) }
        return isWritten || outside.count == words.count ? outside.first : nil
    }

    /// How a value of the input's kind is made of it.
    static func help(_ type: ExpressionType, _ schema: Schema, _ text: String) -> String? {
        if schema.types.contains("string"), type.isNumber || type == .bool { return "write =string(\(text))" }
        if schema.types == ["array"], !type.isMap { return "write =[\(text)]" }
        if schema.types.contains("string"), case .list = type { return "write =\(text).join(\", \"), or one element" }
        if type.isText, schema.types == ["integer"] || schema.types == ["number"] { return "write =int(\(text))" }
        return nil
    }
}
