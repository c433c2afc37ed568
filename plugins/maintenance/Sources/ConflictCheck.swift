import PluginKit
import WorkflowModel

/// Compares a time for work on services with the windows that are not over and with the hours of the services.
struct ConflictCheck: Sendable {
    /// How far the search for a free time goes.
    static let horizon = Duration.seconds(90 * 86_400)
    /// The most conflicts that are listed.
    static let maximumConflicts = 100
    private static let maximumTries = 5_000

    let scope: ServiceScope
    let kind: Window.Kind
    let owner: String?
    /// The zone of service hours that name none.
    let zone: String
    private let others: [Window]

    /// A check against the windows that end after `start`, but for the window `ownID`.
    init(
        _ scope: ServiceScope, kind: Window.Kind, owner: String?, ownID: String?, from start: Timestamp, zone: String,
        in reader: any PluginStoreReader
    ) throws {
        self.scope = scope
        self.kind = kind
        self.owner = owner
        self.zone = zone
        others = try WindowShelf.open(endingAfter: start, in: reader).filter { $0.id != ownID }
    }

    /// What stands against [start, end), blocking conflicts first, then in order of time.
    func conflicts(from start: Timestamp, until end: Timestamp) -> [Conflict] {
        var found: [Conflict] = []
        for other in others where other.overlaps(start, end) { found += against(other, start, end) }
        for service in scope.services {
            guard let hours = service.windows,
                let closed = ServiceHours(hours: hours, zone: zone).firstClosed(from: start, until: end)
            else { continue }
            found.append(
                Conflict(
                    kind: .outsideHours, severity: kind == .emergency ? .warn : .block, service: service.id,
                    overlapStart: closed, overlapEnd: end))
        }
        let sorted = found.sorted { a, b in
            if a.severity != b.severity { return a.severity == .block }
            if a.overlapStart != b.overlapStart { return a.overlapStart < b.overlapStart }
            return (a.window ?? "") < (b.window ?? "")
        }
        return Array(sorted.prefix(Self.maximumConflicts))
    }

    private func against(_ other: Window, _ start: Timestamp, _ end: Timestamp) -> [Conflict] {
        // What is only proposed may never come to be.
        let severity: Conflict.Severity = other.state == .proposed ? .warn : .block
        func conflict(_ kind: Conflict.Kind, _ severity: Conflict.Severity, _ service: String?) -> Conflict {
            Conflict(
                kind: kind, severity: severity, service: service, window: other.id, title: other.title,
                overlapStart: max(start, other.start), overlapEnd: min(end, other.end))
        }
        let named = Set(scope.names)
        for service in other.services where named.contains(service) {
            return [conflict(.sameService, severity, service)]
        }
        var found: [Conflict] = []
        if let service = other.services.first(where: scope.dependencies.contains) {
            found.append(conflict(.dependency, .warn, service))
        } else if let service = other.services.first(where: scope.dependents.contains) {
            found.append(conflict(.dependent, .warn, service))
        }
        if let owner, other.owner == owner { found.append(conflict(.sameOwner, .warn, nil)) }
        return found
    }

    /// The first time from `start` on, of that length and within ``horizon``, without a conflict that blocks.
    func nextFree(from start: Timestamp, lasting length: Duration) -> (start: Timestamp, end: Timestamp)? {
        let limit = start + Self.horizon
        var candidates: Set<Timestamp> = [start]
        for other in others where other.end > start { candidates.insert(other.end) }
        for service in scope.services {
            guard let hours = service.windows else { continue }
            candidates.formUnion(ServiceHours(hours: hours, zone: zone).openings(from: start, until: limit))
        }
        for candidate in candidates.sorted().prefix(Self.maximumTries) where candidate < limit {
            let end = candidate + length
            if !conflicts(from: candidate, until: end).contains(where: { $0.severity == .block }) {
                return (candidate, end)
            }
        }
        return nil
    }

    /// ``nextFree(from:lasting:)`` as outputs show it.
    func nextFreeValue(from start: Timestamp, lasting length: Duration) -> Value {
        nextFree(from: start, lasting: length).map {
            ["starts_at": .timestamp($0.start), "ends_at": .timestamp($0.end)]
        } ?? .null
    }
}
