import WorkflowModel

/// What is doubtful about an event that is accepted all the same: nothing is lost because of it, but its sender should know.
enum EventDoubts {
    /// The doubts, in words; at most five.
    ///
    /// - Parameter envelope: as the sender wrote it.
    static func of(_ event: Event, from envelope: Value) -> [String] {
        let claims = Event.ownAttributes.filter { envelope[$0].map { !$0.isNull } ?? false }
        let claim =
            claims.isEmpty
            ? [] : ["\(claims.joined(separator: ", ")): only Signalbox itself says that of an event; left out"]
        return Array((claim + ofData(event)).prefix(5))
    }

    private static func ofData(_ event: Event) -> [String] {
        guard let schema = EventCatalog.standard.schema(ofType: event.type) else {
            guard let near = Similarity.nearest(to: event.type, among: EventCatalog.standard.names) else { return [] }
            return ["no event type is named \(event.type); did you mean \(near)?"]
        }
        var doubts = schema.violations(of: .map(event.data), limit: 5).map { "data.\($0)" }
        let known = schema.properties.map(\.name)
        for key in event.data.keys.compactMap(\.string) where !known.contains(key) {
            if let near = Similarity.nearest(to: key, among: known) {
                doubts.append("data.\(key): \(event.type) has \(near); did you mean that?")
            }
        }
        return doubts
    }
}
