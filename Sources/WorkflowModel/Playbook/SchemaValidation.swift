/// One way in which a value does not fit its schema.
public struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// The place inside the value: `to`, `fields.priority`, `items[3]`; empty for the value itself.
    public var path: String
    /// What is wrong, in words.
    public var message: String

    /// `to: must be text, is a whole number`.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }

    /// A violation.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

extension Schema {
    /// All violations of `value`, at most `limit`.
    public func violations(of value: Value, limit: Int = 20) -> [SchemaViolation] {
        var found: [SchemaViolation] = []
        check(value, path: "", limit: limit, into: &found)
        return found
    }

    /// `value` with missing fields filled by their defaults, and `format: date-time` and `duration` texts bound as such.
    public func bound(_ value: Value) -> Value {
        switch value {
        case .string(let text):
            if format == "date-time", let instant = Timestamp(rfc3339: text) { return .timestamp(instant) }
            if format == "duration", let duration = DurationText.parse(text) { return .duration(duration) }
            return value
        case .list(let items):
            guard let element = self.items.first else { return value }
            return .list(items.map(element.bound))
        case .map(var map):
            for property in properties {
                if let field = map[property.name] {
                    map[property.name] = property.schema.bound(field)
                } else if let value = property.schema.defaultValue {
                    map[property.name] = property.schema.bound(value)
                }
            }
            return .map(map)
        default: return value
        }
    }

    private func check(_ value: Value, path: String, limit: Int, into found: inout [SchemaViolation]) {
        guard found.count < limit else { return }
        func report(_ message: String) { found.append(SchemaViolation(path: path, message: message)) }
        if !types.isEmpty, !types.contains(where: { Schema.fits(value, type: $0) }) {
            report("must be \(types.map(Schema.nameForPeople).joined(separator: " or ")), is \(value.kindForPeople)")
            return
        }
        if let allowed, !allowed.contains(where: { $0 == value || ($0.number != nil && $0.number == value.number) }) {
            let shown = allowed.map { $0.string ?? JSONWriter.text($0) }
            var message = "must be one of \(shown.joined(separator: ", "))"
            if let text = value.string, let near = Similarity.nearest(to: text, among: shown) {
                message += "; did you mean \(near)?"
            }
            report(message)
        }
        if !anyOf.isEmpty, !anyOf.contains(where: { $0.violations(of: value, limit: 1).isEmpty }) {
            let choices = anyOf.map(\.required)
            report(
                choices.allSatisfy { !$0.isEmpty }
                    ? "needs \(choices.map { $0.joined(separator: " and ") }.joined(separator: " or "))"
                    : "has none of the forms that are allowed here")
        }
        if let number = value.number {
            if let minimum, number < minimum { report("must be at least \(Schema.short(minimum))") }
            if let maximum, number > maximum { report("must be at most \(Schema.short(maximum))") }
        }
        switch value {
        case .string(let text):
            let length = text.unicodeScalars.count
            if let minLength, length < minLength {
                report(minLength == 1 ? "must not be empty" : "must have at least \(minLength) characters")
            }
            if let maxLength, length > maxLength { report("must have at most \(maxLength) characters, has \(length)") }
            if format == "date-time", Timestamp(rfc3339: text) == nil {
                report("must be a time such as 2026-11-22T08:00:00Z")
            }
            if format == "duration", DurationText.parse(text) == nil {
                report("must be a duration such as 15m or 1h30m")
            }
        case .list(let elements):
            if let minItems, elements.count < minItems { report("must have at least \(minItems) elements") }
            if let maxItems, elements.count > maxItems {
                report("must have at most \(maxItems) elements, has \(elements.count)")
            }
            if let element = items.first {
                for (index, item) in elements.enumerated() {
                    element.check(item, path: "\(path)[\(index)]", limit: limit, into: &found)
                }
            }
        case .map(let map):
            let prefix = path.isEmpty ? "" : path + "."
            for name in required where map[name] == nil {
                found.append(SchemaViolation(path: prefix + name, message: "is missing"))
            }
            for entry in map {
                let name = entry.key.jsonText
                if let schema = property(name) {
                    // An optional field may be null: "not given".
                    if entry.value.isNull, !required.contains(name) { continue }
                    schema.check(entry.value, path: prefix + name, limit: limit, into: &found)
                } else if !allowsOthers {
                    var message = "is not known here"
                    if let near = Similarity.nearest(to: name, among: properties.map(\.name)) {
                        message += "; did you mean \(near)?"
                    }
                    found.append(SchemaViolation(path: prefix + name, message: message))
                } else if let schema = others.first {
                    schema.check(entry.value, path: prefix + name, limit: limit, into: &found)
                }
            }
        default: break
        }
    }

    private static func fits(_ value: Value, type: String) -> Bool {
        switch (type, value) {
        case ("string", .string), ("string", .secret), ("string", .timestamp), ("string", .duration),
            ("string", .bytes),
            ("boolean", .bool), ("null", .null), ("object", .map), ("array", .list), ("number", .double),
            ("number", .int),
            ("number", .uint), ("integer", .int), ("integer", .uint):
            true
        case ("integer", .double(let number)): number.rounded() == number
        default: false
        }
    }

    /// A type of JSON Schema in words: `a whole number` for `integer`.
    public static func nameForPeople(_ type: String) -> String {
        switch type {
        case "string": "text"
        case "integer": "a whole number"
        case "number": "a number"
        case "boolean": "true or false"
        case "object": "a map"
        case "array": "a list"
        default: "null"
        }
    }

    private static func short(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }
}
