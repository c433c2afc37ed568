import WorkflowModel

/// The parameters behind the `?`, checked against what the operation takes.
struct QueryValues: Sendable {
    private var values: [String: [String]] = [:]

    /// The most values of one parameter.
    private static let mostValues = 100
    /// The longest value, in bytes.
    private static let longest = 4096

    /// Reads `query`.
    ///
    /// - Throws: ``APIProblem`` naming the parameter: one that is not known, is there twice, or has a value that it cannot have.
    init(_ query: [(name: String, value: String)], _ parameters: [Parameter]) throws(APIProblem) {
        let known = parameters.filter { $0.place == .query }
        for (name, text) in query {
            guard let parameter = known.first(where: { $0.name == name }) else {
                let names = known.map(\.name)
                let near = Similarity.nearest(to: name, among: names)
                let help =
                    near.map { "did you mean \($0)?" }
                    ?? (names.isEmpty ? "this takes none" : "there are \(names.joined(separator: ", "))")
                throw APIProblem(
                    400, "unknown_parameter", "there is no parameter \(name); \(help)",
                    members: ["parameter": .string(name)])
            }
            guard text.utf8.count <= QueryValues.longest else {
                throw .badParameter(name, "is longer than \(QueryValues.longest) bytes")
            }
            let parts = parameter.isRepeated ? text.split(separator: ",").map(String.init) : [text]
            guard parameter.isRepeated || values[name] == nil else { throw .badParameter(name, "is there twice") }
            for part in parts {
                if let problem = QueryValues.problem(part, parameter.schema) { throw .badParameter(name, problem) }
                values[name, default: []].append(part)
            }
            guard values[name, default: []].count <= QueryValues.mostValues else {
                throw .badParameter(name, "has more than \(QueryValues.mostValues) values")
            }
        }
    }

    private static func problem(_ text: String, _ schema: Schema) -> String? {
        guard let value = read(text, schema) else {
            let type = schema.types.first ?? "string"
            return "must be \(Schema.nameForPeople(type)), is \"\(text)\""
        }
        return schema.violations(of: value, limit: 1).first?.message
    }

    /// The text as the schema's type; nil when it is none of that type.
    static func read(_ text: String, _ schema: Schema) -> Value? {
        switch schema.types.first {
        case "integer": Int64(text).map(Value.int)
        case "number": Double(text).flatMap { $0.isFinite ? .double($0) : nil }
        case "boolean": text == "true" ? true : text == "false" ? false : nil
        default: text.isEmpty ? nil : .string(text)
        }
    }

    /// The names of the parameters that are there.
    var names: [String] { values.keys.sorted() }

    /// The value of a parameter; nil when it is not there.
    func text(_ name: String) -> String? { values[name]?.first }

    /// The values of a parameter; nil when it is not there.
    func texts(_ name: String) -> [String]? { values[name] }

    /// Whether a flag is set.
    func flag(_ name: String) -> Bool { values[name]?.first == "true" }

    /// The number; nil when it is not there.
    func number(_ name: String) -> Int64? { values[name]?.first.flatMap { Int64($0) } }

    /// The moment; nil when it is not there.
    func instant(_ name: String) -> Timestamp? { values[name]?.first.flatMap { Timestamp(rfc3339: $0) } }

    /// The page of `list` that is asked for.
    ///
    /// - Throws: ``APIProblem`` for a cursor of another list.
    func page(of list: String) throws(APIProblem) -> Page {
        var page = Page(limit: Int(number("limit") ?? Int64(Page.usual)))
        if let cursor = text("cursor") { page.after = try Page.decode(cursor, list: list) }
        return page
    }
}
