public import WorkflowModel

/// Writes shapes as JSON Schema.
///
/// The words used mean the same in draft-07 and in 2020-12. The schema says draft-07, the newest that every yaml-language-server
/// understands (its readme, "Features"); none of `$defs`, `dependentRequired` and `unevaluatedProperties` is used.
public struct ShapeSchema {
    /// The draft that the schemas name.
    public static let draft = "http://json-schema.org/draft-07/schema#"
    /// A duration as ``WorkflowModel/DurationText`` reads it, but for zero and negative ones.
    static let duration = #"^\+?([0-9.]+(w|d|h|m|s|ms|us|ns))+$"#

    /// A duration as ``WorkflowModel/DurationText`` reads it, with a sign and zero.
    public static let durationOrNone = #"^[+-]?(0|([0-9.]+(w|d|h|m|s|ms|us|ns))+)$"#

    private let library: ShapeLibrary
    private let names: ShapeNames

    /// A writer of the schema of `library` in a workspace with `names`.
    public init(_ library: ShapeLibrary, names: ShapeNames = ShapeNames()) {
        self.library = library
        self.names = names
    }

    /// The whole schema.
    ///
    /// - Parameter title: what editors call it.
    public func schema(title: String) -> Value {
        var definitions: [(String, Value)] = [("condition", Self.condition)]
        definitions += library.shapes.dropFirst().map { ($0.id, shape($0)) }
        for kind in ShapeForm.NameKind.allCases {
            guard let known = names[kind], known.contains(where: { $0.input != nil }) else { continue }
            for entry in known {
                guard let input = entry.input else { continue }
                let isEvaluated = kind == .action || kind == .playbook
                definitions.append(
                    (
                        "\(kind.rawValue) \(entry.name)",
                        isEvaluated ? EvaluatedSchema.value(input) : SettingSchema.value(input)
                    ))
            }
        }
        var map = ValueMap(strings: [("$schema", .string(Self.draft)), ("title", .string(title))])
        guard case .map(let root) = shape(library.root) else { return .map(map) }
        for entry in root { if let key = entry.key.string { map[key] = entry.value } }
        map["definitions"] = .map(ValueMap(strings: definitions))
        return .map(map)
    }

    /// A condition of a trigger nests.
    private static let condition: Value = [
        "anyOf": [
            .map(expression(isCondition: true)), ["type": "array", "minItems": 1, "items": reference("condition")],
            reference("conditions"),
        ]
    ]

    // MARK: Shapes

    private func shape(_ shape: Shape) -> Value {
        var map = ValueMap(strings: [("description", .string(shape.summary)), ("type", "object")])
        map["properties"] = .map(ValueMap(strings: shape.keys.map { ($0.name, key($0)) }))
        if !shape.required.isEmpty { map["required"] = .list(shape.required.map(Value.string)) }
        let isOpen = shape.rules.contains { if case .open = $0 { true } else { false } }
        if !isOpen { map["additionalProperties"] = false }
        let rules = shape.rules.flatMap { rule($0, of: shape) }
        if !rules.isEmpty { map["allOf"] = .list(rules) }
        return .map(map)
    }

    private func key(_ key: ShapeKey) -> Value {
        var description = key.summary
        if let standard = key.standard { description += " Without it: \(standard)." }
        if case .word(let words) = key.form, words.contains(where: { !$0.meaning.isEmpty }) {
            description += "\n\n" + words.map { "- `\($0.word)`: \($0.meaning)" }.joined(separator: "\n")
        }
        var map = ValueMap(strings: [("description", .string(description))])
        let form = form(key.form)
        // Beside `$ref` draft-07 reads nothing, so it stands in an `allOf` of its own.
        if key.allowsNothing {
            map["anyOf"] = .list([["type": "null"], form])
        } else if case .map(let inner) = form {
            if inner["$ref"] != nil { map["allOf"] = [form] } else { for entry in inner { map.set(entry) } }
        }
        return .map(map)
    }

