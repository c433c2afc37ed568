import Expressions
import WorkflowModel
public import YAML

/// What may be written in the expressions of a playbook, place by place: for editors.
public struct PlaybookScopes {
    private let table: NameTable
    private let places: [PlaybookReading.Text]

    /// Reads a file. It may have mistakes: what can be understood is there all the same.
    public init(_ source: SourceFile, in environment: CheckEnvironment) {
        let reading = PlaybookReading(source, environment)
        if let root = YAMLParser.parse(source).root, let fields = Fields(root, "a playbook", reading) {
            _ = DocumentReader(reading: reading).workflow(fields)
        }
        table = NameTable(reading)
        places = reading.places
    }

    /// The scope of the value or expression at a byte of the file; nil where none stands.
    public func scope(atByte byte: Int) -> PlaybookScope? {
        // The innermost value is the one that was read last.
        places.last { $0.node.byteRange.lowerBound <= byte && byte <= $0.node.byteRange.upperBound }
            .map { PlaybookScope(table: table, scope: $0.scope, node: $0.node) }
    }
}

/// The names at one place of a playbook, with what is known of them.
public struct PlaybookScope {
    /// A name or a field.
    public struct Name: Sendable, Hashable {
        /// The name.
        public var name: String
        /// What it is, in words: "text", "a list", "any value".
        public var kind: String
        /// One line for people, when there is one.
        public var description: String?
    }

    let table: NameTable
    let scope: NameScope
    /// The value or expression as a whole.
    public let node: YAMLNode

    /// The names that an expression may begin with here: those of the event first, then the language's.
    public var names: [Name] {
        var seen: Set<String> = []
        return table.names(scope).filter { seen.insert($0).inserted }.compactMap { name in
            guard case .type(let type) = table.root(name, scope) else { return nil }
            return Name(name: name, kind: Self.kind(type), description: Self.descriptions[name])
        }
    }

    /// The fields of what `text` gives, which is an expression such as `ticket.customer` or `steps.owner`; none when nothing is known
    /// of it.
    public func fields(of text: String) -> [Name] {
        guard let type = type(of: text) else { return [] }
        return fields(of: type)
    }

    /// What `text`, an expression, gives, in words; nil when it cannot be read.
    public func kind(of text: String) -> String? { type(of: text).map(Self.kind) }

    /// The description of the field or name that `text`, a path such as `ticket.customer.tier`, ends in.
    public func description(of text: String) -> String? {
        let path = text.split(separator: ".").map(String.init)
        guard let last = path.last else { return nil }
        if path.count == 1 { return names.first { $0.name == last }?.description }
        return fields(of: path.dropLast().joined(separator: ".")).first { $0.name == last }?.description
    }

    private func type(of text: String) -> ExpressionType? {
        guard let expression = Expression.parse(text).0 else { return nil }
        let result = TypeChecker.check(
            expression, in: PlaceTypes(table: table, scope: scope), keepingTypes: true)
        // The type of a whole space, such as `steps`, is kept only in its node.
        return result.types.last ?? result.type
    }

    private func fields(of type: ExpressionType) -> [Name] {
        switch type.present {
        case .object(let object):
            return object.fields.map {
                Name(name: $0.name, kind: Self.kind($0.type), description: $0.description)
            }
        case .oneOf(let members):
            var seen: Set<String> = []
            return members.flatMap { fields(of: $0) }.filter { seen.insert($0.name).inserted }
        case .space(let number):
            guard let space = NameTable.Space(rawValue: number) else { return [] }
            return table.fieldNames(of: space, scope).compactMap { name in
                guard case .type(let type) = table.member(name, of: space, scope, onlyTested: false) else { return nil }
                return Name(name: name, kind: Self.kind(type), description: table.description(of: name, in: space))
            }
        default: return []
        }
    }

    private static func kind(_ type: ExpressionType) -> String {
        let words = type.knownWords.map { ": " + $0.prefix(12).joined(separator: ", ") } ?? ""
        let missing: Bool
        switch type {
        case .nullable, .absent: missing = true
        default: missing = false
        }
        return type.present.inWords + words + (missing ? " (may be missing)" : "")
    }

    private static let descriptions: [String: String] = [
        "event": "The event that has started the run", "events": "The events that were collected",
        "trigger": "The event's data as it was at the start", "vars": "The playbook's variables",
        "inputs": "What a person, or a calling playbook, has given", "steps": "The results of the steps before",
        "run": "This run", "failure": "What went wrong", "now": "The moment of the step",
        "secrets": "The secrets of signalbox.yaml, for `with` only",
    ]
}

extension NameTable {
    /// The fields of a space that can be used at `scope`.
    func fieldNames(of space: Space, _ scope: NameScope) -> [String] {
        switch space {
        case .event:
            guard case .object(let object) = FixedTypes.anyEvent else { return [] }
            return object.fields.map(\.name)
        case .vars:
            var seen: Set<String> = []
            return reading.variables.filter { seen.insert($0).inserted }
        case .inputs: return reading.inputs.map(\.name)
        case .secrets: return (reading.environment.secrets ?? []).sorted()
        case .steps: return reading.steps.ids
        }
    }

    func description(of name: String, in space: Space) -> String? {
        switch space {
        case .inputs: return inputs[name]?.schema.description
        case .steps:
            guard let number = reading.steps.positions[name],
                case .call(let action) = reading.steps.entries[number].kind
            else { return nil }
            return reading.environment.actions?[action]?.summary
        case .event:
            guard case .object(let object) = FixedTypes.anyEvent else { return nil }
            return object.field(name)?.description
        case .vars, .secrets: return nil
        }
    }
}
