import PluginKit
import WorkflowModel

/// `postmortem.open`: the post-mortem of an incident or ticket. There is one for each; a second call gives the first.
struct OpenAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        guard let subject = try ReviewedSubject(input, in: context) else {
            throw Failure.invalidInput(
                "incident is missing, and the run is about no incident or ticket; write incident: INC-7 or ticket:4711")
        }
        if let earlier = try Review.of(subject, in: store) { return output(earlier, created: false) }

        let facts = try subject.facts(in: context, store)
        let severity = try input.optionalText("severity") ?? facts["severity"]?.string
        let directory = context.workspace.directory
        let given = try input.optionalText("owner")
        if let given { try PersonCheck.require(given, as: "the owner", in: directory) }
        let owner = given ?? facts["commander"]?.string.flatMap { directory.person($0)?.id }
        let due = try input.optionalTimestamp("due")
        var review = Review(
            id: "PM-\(try store.nextNumber("postmortem"))", subject: subject,
            title: try input.optionalText("title") ?? facts["title"]?.string ?? subject.subject, severity: severity,
            owner: owner, openedAt: context.now,
            dueAt: due
                ?? ReviewDeadline.due(
                    severity: severity, openedAt: context.now, zone: context.workspace.directory.zone))
        let timeline = Timeline(
            events: try events(subject, store, context),
            kept: try subject.entries(limit: Timeline.maximumEvents, in: store), given: input["timeline"]?.list ?? [])
        review.entries = timeline.entries.count
        review.document = try ReviewDocument.markdown(
            review, timeline, facts: facts, summary: try input.optionalText("summary"),
            impact: try input.optionalText("impact"),
            template: try input.optionalText("template"), in: context)
        try review.put(in: store)

        var data: ValueMap = ["postmortem": .map(review.shown)]
        if subject.subject.hasPrefix("incident:"), !facts.isEmpty { data["incident"] = .map(facts) }
        try store.emit(
            EventDraft(
                type: "postmortem.opened", subject: "postmortem:\(review.id)", data: data,
                key: "postmortem:\(review.id):opened"))
        return output(review, created: true)
    }

    /// The recorded events of the subject, and the event of this run.
    private func events(
        _ subject: ReviewedSubject, _ store: any PluginStore, _ context: ActionContext
    ) throws -> [Event] {
        var events = try store.events(ofSubject: subject.subject, since: nil, limit: Timeline.maximumEvents)
        if let event = context.event, event.subject == subject.subject,
            !events.contains(where: { $0.id == event.id && $0.source == event.source })
        {
            events.append(event)
        }
        return events
    }

    private func output(_ review: Review, created: Bool) -> Value {
        [
            "id": .string(review.id), "created": .bool(created), "status": .string(review.status),
            "due_at": .timestamp(review.dueAt), "document": .string(review.document),
            "entries": .int(Int64(review.entries)), "postmortem": .map(review.shown),
        ]
    }
}
