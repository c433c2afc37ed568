import PluginKit
import WorkflowModel

/// `maintenance.list`: windows by service, state, owner and time, in order of their start.
struct ListAction: ReadAction {
    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let service = try input.optionalText("service")
        let limit = try input.optionalInt("limit") ?? 100
        let query = try query(input)
        let until = try input.optionalTimestamp("until")
        let found = try await context.documents.read { reader in
            try reader.documents(in: WindowShelf.collection, query).compactMap { Window($0.body) }
        }
        let fitting = found.filter { window in
            (service.map(window.services.contains) ?? true) && (until.map { window.start < $0 } ?? true)
        }
        return [
            "windows": .list(fitting.prefix(limit).map { .map($0.shown) }),
            "count": .int(Int64(min(fitting.count, limit))), "more": .bool(fitting.count > limit),
        ]
    }

    private func query(_ input: ActionInput) throws(Failure) -> DocumentQuery {
        var conditions: [DocumentQuery.Condition] = []
        let states = try input.texts("state")
        let known = Window.State.allCases.map(\.rawValue)
        for state in states where !known.contains(state) {
            throw .invalidInput("state must be one of \(known.joined(separator: ", ")), is \(state)")
        }
        if !states.isEmpty { conditions.append(.init("state", .oneOf(states.map(Value.string)))) }
        if let owner = try input.optionalText("owner") { conditions.append(.init("owner", .equals(.string(owner)))) }
        if let from = try input.optionalTimestamp("from") {
            // Half-open: a window that ends at this very instant is over.
            conditions.append(.init("ends_at", .atLeast(.timestamp(from + .nanoseconds(1)))))
        }
        if let until = try input.optionalTimestamp("until") {
            conditions.append(.init("starts_at", .lessThan(.timestamp(until))))
        }
        return DocumentQuery(conditions, order: "starts_at", limit: WindowShelf.limit)
    }
}
