import PluginKit
import WorkflowModel

/// `postmortem.add_action`: an action item with an owner and a due date. The same title again, while it is open, gives the first.
struct AddActionAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let directory = context.workspace.directory
        let (review, subject) = try belonging(input, store, context)
        let title = try input.text("title")
        if let earlier = try open(title, review, subject, in: store) {
            return output(earlier, created: false, now: context.now)
        }
        let priority = try input.optionalText("priority") ?? "P2"
        let due = try input.optionalTimestamp("due") ?? context.now + Self.time(for: priority)
        var item = ActionItem(
            id: "", title: title, type: try input.optionalText("type") ?? "repair", priority: priority, dueAt: due,
            createdAt: context.now)
        item.postmortem = review?.id
        item.subject = subject?.subject
        item.owner = try input.optionalText("owner")
        item.team = try input.optionalText("team")
        item.verification = try input.optionalText("verification")
        item.url = try input.optionalText("url")
        if let owner = item.owner {
            try PersonCheck.require(owner, as: "the owner", in: directory)
            // An item is its owner's team's too, so that lists by team have it.
            if item.team == nil, let person = directory.person(owner) {
                item.team = directory.teams.first { directory.members(of: $0.id).contains(person) }?.id
            }
        } else if item.team == nil {
            item.team = context.settings["default_team"]?.string
        }
        if let team = item.team, directory.team(team) == nil {
            let near = Similarity.nearest(to: team, among: directory.teams.map(\.id))
            throw Failure.permanent(
                "unknown_team", "there is no team \(team)\(near.map { "; did you mean \($0)?" } ?? "")")
        }
        guard item.owner != nil || item.team != nil else {
            throw Failure.invalidInput("owner and team are both missing; an action that nobody owns is not done")
        }
        item.id = "ACT-\(try store.nextNumber("action"))"
        try item.put(in: store)
        try Reminders.set(for: item, now: context.now, in: store)
        try store.emit(ActionEvents.draft("created", item, at: context.now, key: "created"))
        return output(item, created: true, now: context.now)
    }

    /// How long an action of `priority` may take.
    private static func time(for priority: String) -> Duration {
        switch priority {
        case "P1": .seconds(14 * 86_400)
        case "P3": .seconds(90 * 86_400)
        default: .seconds(30 * 86_400)
        }
    }

    private func belonging(
        _ input: ActionInput, _ store: any PluginStore, _ context: ActionContext
    ) throws -> (Review?, ReviewedSubject?) {
        if let id = try input.optionalText("postmortem") {
            guard let review = try store.document(id, in: Review.collection).flatMap(Review.init) else {
                throw Failure.permanent("unknown_postmortem", "there is no post-mortem \(id)")
            }
            return (review, review.subject)
        }
        if let subject = try ReviewedSubject(input, in: context) {
            return (try Review.of(subject, in: store), subject)
        }
        if let id = context.names["postmortem"]?["id"]?.string,
            let review = try store.document(id, in: Review.collection).flatMap(Review.init)
        {
            return (review, review.subject)
        }
        throw Failure.invalidInput("postmortem and incident are both missing, and the run is about neither")
    }

    private func open(
        _ title: String, _ review: Review?, _ subject: ReviewedSubject?, in store: any PluginStore
    ) throws -> ActionItem? {
        let field: DocumentQuery.Condition =
            if let review { .init("postmortem", .equals(.string(review.id))) } else {
                .init("incident", .equals(.string(subject?.id ?? "")))
            }
        let items = try store.documents(
            in: ActionItem.collection, DocumentQuery([field, .init("state", .equals("open"))], limit: 10_000))
        return items.compactMap { ActionItem($0.body) }.first { $0.title == title && $0.subject == subject?.subject }
    }

    private func output(_ item: ActionItem, created: Bool, now: Timestamp) -> Value {
        [
            "id": .string(item.id), "created": .bool(created), "due_at": .timestamp(item.dueAt),
            "action": .map(item.shown(at: now)),
        ]
    }
}
