public import PluginKit
public import WorkflowModel

extension CollectionDeclaration {
    /// The key of each declared index for a document.
    public func keys(of body: ValueMap) -> [(field: String, key: IndexKey)] {
        indexes.map { ($0, IndexKey(CollectionCatalog.value(of: $0, in: body))) }
    }

    /// The words of the declared search fields of a document. A list of texts counts with all of its texts.
    public func words(of body: ValueMap) -> [String] {
        search.flatMap { field -> [String] in
            switch CollectionCatalog.value(of: field, in: body) {
            case .string(let text)?: SearchWords.words(of: text)
            case .list(let items)?: items.compactMap(\.string).flatMap { SearchWords.words(of: $0) }
            default: []
            }
        }
    }

    /// A place in an index that a document leaves or takes; nil is none.
    public struct KeyChange: Sendable, Hashable {
        /// The indexed field.
        public var field: String
        /// The key that it had.
        public var before: IndexKey?
        /// The key that it has.
        public var after: IndexKey?
    }

    /// The indexes in which a document gets another place when its body changes; nil is no document. Most changes of a document
    /// touch few of its fields, so the values are compared before any key is made.
    public func keyChanges(from before: ValueMap?, to after: ValueMap?) -> [KeyChange] {
        var changes: [KeyChange] = []
        for field in indexes {
            let old = before.flatMap { CollectionCatalog.value(of: field, in: $0) }
            let new = after.flatMap { CollectionCatalog.value(of: field, in: $0) }
            if before != nil, after != nil, old == new { continue }
            let change = KeyChange(
                field: field, before: before == nil ? nil : IndexKey(old), after: after == nil ? nil : IndexKey(new))
            if change.before != change.after { changes.append(change) }
        }
        return changes
    }

    /// Whether a document has the same texts in its search fields before and after a change, so that its words are the same.
    public func hasSameTexts(_ before: ValueMap, _ after: ValueMap) -> Bool {
        search.allSatisfy {
            CollectionCatalog.value(of: $0, in: before) == CollectionCatalog.value(of: $0, in: after)
        }
    }
}
