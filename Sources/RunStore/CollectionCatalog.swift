public import PluginKit
public import WorkflowModel

/// The collections that plugins have declared, and the rules that all drivers hold callers to.
public struct CollectionCatalog: Sendable {
    /// The longest id of a document, in bytes.
    public static let maximumIDLength = 1024
    /// The most documents or hits of one query.
    public static let maximumLimit = 10_000

    /// The most values that one condition of a query may name.
    public static let maximumChoices = 1000

    /// The declarations by full name, `ticket.tickets`.
    public let declarations: [String: CollectionDeclaration]

    /// A catalogue of these declarations by full name.
    public init(_ declarations: [String: CollectionDeclaration]) {
        self.declarations = declarations
    }

    /// The declaration of `name`.
    ///
    /// - Throws: ``StoreError`` with `misuse` when no plugin declares it.
    public func declaration(of name: String) throws(StoreError) -> CollectionDeclaration {
        guard let declaration = declarations[name] else {
            let known = declarations.keys.sorted().joined(separator: ", ")
            let near = Similarity.nearest(to: name, among: declarations.keys.sorted())
            throw StoreError(
                .misuse,
                "no plugin declares the collection \"\(name)\"; "
                    + (near.map { "did you mean \"\($0)\"?" }
                        ?? (known.isEmpty ? "no collections are declared" : "declared are \(known)")))
        }
        return declaration
    }

    /// Checks that `plugin` may write `id` into `collection`.
    ///
    /// - Throws: ``StoreError`` with `misuse`.
    public func checkWrite(_ id: String, in collection: String, by plugin: String) throws(StoreError) {
        guard collection.hasPrefix(plugin + ".") else {
            throw StoreError(
                .misuse,
                "the plugin \"\(plugin)\" may not change \"\(collection)\"; a plugin changes its own collections only")
        }
        _ = try declaration(of: collection)
        guard !id.isEmpty, id.utf8.count <= Self.maximumIDLength, !id.utf8.contains(0) else {
            throw StoreError(
                .misuse,
                "a document's id in \"\(collection)\" must have 1 to \(Self.maximumIDLength) bytes and no zero byte")
        }
    }

    /// Checks a query against what is declared.
    ///
    /// - Throws: ``StoreError`` with `misuse`: an undeclared collection or field, a limit out of range, a comparison with a value
    ///   that has no order.
    public func check(_ query: DocumentQuery, in collection: String) throws(StoreError) {
        let declaration = try declaration(of: collection)
        func field(_ name: String) throws(StoreError) {
            guard declaration.indexes.contains(name) else {
                let known = declaration.indexes.joined(separator: ", ")
                throw StoreError(
                    .misuse,
                    "\"\(collection)\" has no index on \"\(name)\"; "
                        + (known.isEmpty ? "it declares none" : "it declares \(known)"))
            }
        }
        for condition in query.conditions {
            try field(condition.field)
            let values: [Value] =
                switch condition.comparison {
                case .equals(let value), .lessThan(let value), .atLeast(let value): [value]
                case .oneOf(let values): values
                case .isNull, .isNotNull: []
                }
            guard values.count <= Self.maximumChoices else {
                throw StoreError(
                    .misuse, "a query may name at most \(Self.maximumChoices) values, names \(values.count)")
            }
            for value in values where !IndexKey(value).isComparable {
                throw StoreError(
                    .misuse,
                    "\"\(condition.field)\" of \"\(collection)\" cannot be compared with \(value.kindForPeople); "
                        + "for nothing ask isNull")
            }
        }
        if let order = query.order { try field(order) }
        try Self.check(limit: query.limit)
    }

    /// Checks a full-text search.
    ///
    /// - Throws: ``StoreError`` with `misuse`.
    public func checkSearch(in collection: String, limit: Int) throws(StoreError) {
        guard !(try declaration(of: collection).search.isEmpty) else {
            throw StoreError(.misuse, "\"\(collection)\" declares no fields for full-text search")
        }
        try Self.check(limit: limit)
    }

    /// Checks that `limit` is from 1 to `maximum`.
    ///
    /// - Throws: ``StoreError`` with `misuse`.
    public static func check(limit: Int, maximum: Int = maximumLimit) throws(StoreError) {
        guard (1...maximum).contains(limit) else {
            throw StoreError(.misuse, "a limit must be from 1 to \(maximum), is \(limit)")
        }
    }

    /// The value of a dotted field of a document; nil when it is missing.
    public static func value(of field: String, in body: ValueMap) -> Value? {
        guard field.utf8.contains(0x2E) else { return body[field] }
        // A key may have a dot in it; it comes before the path.
        if let value = body[field] { return value }
        return Value.map(body).at(field.split(separator: "."))
    }
}

extension DocumentQuery.Comparison {
    /// Whether a field with this key fits.
    public func fits(_ key: IndexKey) -> Bool {
        switch self {
        case .equals(let value): key == IndexKey(value)
        case .oneOf(let values): values.contains { key == IndexKey($0) }
        case .lessThan(let value):
            key < IndexKey(value) && !key.bytes.lexicographicallyPrecedes(IndexKey(value).kindStart)
        case .atLeast(let value):
            key >= IndexKey(value) && key.bytes.lexicographicallyPrecedes(IndexKey(value).kindEnd)
        case .isNull: key == .missing
        case .isNotNull: key != .missing
        }
    }
}
