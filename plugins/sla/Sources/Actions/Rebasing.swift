import PluginKit
import WorkflowModel

/// What putting open clocks on the workspace's present policies changes.
struct Rebasing {
    let shelf: PolicyShelf
    let store: any PluginStoreReader
    let table: PolicyTable
    let now: Timestamp

    /// One ticket with what would change, and its record with the change in it.
    struct Change {
        var ticket: TicketRecord
        var rows: [Value]
    }

    /// Finds the open clocks that `input` selects and that are measured by another version.
    ///
    /// - Returns: changes by ticket, and whether the limit left some out.
    func changes(_ input: ActionInput, by: String) throws -> (changes: [Change], isMore: Bool) {
        var conditions: [DocumentQuery.Condition] = [.init("is_open", .equals(true))]
        for field in ["metric", "policy", "team", "ticket", "priority"] {
            let values = try input.texts(field)
            if !values.isEmpty { conditions.append(.init(field, .oneOf(values.map { .string($0) }))) }
        }
        if let since = try input.optionalTimestamp("since") {
            conditions.append(.init("start", .atLeast(.timestamp(since))))
        }
        let limit = try input.optionalInt("limit") ?? 200
        var metrics: [String: Set<String>] = [:]
        var order: [String] = []
        for document in try store.documents(in: SLAPlugin.clocks, DocumentQuery(conditions, limit: 10_000)) {
            guard document.body["version"]?.string != table.version, let ticket = document.body["ticket"]?.string,
                let metric = document.body["metric"]?.string
            else { continue }
            if metrics[ticket] == nil { order.append(ticket) }
            metrics[ticket, default: []].insert(metric)
        }
        var found: [Change] = []
        for id in order.prefix(limit) {
            guard let ticket = try TicketRecord(id, in: store), let names = metrics[id] else { continue }
            found.append(try change(ticket, names.sorted(), by))
        }
        return (found, order.count > limit)
    }

    private func change(_ ticket: TicketRecord, _ metrics: [String], _ by: String) throws -> Change {
        var after = ticket
        after.add(
            Happening(
                at: max(now, ticket.history.last?.at ?? now), sequence: ticket.nextSequence, kind: .rebased,
                detail: [
                    "to": .string(table.version), "by": .string(by), "metrics": .list(metrics.map { .string($0) }),
                ], version: table.version))
        let old = try shelf.computation(for: ticket.history, table, in: store).clocks(of: ticket.history, at: now)
        let new = try shelf.computation(for: after.history, table, in: store).clocks(of: after.history, at: now)
        let rows = old.clocks.filter { $0.isOpen && metrics.contains($0.metric.rawValue) }.map { clock -> Value in
            let other = new.clocks.first { $0.key == clock.key }
            var map: ValueMap = [
                "clock": .string(ClockRecord.id(ticket.id, clock)), "ticket": .string(ticket.id),
                "metric": .string(clock.metric.rawValue), "from": .map(Rebasing.side(clock)),
                "to": other.map { .map(Rebasing.side($0)) } ?? .null,
            ]
            map["changes"] = .bool(other.map { Rebasing.side($0) != Rebasing.side(clock) } ?? true)
            map["breaches"] = .bool((other?.breaches.count ?? 0) > clock.breaches.count)
            return .map(map)
        }
        return Change(ticket: after, rows: rows)
    }

    private static func side(_ clock: Clock) -> ValueMap {
        [
            "policy": clock.policy.map { .string($0) } ?? .null, "state": .string(clock.state.rawValue),
            "target": clock.target.map { .duration($0) } ?? .null,
            "elapsed": .duration(clock.elapsed), "due_at": clock.due.map { .timestamp($0) } ?? .null,
            "remaining": clock.remaining.map { .duration($0) } ?? .null,
        ]
    }

    static func output(_ changes: [Change], isMore: Bool, version: String) -> Value {
        let rows = changes.flatMap(\.rows)
        return [
            "version": .string(version), "clocks": .list(rows), "count": .int(Int64(rows.count)),
            "changed": .int(Int64(rows.filter { $0["changes"]?.bool == true }.count)), "more": .bool(isMore),
        ]
    }
}

/// `sla.preview`: what `sla.reapply` would change.
struct PreviewAction: ReadAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        guard let table = context.action.workspace.policies else {
            throw Failure.permanent("no_policies", "the workspace has no SLA policies: sla.yaml is missing")
        }
        let now = context.action.now
        let shelf = shelf
        return try await context.documents.read { store in
            let (changes, isMore) = try Rebasing(shelf: shelf, store: store, table: table, now: now)
                .changes(input, by: "preview")
            return Rebasing.output(changes, isMore: isMore, version: table.version)
        }
    }
}

/// `sla.reapply`: puts open clocks on the workspace's present policies; their start and what has passed stay.
struct ReapplyAction: StateAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        guard let table = context.workspace.policies, let version = try shelf.keep(table, in: store) else {
            throw Failure.permanent("no_policies", "the workspace has no SLA policies: sla.yaml is missing")
        }
        let by = try input.optionalText("by") ?? context.person ?? context.playbook ?? "somebody"
        let (changes, isMore) = try Rebasing(shelf: shelf, store: store, table: table, now: context.now)
            .changes(input, by: by)
        let teller = ClockTeller(store, now: context.now)
        for change in changes {
            let computation = try shelf.computation(for: change.ticket.history, table, in: store)
            try ClockKeeper(store: store, now: context.now, computation: computation, teller: teller).keep(
                change.ticket)
        }
        return Rebasing.output(changes, isMore: isMore, version: version)
    }
}
