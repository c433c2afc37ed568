import PluginKit
import WorkflowModel

/// Which tickets a step asks for, as conditions on indexes.
struct TicketSearch {
    /// The statuses of tickets that somebody still has to do with.
    static let unresolved: [Value] = ["new", "open", "pending", "hold"]
    private static let relations = ["merged_into", "duplicate_of", "parent", "incident", "problem"]

    /// Lists of conditions of which one must hold as a whole; no ticket fits two of them.
    let alternatives: [[DocumentQuery.Condition]]
    /// The field by which the tickets are sorted.
    let order: String
    let isDescending: Bool

    /// - Throws: ``WorkflowModel/Failure`` when inputs contradict each other.
    init(_ input: ActionInput, now: Timestamp) throws {
        var conditions: [DocumentQuery.Condition] = []
        for field in ["status", "priority", "severity"] {
            let values = try input.texts(field).map(Value.string)
            if !values.isEmpty { conditions.append(.init(field, .oneOf(values))) }
        }
        if try input.flag("unresolved") { conditions.append(.init("status", .oneOf(Self.unresolved))) }
        let equalities = [
            ("assignee", "assignee"), ("team", "team"), ("queue", "queue"), ("service", "service"),
            ("category", "category"), ("requester", "requester.id"), ("customer", "customer.id"),
            ("incident", "incident"), ("parent", "parent"), ("problem", "problem"),
        ]
        for (name, field) in equalities {
            if let text = try input.optionalText(name) { conditions.append(.init(field, .equals(.string(text)))) }
        }
        if let turn = try input.optionalText("waiting_for") {
            // Who wrote last waits for the other.
            conditions.append(.init("last_message_by", .equals(turn == "us" ? "customer" : "agent")))
        }
        if try input.flag("unassigned") {
            guard input["assignee"] == nil else {
                throw Failure.invalidInput("assignee and unassigned contradict each other; give one of them")
            }
            conditions.append(.init("assignee", .isNull))
        }
        for (name, field) in [("created_before", "created_at"), ("updated_before", "updated_at")] {
            if let instant = try input.optionalTimestamp(name) {
                conditions.append(.init(field, .lessThan(.timestamp(instant))))
            }
        }
        for (name, field) in [("created_after", "created_at"), ("updated_after", "updated_at")] {
            if let instant = try input.optionalTimestamp(name) {
                conditions.append(.init(field, .atLeast(.timestamp(instant))))
            }
        }
        func before(_ name: String) throws -> Value? {
            try input.optionalDuration(name).map { .timestamp(now - $0) }
        }
        if let instant = try before("older_than") { conditions.append(.init("created_at", .lessThan(instant))) }
        if let instant = try before("newer_than") { conditions.append(.init("created_at", .atLeast(instant))) }
        if let instant = try before("no_update_for") { conditions.append(.init("updated_at", .lessThan(instant))) }
        switch try input.optionalText("order") {
        case "newest": (order, isDescending) = ("created_at", true)
        case "longest_silent": (order, isDescending) = ("updated_at", false)
        default: (order, isDescending) = ("created_at", false)
        }
        guard let instant = try before("no_public_update_for") else {
            alternatives = [conditions]
            return
        }
        alternatives = [
            conditions + [.init("last_public_reply_at", .lessThan(instant))],
            conditions + [.init("last_public_reply_at", .isNull), .init("created_at", .lessThan(instant))],
        ]
    }

    /// The tickets that fit, in order, each once, and whether there were too many to look at all.
    ///
    /// - Parameter related: a ticket, incident or problem that they must belong to, from either side.
    func documents(relatedTo related: String?, in store: any PluginStoreReader) throws -> ([Document], isCut: Bool) {
        var found: [Document] = []
        var ids = Set<String>()
        var isCut = false
        for conditions in alternatives {
            let narrowed = related.map { id in Self.relations.map { conditions + [.init($0, .equals(.string(id)))] } }
            for conditions in narrowed ?? [conditions] {
                let query = DocumentQuery(conditions, order: order, descending: isDescending, limit: FindAction.most)
                let documents = try store.documents(in: TicketPlugin.tickets, query)
                isCut = isCut || documents.count == FindAction.most
                found += documents.filter { ids.insert($0.id).inserted }
            }
        }
        if let related { found += try named(by: related, except: &ids, in: store) }
        found.sort { before($0, $1) }
        return (found, isCut)
    }

    /// The tickets that the ticket `id` names itself, as far as they fit the conditions.
    private func named(by id: String, except ids: inout Set<String>, in store: any PluginStoreReader) throws
        -> [Document]
    {
        guard let body = try store.document(id, in: TicketPlugin.tickets) else { return [] }
        var named = body["related"]?.list?.compactMap(\.string) ?? []
        named += ["merged_into", "duplicate_of", "parent"].compactMap { body[$0]?.string }
        var found: [Document] = []
        for other in named where other != id && !ids.contains(other) {
            guard let body = try store.document(other, in: TicketPlugin.tickets), fits(body) else { continue }
            ids.insert(other)
            found.append(Document(id: other, body: body))
        }
        return found
    }

    private func fits(_ body: ValueMap) -> Bool {
        alternatives.contains { conditions in conditions.allSatisfy { Self.holds($0, of: body) } }
    }

    /// Whether a condition holds of a document that was not found by it.
    private static func holds(_ condition: DocumentQuery.Condition, of body: ValueMap) -> Bool {
        let value = Value.map(body).at(condition.field.split(separator: ".")) ?? .null
        switch condition.comparison {
        case .equals(let other): return value == other
        case .oneOf(let others): return others.contains(value)
        case .isNull: return value.isNull
        case .isNotNull: return !value.isNull
        case .lessThan(let other):
            guard let one = value.timestamp, let other = other.timestamp else { return false }
            return one < other
        case .atLeast(let other):
            guard let one = value.timestamp, let other = other.timestamp else { return false }
            return one >= other
        }
    }

    private func before(_ a: Document, _ b: Document) -> Bool {
        let (x, y) = (a.body[order]?.timestamp ?? .earliest, b.body[order]?.timestamp ?? .earliest)
        if x == y { return isDescending ? a.id > b.id : a.id < b.id }
        return isDescending ? x > y : x < y
    }
}
