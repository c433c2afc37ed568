public import WorkflowModel

/// How many runs hold a slot, and how many wait for it.
public struct SlotUse: Sendable, Hashable {
    /// Those that have not ended and do not wait for a place.
    public var working = 0
    /// Those that wait for a place.
    public var waiting = 0
    /// The oldest that is at work; nil when none is.
    public var oldest: RunID?

    /// A slot that nobody uses.
    public init() {}
}
