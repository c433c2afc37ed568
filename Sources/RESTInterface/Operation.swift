public import Access
import WorkflowModel

/// One thing that the API does: the route, what it takes and gives, who may, and how it is done. The server's routes and the OpenAPI
/// document are both made from these, so that neither can have what the other has not.
public struct Operation: Sendable {
    /// The methods in use.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
    }

    /// What it answers with.
    enum Work: Sendable {
        /// One answer.
        case answer(@Sendable (Call) async throws -> APIAnswer)
        /// Changes as they happen, until one of both sides ends it.
        case changes
    }

    /// A name for programs, unique: `listRuns`.
    public var id: String
    /// The method.
    public var method: Method
    /// The path, with the parts that vary in braces: `/api/v1/runs/{run}`.
    public var path: String
    /// Under which heading it stands.
    var tag: String
    /// One line for people.
    var summary: String
    /// What else there is to know; empty for nothing.
    var detail: String = ""
    /// What it asks of the caller.
    public var need: AccessNeed
    /// What may stand in the path and behind the `?`.
    var parameters: [Parameter] = []
    /// What the body must be like; nil when it takes none.
    var body: BodyDescription?
    /// The status when it succeeds.
    var status = 200
    /// What the answer is like.
    var answer: Value
    /// The problems that it can have besides those that all have, by status.
    var problems: [Int] = []
    /// How it is done.
    var work: Work

    /// Whether it answers with changes as they happen, in place of one answer.
    public var isStream: Bool { if case .changes = work { true } else { false } }

    /// Whether it changes something, so that it takes an `Idempotency-Key`.
    public var changes: Bool { method == .post }
}

/// A part of a path, or a parameter behind the `?`.
struct Parameter: Sendable {
    enum Place: String, Sendable {
        case path, query
    }

    var name: String
    var place = Place.query
    var schema: Schema
    var description: String
    /// Whether it may stand there several times, or hold several values with commas between them.
    var isRepeated = false

    static func path(_ name: String, _ description: String) -> Parameter {
        Parameter(name: name, place: .path, schema: Schema(types: ["string"]), description: description)
    }

    static func text(_ name: String, _ description: String) -> Parameter {
        Parameter(name: name, schema: Schema(types: ["string"]), description: description)
    }

    static func flag(_ name: String, _ description: String) -> Parameter {
        var schema = Schema(types: ["boolean"])
        schema.defaultValue = false
        return Parameter(name: name, schema: schema, description: description)
    }

    static func instant(_ name: String, _ description: String) -> Parameter {
        var schema = Schema(types: ["string"])
        schema.format = "date-time"
        return Parameter(name: name, schema: schema, description: description)
    }

    static func number(_ name: String, _ description: String, _ range: ClosedRange<Int64>) -> Parameter {
        var schema = Schema(types: ["integer"])
        schema.minimum = Double(range.lowerBound)
        schema.maximum = Double(range.upperBound)
        return Parameter(name: name, schema: schema, description: description)
    }

    static func words(_ name: String, _ words: [String], _ description: String) -> Parameter {
        var schema = Schema(types: ["string"])
        schema.allowed = words.map(Value.string)
        return Parameter(name: name, schema: schema, description: description, isRepeated: true)
    }

    static func texts(_ name: String, _ description: String) -> Parameter {
        Parameter(name: name, schema: Schema(types: ["string"]), description: description, isRepeated: true)
    }

    /// What every list takes.
    static let page: [Parameter] = [
        {
            var limit = number("limit", "How many at most.", 1...Int64(Page.most))
            limit.schema.defaultValue = .int(Int64(Page.usual))
            return limit
        }(),
        text("cursor", "Goes on where a page ended: the `next` of its answer, as it was."),
    ]
}

/// What a body must be like.
struct BodyDescription: Sendable {
    /// Against which it is checked.
    var schema: Schema
    /// Whether it may be left out.
    var isOptional: Bool
    /// An example for people.
    var example: Value
    /// The fields that name what an operation of the engine is about, and whose content the engine checks itself.
    init(_ fields: [(name: String, schema: Schema)], required: [String] = [], example: Value) {
        var schema = Schema(types: ["object"])
        schema.properties = fields.map { Schema.Property($0.name, $0.schema) }
        schema.required = required
        schema.allowsOthers = false
        self.schema = schema
        isOptional = required.isEmpty
        self.example = example
    }

    init(schema: Schema, example: Value) {
        self.schema = schema
        isOptional = schema.required.isEmpty
        self.example = example
    }
}
