public import WorkflowModel

/// Which accepted events to list.
public struct EventQuery: Sendable, Hashable {
    /// Only events of one of these types.
    public var types: [String]?
    /// Only events about this subject.
    public var subject: String?
    /// Only events that were accepted at this moment or later.
    public var since: Timestamp?
    /// Only events before this place of the order: the cursor for the next page.
    public var before: Int64?
    /// Only events from this place of the order on: it bounds how far is looked when few events fit.
    public var from: Int64?
    /// 1 to 10,000.
    public var limit: Int

    /// A query; newest events first.
    public init(
        types: [String]? = nil, subject: String? = nil, since: Timestamp? = nil, before: Int64? = nil,
        from: Int64? = nil, limit: Int = 50
    ) {
        self.types = types
        self.subject = subject
        self.since = since
        self.before = before
        self.from = from
        self.limit = limit
    }
}
