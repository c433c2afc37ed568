import WorkflowModel

/// A page of a list: how much of it, and from where on.
struct Page: Sendable, Hashable {
    /// How many a page has when nobody says.
    static let usual = 50
    /// How many it has at most.
    static let most = 500

    /// How many at most.
    var limit: Int
    /// The place after which it begins, in the words of the list; nil for the start.
    var after: String?

    /// The answer: these items, and a cursor when there may be more.
    ///
    /// - Parameters:
    ///   - list: the name of the list, so that a cursor of one is not taken for that of another.
    ///   - last: the place of the last one that was looked at; nil at the end of the list.
    static func answer(_ items: [Value], list: String, last: String?) -> APIAnswer {
        APIAnswer(["items": .list(items), "next": last.map { .string(encode(list, $0)) } ?? .null])
    }

    /// A cursor: opaque to callers, and the same list goes on at the same place whatever has come in front of it meanwhile.
    static func encode(_ list: String, _ place: String) -> String {
        Base64Text.encode(Array("\(list):\(place)".utf8))
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The place in the cursor `text` of `list`.
    ///
    /// - Throws: ``APIProblem`` when it is none of this list.
    static func decode(_ text: String, list: String) throws(APIProblem) -> String {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let plain = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard text.utf8.count <= 2048, let bytes = Base64Text.decode(plain),
            let cursor = String(validating: bytes, as: UTF8.self), cursor.hasPrefix("\(list):")
        else {
            throw APIProblem(
                400, "bad_cursor",
                "cursor is none of this list; take `next` of an earlier answer as it was, or leave it out",
                members: ["parameter": "cursor"])
        }
        return String(cursor.dropFirst(list.count + 1))
    }
}
