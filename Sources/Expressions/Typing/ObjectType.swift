/// A map of which the fields are known.
public final class ObjectType: Sendable, Hashable {
    /// A field of an object.
    public struct Field: Sendable {
        /// Its name.
        public let name: String
        /// What it holds; nullable when it may be missing.
        public let type: ExpressionType
        /// One line for people.
        public let description: String?

        /// A field.
        public init(_ name: String, _ type: ExpressionType, description: String? = nil) {
            self.name = name
            self.type = type
            self.description = description
        }
    }

    /// The fields, in the order in which they are shown to people.
    public let fields: [Field]
    /// What fields beyond ``fields`` hold; nil when there are none.
    public let others: ExpressionType?
    private let positions: [String: Int]

    /// An object of `fields`. With `others` it may have more, of that type.
    public init(_ fields: [Field], others: ExpressionType? = nil) {
        self.fields = fields
        self.others = others
        positions =
            fields.count < 6
            ? [:] : Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field of that name.
    public func field(_ name: String) -> Field? {
        if positions.isEmpty { return fields.first { $0.name == name } }
        return positions[name].map { fields[$0] }
    }

    /// Objects are the same when they are the same one: fields are not compared.
    public static func == (left: ObjectType, right: ObjectType) -> Bool { left === right }

    /// Hashes the object's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
