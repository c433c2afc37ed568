import Access
import Projections
import RunStore
import WorkflowModel

/// Events: what was accepted, what became of it, and why.
enum EventOperations {
    static let all: [Operation] = [list, show, why, whyAbout]

    /// So many events are looked at for one page when few of them fit.
    static let furthest: Int64 = 20_000

    private static let sequence = Parameter.path("sequence", "The event's place in the order.")

    private static let list = Operation(
        id: "listEvents", method: .get, path: "\(API.root)/events", tag: "events",
        summary: "Accepted events, newest first.",
        detail: """
            When few events fit, a page may have fewer items than wanted, or none, although there is a next one: each page looks at a \
            limited part of the order.
            """, need: .read(),
        parameters: [
            .texts("type", "Only events of one of these types, such as `ticket.created`."),
            .text("subject", "Only events about this subject, such as `ticket:4711`."),
            .instant("since", "Only events that were accepted then or later."),
        ] + Parameter.page, answer: SchemaWords.page(of: "Event"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "events")
            let before = try page.after.map { text throws(APIProblem) in
                guard let place = Int64(text) else {
                    throw APIProblem(400, "bad_cursor", "cursor is none of this list")
                }
                return place
            }
            let query = EventQuery(
                types: call.query.texts("type"), subject: call.query.text("subject"),
                since: call.query.instant("since"), before: before, limit: page.limit)
            let (events, last) = try await call.read { try look(query, in: $0) }
            return Page.answer(events.map(EventJSON.row), list: "events", last: last.map { "\($0)" })
        })

    /// A page of events, and the place at which the next one goes on.
    private static func look(
        _ query: EventQuery, in reader: any StoreReader
    ) throws -> (events: [EventRecord], last: Int64?) {
        var query = query
        // A subject has an index; of everything else only a part of the order is looked at.
        if query.subject == nil {
            let newest = try query.before ?? (reader.events(before: nil, limit: 1).first?.sequence ?? 0) + 1
            query.from = max(1, newest - furthest)
        }
        let events = try reader.events(query)
        if events.count == query.limit { return (events, events.last?.sequence) }
        guard let from = query.from, from > 1 else { return (events, nil) }
        if let since = query.since, let oldest = try reader.events(EventQuery(before: from, limit: 1)).first,
            oldest.acceptedAt < since
        {
            return (events, nil)
        }
        return (events, from)
    }

    private static let show = Operation(
        id: "showEvent", method: .get, path: "\(API.root)/events/{sequence}", tag: "events",
        summary: "An event with what became of it.", need: .read(), parameters: [sequence],
        answer: SchemaWords.ref("EventDetail"), problems: [404],
        work: .answer { call in
            let place = try place(call)
            let found = try await call.read { reader in
                try reader.event(place).map { ($0, try reader.matches(ofEvent: place)) }
            }
            guard let (record, matches) = found else { throw unknown(call) }
            return APIAnswer(EventJSON.whole(record, matches))
        })

    private static let why = Operation(
        id: "explainEvent", method: .get, path: "\(API.root)/events/{sequence}/why", tag: "events",
        summary: "Why playbooks fired for an event, or did not.",
        detail:
            "Conditions are evaluated again on the event as it was stored, by the versions of the playbooks of that time.",
        need: .read(), parameters: [sequence, .text("playbook", "Only this playbook.")],
        answer: SchemaWords.ref("Explanation"), problems: [400, 404],
        work: .answer { call in
            let place = try place(call)
            let explained = try await explain(call) { try $0.event(place).map { [$0] } ?? [] }
            guard let first = explained.first else { throw unknown(call) }
            return APIAnswer(first.json)
        })

    private static let whyAbout = Operation(
        id: "explain", method: .get, path: "\(API.root)/why", tag: "events",
        summary: "Why playbooks fired for the events about something, or did not.", need: .read(),
        parameters: [
            .text("about", "An event's id, a subject such as `incident:INC-1`, or the id of a ticket. Needed."),
            .text("playbook", "Only this playbook."),
            {
                var limit = Parameter.number("limit", "How many events of a subject, newest first.", 1...100)
                limit.schema.defaultValue = 5
                return limit
            }(),
        ], answer: SchemaWords.ref("Explanations"), problems: [400, 404],
        work: .answer { call in
            guard let about = call.query.text("about") else {
                throw APIProblem.badParameter("about", "is missing: an event's id, a subject, or the id of a ticket")
            }
            let limit = Int(call.query.number("limit") ?? 5)
            let explained = try await explain(call) {
                try EventExplanation.records(of: about, limit: limit, in: $0)
            }
            guard !explained.isEmpty else {
                throw APIProblem.notFound("no event \(about) and no event about it is known")
            }
            return APIAnswer(["items": .list(explained.map(\.json))])
        })

    private static func explain(
        _ call: Call, _ records: @Sendable (any StoreReader) throws -> [EventRecord]
    ) async throws -> [EventExplanation] {
        let (playbook, calendars) = (call.query.text("playbook"), call.services.calendars)
        do {
            return try await call.read { reader in
                try records(reader).map {
                    try EventExplanation($0, playbook: playbook, calendars: calendars, in: reader)
                }
            }
        } catch let error as EventExplanation.UnknownPlaybook {
            throw APIProblem.notFound("\(error.message); \(error.help)")
        }
    }

    private static func place(_ call: Call) throws(APIProblem) -> Int64 {
        guard let place = Int64(call.part("sequence")), place > 0 else { throw unknown(call) }
        return place
    }

    private static func unknown(_ call: Call) -> APIProblem {
        .notFound("there is no event at the place \(call.part("sequence")), or it has been deleted")
    }
}
