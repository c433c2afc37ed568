import PluginKit
import WorkflowModel

/// Windows as documents of the collection `maintenance.windows`.
enum WindowShelf {
    static let collection = "maintenance.windows"

    /// The most windows that one question looks at.
    static let limit = 10_000

    /// The window `id`.
    ///
    /// - Throws: ``Failure`` `unknown_window`.
    static func window(_ id: String, in reader: any PluginStoreReader) throws -> Window {
        guard let body = try reader.document(id, in: collection), let window = Window(body) else {
            throw Failure.permanent("unknown_window", "there is no maintenance window \(id)")
        }
        return window
    }

    /// The windows that are not over and end after `start`.
    static func open(endingAfter start: Timestamp, in reader: any PluginStoreReader) throws -> [Window] {
        let states = Window.State.allCases.filter { !$0.isOver }.map { Value.string($0.rawValue) }
        // A moment more, because "after" is not among the comparisons.
        let query = DocumentQuery(
            [.init("state", .oneOf(states)), .init("ends_at", .atLeast(.timestamp(start + .nanoseconds(1))))],
            order: "starts_at", limit: limit)
        return try reader.documents(in: collection, query).compactMap { Window($0.body) }
    }

    static func put(_ window: Window, in store: any PluginStore) throws {
        var body = window.shown
        body["revision"] = .int(Int64(window.revision))
        body["auto_complete"] = .bool(window.completesItself)
        body["foreign"] = .bool(window.isForeign)
        try store.put(window.id, body, in: collection)
    }
}

extension Window {
    /// The window in a document or in the data of an event; nil when id, times or services are missing.
    init?(_ body: ValueMap) {
        guard let id = body["id"]?.string, let start = body["starts_at"]?.timestamp,
            let end = body["ends_at"]?.timestamp, start < end, let services = body["services"]?.list
        else { return nil }
        self.id = id
        title = body["title"]?.string ?? id
        self.services = services.compactMap(\.string)
        self.start = start
        self.end = end
        originalEnd = body["original_ends_at"]?.timestamp ?? end
        zone = body["zone"]?.string ?? "UTC"
        state = body["state"]?.string.flatMap(State.init(rawValue:)) ?? .proposed
        kind = body["kind"]?.string.flatMap(Kind.init(rawValue:)) ?? .normal
        impact = body["impact"]?.string
        owner = body["owner"]?.string
        requestedBy = body["requested_by"]?.string
        approvedBy = body["approved_by"]?.string
        reason = body["reason"]?.string
        completesItself = body["auto_complete"]?.bool ?? true
        revision = body["revision"]?.int.map(Int.init) ?? 1
        isForeign = body["foreign"]?.bool ?? false
        conflicts = body["conflicts"]?.list ?? []
    }
}
