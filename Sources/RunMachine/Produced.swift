import WorkflowModel

/// `of: STEP`: whether an event is about what a step produced.
///
/// The event's own object is the one that its type begins with: `notification` of `notification.acknowledged`. Its `token` or `id`
/// must be one that the step's result names: `token`, `id`, an element of `tokens` or `ids`, or under the name of the object itself
/// (`steps.open.postmortem` or `steps.open.postmortem.id`). So a message to several people is acknowledged by each of them, and
/// one that was not sent again because of its `dedupe_key` by the acknowledgement of the earlier one.
enum Produced {
    static func isAbout(_ data: ValueMap, _ type: String, _ result: Value) -> Bool {
        let family = String(type.prefix { $0 != "." })
        guard let object = data[family] else { return false }
        let wanted = [object["token"], object["id"]].compactMap { $0?.string }
        guard !wanted.isEmpty else { return false }
        let named = result[family]
        let single = [result["token"], result["id"], named, named?["token"], named?["id"]].compactMap { $0?.string }
        let several = [result["tokens"], result["ids"]].flatMap { $0?.list ?? [] }.compactMap(\.string)
        return (single + several).contains { wanted.contains($0) }
    }
}
