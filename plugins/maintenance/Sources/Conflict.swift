import WorkflowModel

/// Something that stands against a window.
struct Conflict: Sendable, Hashable {
    /// What it is.
    enum Kind: String, Sendable {
        /// Another window of the same service.
        case sameService = "same_service"
        /// A window of a service that this one needs.
        case dependency
        /// A window of a service that needs this one.
        case dependent
        /// Outside the hours in which the service may be worked on.
        case outsideHours = "outside_hours"
        /// Another window of the same owner.
        case sameOwner = "same_owner"
    }

    /// How much it matters.
    enum Severity: String, Sendable {
        case block
        case warn
    }

    var kind: Kind
    var severity: Severity
    var service: String?
    /// The other window's id and title.
    var window: String?
    var title: String?
    var overlapStart: Timestamp
    var overlapEnd: Timestamp

    /// One line for people.
    var message: String {
        let time = "from \(overlapStart.rfc3339) to \(overlapEnd.rfc3339)"
        let other = "\(window ?? "another window") (\(title ?? ""))"
        return switch kind {
        case .sameService: "\(service ?? "") has \(other) \(time)"
        case .dependency: "\(service ?? ""), which it needs, has \(other) \(time)"
        case .dependent: "\(service ?? ""), which needs it, has \(other) \(time)"
        case .outsideHours: "\(service ?? "") may not be worked on \(time)"
        case .sameOwner: "the owner has \(other) \(time)"
        }
    }

    /// The conflict in outputs and events.
    var value: Value {
        [
            "kind": .string(kind.rawValue), "severity": .string(severity.rawValue),
            "service": service.map(Value.string) ?? .null, "window": window.map(Value.string) ?? .null,
            "title": title.map(Value.string) ?? .null, "overlap_start": .timestamp(overlapStart),
            "overlap_end": .timestamp(overlapEnd), "message": .string(message),
        ]
    }
}
