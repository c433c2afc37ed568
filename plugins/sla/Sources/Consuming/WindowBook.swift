import PluginKit
import WorkflowModel

/// Knows which maintenance windows are under way, and notes their beginning and end in the history of the tickets they concern.
struct WindowBook {
    let shelf: PolicyShelf
    let store: any PluginStore
    let now: Timestamp
    let workspace: WorkspaceTables

    /// The most open tickets of a service that a window is noted on.
    private static let mostTickets = 10_000

    /// The windows under way on a service, by id.
    static func active(on service: String, in store: any PluginStoreReader) throws -> [String] {
        try store.documents(in: SLAPlugin.windows, DocumentQuery(limit: 10_000)).filter { document in
            document.body["services"]?.list?.contains(.string(service)) ?? false
        }.map(\.id)
    }

    func take(_ event: Event) throws {
        guard let window = event.data["maintenance"], let id = window["id"]?.string, !id.isEmpty, id.utf8.count <= 900
        else { return }
        let known = try store.document(id, in: SLAPlugin.windows)
        var services = (window["services"]?.list ?? known?["services"]?.list ?? []).compactMap(\.string)
        switch event.type {
        case "maintenance.started":
            guard known == nil, !services.isEmpty else { return }
            try store.put(id, ["services": .list(services.map { .string($0) })], in: SLAPlugin.windows)
        case "maintenance.completed", "maintenance.cancelled":
            guard let known else { return }
            services = (known["services"]?.list ?? []).compactMap(\.string)
            try store.remove(id, in: SLAPlugin.windows)
        default: return
        }
        guard let table = workspace.policies, try shelf.set(table).pausesInWindows else { return }
        try note(Set(services).sorted(), at: min(event.time, now), table)
    }

    private func note(_ services: [String], at: Timestamp, _ table: PolicyTable) throws {
        let version = try shelf.keep(table, in: store)
        let teller = ClockTeller(store, now: now)
        for service in services {
            let windows = try WindowBook.active(on: service, in: store)
            let query = DocumentQuery(
                [.init("is_open", .equals(true)), .init("service", .equals(.string(service)))],
                limit: Self.mostTickets)
            for document in try store.documents(in: SLAPlugin.tickets, query) {
                guard var ticket = try TicketRecord(document.id, in: store) else { continue }
                ticket.add(
                    Happening(
                        at: at, sequence: ticket.nextSequence, kind: .window,
                        fields: ["maintenance_windows": .list(windows.map { .string($0) })], version: version))
                let computation = try shelf.computation(for: ticket.history, table, in: store)
                try ClockKeeper(store: store, now: now, computation: computation, teller: teller).keep(ticket)
            }
        }
    }
}
