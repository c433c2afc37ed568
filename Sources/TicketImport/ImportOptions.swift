public import WorkflowModel

/// Which part of an export becomes events.
public struct ImportOptions: Sendable, Hashable {
    /// Only the tickets that come first in the file, so many; nil for all.
    public var ticketLimit: Int?
    /// Only events at or after this instant. What was before still counts for what changed.
    public var from: Timestamp?
    /// Only events before this instant.
    public var until: Timestamp?

    /// The whole file, or the part that the arguments say.
    public init(ticketLimit: Int? = nil, from: Timestamp? = nil, until: Timestamp? = nil) {
        self.ticketLimit = ticketLimit
        self.from = from
        self.until = until
    }

    func includes(_ time: Timestamp) -> Bool {
        if let from, time < from { return false }
        if let until, time >= until { return false }
        return true
    }
}