    private func rule(_ rule: ShapeRule, of shape: Shape) -> [Value] {
        switch rule {
        case .oneKind(let kinds):
            let own = Set(kinds.flatMap { [$0.key] + $0.beside })
            let common = shape.names.filter { !own.contains($0) }
            let one: Value = ["oneOf": .list(kinds.map { required([$0.key]) })]
            return [one]
                + kinds.flatMap { kind -> [Value] in
                    let allowed = shape.names.filter {
                        common.contains($0) || $0 == kind.key || kind.beside.contains($0)
                    }
                    var then: ValueMap = ["propertyNames": ["enum": .list(allowed.map(Value.string))]]
                    if !kind.needs.isEmpty { then["required"] = .list(kind.needs.map(Value.string)) }
                    if !kind.needsOne.isEmpty { then["anyOf"] = .list(kind.needsOne.map { required([$0]) }) }
                    return [["if": required([kind.key]), "then": .map(then)]]
                }
        case .atMostOne(let keys):
            return keys.indices.flatMap { first in
                keys.indices.dropFirst(first + 1).map { ["not": required([keys[first], keys[$0]])] }
            }
        case .needs(let key, let others):
            return [["if": required([key]), "then": ["anyOf": .list(others.map { required([$0]) })]]]
        case .open: return []
        case .single: return [["minProperties": 1, "maxProperties": 1]]
        case .inputs(let inputs, let key, let kind):
            return (names[kind] ?? []).compactMap { entry in
                guard let input = entry.input else { return nil }
                let wanted: Value = ["const": .string(entry.name)]
                let given = Self.reference("\(kind.rawValue) \(entry.name)")
                var then: ValueMap = ["properties": .map(ValueMap(strings: [(inputs, given)]))]
                let isNeeded = input.required.contains { input.property($0)?.defaultValue == nil }
                if isNeeded { then["required"] = [.string(inputs)] }
                return [
                    "if": [
                        "properties": .map(ValueMap(strings: [(key, wanted)])),
                        "required": [.string(key)],
                    ],
                    "then": .map(then),
                ]
            }
        }
    }

    private func required(_ keys: [String]) -> Value { ["required": .list(keys.map(Value.string))] }

    private static func reference(_ id: String) -> Value {
        ["$ref": .string("#/definitions/\(id.replacing(" ", with: "%20"))")]
    }

    // MARK: Forms

    private func form(_ form: ShapeForm) -> Value {
        switch form {
        case .text:
            return ["type": ["string", "number", "boolean", "null"], "pattern": #"^((?!\{\{)[\s\S])*$"#]
        case .plain(let example): return ["type": "string", "minLength": 1, "examples": [.string(example)]]
        case .pattern(let pattern, _): return ["type": "string", "pattern": .string(pattern)]
        case .word(let words): return ["enum": .list(words.map { .string($0.word) })]
        case .flag: return ["type": "boolean"]
        case .duration: return ["type": "string", "pattern": .string(Self.duration)]
        case .count(let range):
            return [
                "type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound)),
            ]
        case .nothing: return ["type": "null"]
        case .share: return ["type": "number", "exclusiveMinimum": 0, "maximum": 1]
        case .expression(let isCondition): return .map(Self.expression(isCondition: isCondition))
        case .value, .anything: return .map(ValueMap())
        case .message: return ["type": ["string", "number", "boolean"]]
        case .scalar: return ["type": ["string", "number", "boolean", "null"]]
        case .values(let isVariables):
            guard isVariables else { return ["type": ["object", "null"]] }
            return ["type": "object", "propertyNames": ["pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$"]]
        case .name(let kind, let isOpen): return name(kind, isOpen: isOpen)
        case .list(let element, let least):
            return ["type": "array", "minItems": .int(Int64(least)), "items": self.form(element)]
        case .map(let element, let pattern):
            var map = ValueMap(strings: [("type", "object"), ("additionalProperties", self.form(element))])
            if let pattern { map["propertyNames"] = ["pattern": .string(pattern)] }
            return .map(map)
        case .shape(let id): return library[id] == nil && id != "condition" ? .map(ValueMap()) : Self.reference(id)
        case .either(let forms): return ["anyOf": .list(forms.map(self.form))]
        case .schema(let schema): return SettingSchema.value(schema)
        case .named(let kind):
            guard let known = names[kind] else { return ["type": "object"] }
            return [
                "type": "object", "additionalProperties": false,
                "properties": .map(
                    ValueMap(
                        strings: known.map { entry in
                            let settings =
                                entry.input == nil ? .map(ValueMap()) : Self.reference("\(kind.rawValue) \(entry.name)")
                            return (
                                entry.name,
                                ["description": .string(entry.summary), "anyOf": [["type": "null"], settings]]
                            )
                        })),
            ]
        }
    }

    private func name(_ kind: ShapeForm.NameKind, isOpen: Bool) -> Value {
        guard let known = names[kind], !known.isEmpty else { return ["type": "string", "minLength": 1] }
        let one: Value =
            known.contains { !$0.summary.isEmpty }
            ? ["anyOf": .list(known.map { ["const": .string($0.name), "description": .string($0.summary)] })]
            : ["enum": .list(known.map { .string($0.name) })]
        return isOpen ? ["anyOf": [one, ["type": "string", "minLength": 1]]] : one
    }

    /// An expression begins with no `=` and has no `${{ }}` around it; a condition is not a number or nothing.
    private static func expression(isCondition: Bool) -> ValueMap {
        [
            "type": isCondition ? ["string", "boolean"] : ["string", "boolean", "number", "null"], "minLength": 1,
            "pattern": #"^(?!=|\$\{\{)"#,
        ]
    }
}

extension ValueMap {
    fileprivate mutating func set(_ entry: Entry) {
        if let key = entry.key.string { self[key] = entry.value }
    }
}
