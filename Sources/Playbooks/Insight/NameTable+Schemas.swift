import Expressions
import WorkflowModel

extension NameTable {
    /// What `path` may be like at `scope`; empty when nothing is known.
    func schemas(of path: [String], _ scope: NameScope) -> [Schema] {
        guard path.allSatisfy(NameRules.isName), let expression = Expression.parse(path.joined(separator: ".")).0 else {
            return []
        }
        let result = TypeChecker.check(
            expression, in: PlaceEnvironment(table: self, scope: scope), keepingTypes: true)
        let type = result.types.last ?? result.type
        if type == Space.event.type { return Self.schemas(of: LanguageObjects.anyEvent) }
        return Self.schemas(of: type)
    }

    private static func schemas(of type: ExpressionType) -> [Schema] {
        switch type.present {
        case .dyn, .free, .parameter, .space: []
        case .oneOf(let members): members.flatMap(schemas)
        default: [schema(of: type)]
        }
    }

    /// The schema of the values of a type.
    private static func schema(of type: ExpressionType, description: String? = nil) -> Schema {
        var schema = Schema()
        switch type.present {
        case .bool: schema.types = ["boolean"]
        case .int, .uint: schema.types = ["integer"]
        case .double: schema.types = ["number"]
        case .string, .bytes, .secret: schema.types = ["string"]
        case .timestamp:
            schema.types = ["string"]
            schema.format = "date-time"
        case .duration:
            schema.types = ["string"]
            schema.format = "duration"
        case .words(let words):
            schema.types = ["string"]
            schema.words = words
        case .list(let element):
            schema.types = ["array"]
            if !element.isUnknown { schema.items = [Self.schema(of: element)] }
        case .map: schema.types = ["object"]
        case .object(let object):
            schema.types = ["object"]
            schema.properties = object.fields.map {
                Schema.Property($0.name, Self.schema(of: $0.type, description: $0.description))
            }
        case .oneOf(let members): schema.anyOf = members.map { Self.schema(of: $0) }
        default: break
        }
        if type.mayBeNull, !schema.types.isEmpty { schema.types.append("null") }
        schema.description = description
        return schema
    }
}
