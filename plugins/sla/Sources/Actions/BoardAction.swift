import Calendars
import PluginKit
import WorkflowModel

/// `sla.board`: the clocks that are open, by the time that is left.
struct BoardAction: ReadAction {
    let shelf: PolicyShelf

    /// The most clocks that are looked at.
    private static let most = 10_000

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        var conditions: [DocumentQuery.Condition] = [.init("is_open", .equals(true))]
        for field in ["metric", "policy", "team", "assignee", "ticket", "priority", "state"] {
            let values = try input.texts(field)
            if !values.isEmpty { conditions.append(.init(field, .oneOf(values.map { .string($0) }))) }
        }
        let withBreached = input["breached"]?.bool
        let within = try input.optionalDuration("within")
        let limit = try input.optionalInt("limit") ?? 100
        let skip = try input.optionalInt("skip") ?? 0
        let now = context.action.now
        let table = context.action.workspace.policies
        let query = DocumentQuery(conditions, order: "due_at", limit: Self.most)
        let shelf = shelf
        return try await context.documents.read { store in
            var rows: [(left: Duration, isPaused: Bool, map: ValueMap)] = []
            for document in try store.documents(in: SLAPlugin.clocks, query) {
                let row = try BoardRow(shelf: shelf, table: table, store: store, now: now).row(document)
                guard let row, withBreached.map({ $0 == row.map["breached"]?.bool }) ?? true,
                    within.map({ row.left <= $0 && !row.isPaused }) ?? true
                else { continue }
                rows.append(row)
            }
            rows.sort { left, right in
                if left.isPaused != right.isPaused { return right.isPaused }
                if left.left != right.left { return left.left < right.left }
                return (left.map["clock"]?.string ?? "") < (right.map["clock"]?.string ?? "")
            }
            let shown = rows.dropFirst(skip).prefix(limit)
            return [
                "clocks": .list(shown.map { .map($0.map) }), "count": .int(Int64(shown.count)),
                "total": .int(Int64(rows.count)), "more": .bool(rows.count > skip + limit),
            ]
        }
    }
}

/// A kept clock as it is now: time has passed since it was computed.
struct BoardRow {
    let shelf: PolicyShelf
    let table: PolicyTable?
    let store: any PluginStoreReader
    let now: Timestamp

    func row(_ document: Document) throws -> (left: Duration, isPaused: Bool, map: ValueMap)? {
        var map = document.body
        for key in ["fired", "ahead", "timer", "as_of", "is_open"] { map[key] = nil }
        if map["state"]?.string == "paused", let resumes = map["resumes"]?.timestamp, resumes <= now {
            guard let clock = try again(document) else { return nil }
            map = map.merging(ClockView.map(document.id, clock))
        }
        let target = map["target"]?.duration ?? .zero
        let isPaused = map["state"]?.string == "paused"
        var left = map["remaining"]?.duration ?? .zero
        if !isPaused, let due = map["due_at"]?.timestamp {
            left = try remaining(until: due, map)
            map["remaining"] = .duration(left)
            map["elapsed"] = .duration(target - left)
            if now > due { map["breached"] = true }
        }
        return (left, isPaused, map)
    }

    private func remaining(until due: Timestamp, _ map: ValueMap) throws -> Duration {
        guard let name = map["calendar"]?.string, let version = map["version"]?.string,
            let calendar = try shelf.set(version, table, in: store)?.calendars[name]
        else { return due - now }
        var hours = calendar
        if let zone = map["zone"]?.string { hours = calendar.inZone(try ZoneClock(zone)) }
        return try hours.elapsed(from: now, to: due)
    }

    private func again(_ document: Document) throws -> Clock? {
        guard let name = document.body["ticket"]?.string, let ticket = try TicketRecord(name, in: store) else {
            return nil
        }
        return try shelf.computation(for: ticket.history, table, in: store).clocks(of: ticket.history, at: now)
            .clocks.first { ClockRecord.id(name, $0) == document.id }
    }
}
