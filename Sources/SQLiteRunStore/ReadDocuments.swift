import WorkflowModel

/// The documents that one transaction has read or written last: a consumer reads a document, changes it and puts it back, and to put it
/// back the store must know what it was.
struct ReadDocuments {
    /// The most documents that are kept; with one more all are forgotten.
    static let most = 16

    private struct Key: Hashable {
        var collection: Int64
        var id: String
    }

    private var bodies: [Key: ValueMap?] = [:]

    /// The body of a document, from `read` when it is not known; nil when there is no such document.
    mutating func document(
        _ id: String, _ collection: Int64, _ read: () throws -> ValueMap?
    ) rethrows -> ValueMap? {
        if let known = bodies[Key(collection: collection, id: id)] { return known }
        let body = try read()
        note(body, id, collection)
        return body
    }

    /// Keeps what a document is from now on; nil when there is none.
    mutating func note(_ body: ValueMap?, _ id: String, _ collection: Int64) {
        if bodies.count >= Self.most { bodies = [:] }
        bodies.updateValue(body, forKey: Key(collection: collection, id: id))
    }
}
