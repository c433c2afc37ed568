/// A JSON Schema, of the parts that manifests and event types use: type, enum, const, properties, required,
/// additionalProperties, items, length, range and count limits, pattern, format, description, default, examples, anyOf,
/// and of our own x-words and x-present.
public struct Schema: Sendable, Hashable {
    /// The JSON types allowed; empty when any is.
    public var types: [String] = []
    /// The values allowed; nil when any is.
    public var allowed: [Value]?
    /// The known fields of an object, in the order written.
    public var properties: [Property] = []
    /// The names of the fields that must be there.
    public var required: [String] = []
    /// Whether an object may have fields beyond ``properties``.
    public var allowsOthers = true
    /// What fields beyond ``properties`` must be like.
    public var others: [Schema] = []
    /// What every element of a list must be like (empty or one).
    public var items: [Schema] = []
    /// Of these at least one must fit; empty for no such rule.
    public var anyOf: [Schema] = []
    /// `date-time`, `duration`, `email`, `uri`, `timezone`: texts with a meaning.
    public var format: String?
    /// The words that a text is known to be, when others are not refused (`x-words`): a comparison with another one is a warning.
    public var words: [String]?
    /// Whether practically every sender gives it, so that expressions need not ask for it (`x-present`), though it may be null.
    public var isUsuallyPresent = false
    /// The least number allowed, itself included.
    public var minimum: Double?
    /// The greatest number allowed, itself included.
    public var maximum: Double?
    /// The fewest characters of a text.
    public var minLength: Int?
    /// The most characters of a text.
    public var maxLength: Int?
    /// The fewest elements of a list.
    public var minItems: Int?
    /// The most elements of a list.
    public var maxItems: Int?
    /// One line for people.
    public var description: String?
    /// The value when none is given.
    public var defaultValue: Value?

    /// A field of an object.
    public struct Property: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What it must be like.
        public var schema: Schema

        /// The field `name`.
        public init(_ name: String, _ schema: Schema) {
            self.name = name
            self.schema = schema
        }
    }

    /// A schema that takes anything.
    public static let anything = Schema()

    /// A schema of `types`; none means any.
    public init(types: [String] = []) { self.types = types }

    /// The schema of field `name`, if the object has it.
    public func property(_ name: String) -> Schema? { properties.first { $0.name == name }?.schema }

    /// What is wrong with a schema's own text.
    public struct Malformed: Error, Sendable, Hashable {
        /// Which key, from the schema's root: `/properties/to/type`.
        public var path: String
        /// What is wrong.
        public var message: String
    }

    /// Reads a schema from its JSON or YAML form.
    ///
    /// - Throws: ``Malformed`` for an unknown keyword or a value of the wrong kind.
    public init(_ value: Value, path: String = "") throws(Malformed) {
        if case .bool(true) = value { return }
        guard case .map(let map) = value else { throw Malformed(path: path, message: "a schema must be a map") }
        for entry in map {
            guard let key = entry.key.string else { throw Malformed(path: path, message: "keys must be texts") }
            let here = "\(path)/\(key)"
            func wrong(_ what: String) -> Malformed { Malformed(path: here, message: what) }
            switch key {
            case "type":
                if let one = entry.value.string {
                    types = [one]
                } else if let many = entry.value.list {
                    types = many.compactMap(\.string)
                } else {
                    throw wrong("must be a type's name or a list of them")
                }
                let known = ["string", "integer", "number", "boolean", "object", "array", "null"]
                for type in types where !known.contains(type) { throw wrong("unknown type \(type)") }
            case "enum":
                guard let list = entry.value.list else { throw wrong("must be a list") }
                allowed = list
            case "const": allowed = [entry.value]
            case "properties":
                guard let fields = entry.value.map else { throw wrong("must be a map") }
                for field in fields {
                    guard let name = field.key.string else { throw wrong("names must be texts") }
                    properties.append(Property(name, try Schema(field.value, path: "\(here)/\(name)")))
                }
            case "required":
                guard let list = entry.value.list else { throw wrong("must be a list") }
                required = list.compactMap(\.string)
            case "additionalProperties":
                if let flag = entry.value.bool {
                    allowsOthers = flag
                } else {
                    others = [try Schema(entry.value, path: here)]
                }
            case "items": items = [try Schema(entry.value, path: here)]
            case "anyOf", "oneOf":
                guard let list = entry.value.list else { throw wrong("must be a list") }
                for (index, part) in list.enumerated() { anyOf.append(try Schema(part, path: "\(here)/\(index)")) }
            case "x-words":
                guard let list = entry.value.list else { throw wrong("must be a list") }
                words = list.compactMap(\.string)
            case "x-present": isUsuallyPresent = entry.value.bool ?? false
            case "format": format = entry.value.string
            case "minimum": minimum = entry.value.number
            case "maximum": maximum = entry.value.number
            case "minLength": minLength = entry.value.int.map(Int.init)
            case "maxLength": maxLength = entry.value.int.map(Int.init)
            case "minItems": minItems = entry.value.int.map(Int.init)
            case "maxItems": maxItems = entry.value.int.map(Int.init)
            case "description", "title": description = entry.value.string
            case "default": defaultValue = entry.value
            case "examples", "$schema", "$id": break
            default: throw wrong("this keyword is not supported")
            }
        }
    }
}
