import PluginKit
import WorkflowModel

/// What policies ask of a ticket that its own events do not say: zones of people, windows of its service, the ticket it was split from.
/// It is noted with each happening, so that a later computation sees what was true then.
struct TicketSurroundings {
    let store: any PluginStoreReader
    let workspace: WorkspaceTables

    func add(to happening: inout Happening, _ ticket: TicketRecord, _ event: Event) throws {
        let fields = ticket.fields.merging(happening.fields)
        let zones = zones(fields)
        if ticket.fields["zones"]?.map ?? [:] != zones { happening.fields["zones"] = .map(zones) }
        if let service = fields["service"]?.string, ticket.fields["service"]?.string != service {
            let windows = try WindowBook.active(on: service, in: store)
            if !windows.isEmpty || ticket.fields["maintenance_windows"] != nil {
                happening.fields["maintenance_windows"] = .list(windows.map { .string($0) })
            }
        }
        if happening.kind == .created,
            let origin = event.data["split_from"]?.string ?? event.data["ticket"]?["split_from"]?.string,
            let begun = try store.document(origin, in: SLAPlugin.tickets)?["begun_at"]?.timestamp
        {
            happening.detail["inherited_start"] = .timestamp(begun)
        }
    }

    private func zones(_ fields: ValueMap) -> ValueMap {
        var zones = ValueMap()
        for who in ["customer", "requester"] {
            if let zone = fields[who]?["zone"]?.string { zones[who] = .string(zone) }
        }
        if let person = fields["assignee"]?.string, let zone = workspace.directory.person(person)?.zone {
            zones["assignee"] = .string(zone)
        }
        if let team = fields["team"]?.string,
            let zone = workspace.directory.teams.first(where: { $0.id == team })?.hours?.zone
        {
            zones["team"] = .string(zone)
        }
        return zones
    }
}
