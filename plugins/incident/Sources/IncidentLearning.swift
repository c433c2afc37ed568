import PluginKit
import WorkflowModel

/// What an event of another system says about its incident.
struct IncidentLearning {
    /// What is worked out here, and what a sender cannot set.
    private static let own: Set<String> = [
        "id", "state", "history", "facts_at", "revision", "dedupe_key", "role_times", "promised_at", "entry_count",
        "entries_dropped", "time_to_acknowledge", "time_to_mitigate", "time_to_resolve", "reopen_count", "reopened_at",
        "updated_at", "news_at", "next_news_at", "roles", "commander", "status", "resolved_at", "news",
    ]

    let event: Event
    let at: Timestamp

    func teach(_ incident: inout Incident) {
        takeFields(&incident)
        if event.type == "incident.declared" {
            if incident["declared_at"] == nil { incident.learn("declared_at", .timestamp(at), at: at) }
        }
        takeStatus(&incident)
        incident.advance("updated_at", to: at)
    }

    private var partial: ValueMap { event.data["incident"]?.map ?? [:] }

    private func given(_ field: String) -> Value? {
        guard let value = partial[field], !value.isNull else { return nil }
        return value
    }

    /// What the event tells people in words.
    var news: String? { given("news")?.string ?? event.data["comment"]?["text"]?.string }

    /// Takes in that people were told something, if they were: who has which role is no news.
    func teachNews(_ incident: inout Incident, _ changes: IncidentChanges) {
        let promised = given("next_news_at")?.timestamp
        guard event.type != "incident.updated" || news != nil || promised != nil || changes.areNews else { return }
        incident.learnNews(news, promised: promised, at: at)
    }

    private func takeFields(_ incident: inout Incident) {
        let bound = EventCatalog.standard.bound(["incident": .map(partial)], ofType: "incident.declared")
        for entry in bound["incident"]?.map ?? partial {
            // Null means "not said".
            guard let field = entry.key.string, !entry.value.isNull, !Self.own.contains(field) else { continue }
            switch (field, entry.value) {
            case ("tickets", .list(let ids)), ("related", .list(let ids)):
                incident.add(ids.compactMap(\.string), to: field)
            case ("tickets", _), ("related", _): continue
            case ("services", .list(let names)):
                let services = names.filter { $0.string.map(FactSheet.isID) ?? false }
                incident.learn("services", .list(Array(services.prefix(100))), at: at)
            case ("services", _): continue
            case ("acknowledged_at", let value):
                // The first one counts, whoever tells of it.
                guard let instant = value.timestamp else { continue }
                Self.acknowledge(&incident, at: instant, by: given("acknowledged_by")?.string)
            case ("acknowledged_by", _) where given("acknowledged_at") != nil: continue
            default: incident.learn(field, entry.value, at: at)
            }
        }
        for entry in given("roles")?.map ?? [:] {
            guard let role = entry.key.string, let person = entry.value.string else { continue }
            incident.learnRole(role, person, at: at, by: nil)
        }
        if let commander = given("commander")?.string {
            incident.learnRole("commander", commander, at: at, by: nil)
        } else if event.data["changes"]?["commander"]?["to"] == .null {
            incident.learnRole("commander", nil, at: at, by: nil)
        }
    }

    private func takeStatus(_ incident: inout Incident) {
        let resolvedAt = given("resolved_at")?.timestamp
        switch (event.type, given("status")?.string) {
        case ("incident.resolved", let status):
            let closed = status.flatMap { Incident.closedStatuses.contains($0) ? $0 : nil } ?? "resolved"
            incident.learnStatus(closed, at: at, by: nil)
        case (_, let status?): incident.learnStatus(status.lowercased(), at: at, by: nil)
        case ("incident.declared", nil) where incident.status == nil || !incident.isOpen:
            // Declared once more, it is there again.
            incident.learnStatus("investigating", at: at, by: nil)
        default: break
        }
        if let resolvedAt, !incident.isOpen { incident.learn("resolved_at", .timestamp(min(resolvedAt, at)), at: at) }
    }

    /// Takes in that somebody has taken notice; the earliest counts.
    static func acknowledge(_ incident: inout Incident, at instant: Timestamp, by: String?) {
        if let known = incident["acknowledged_at"]?.timestamp, known <= instant { return }
        incident.keep("acknowledged_at", .timestamp(instant))
        if let by { incident.keep("acknowledged_by", .string(by)) }
    }
}
