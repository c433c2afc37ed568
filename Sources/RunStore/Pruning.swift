public import WorkflowModel

/// Up to when things may be deleted.
///
/// A run goes with its journal once it has ended before ``runsEndedBefore``. An event goes with its matches once it was accepted
/// before ``eventsBefore`` and no stored run refers to it; its identity stays, so that the same event is still refused as a
/// duplicate and what is older is still out of order, until ``identitiesBefore``. Requests of other processes go with the events of
/// their time, once they are answered. A generation goes once another has replaced it before ``eventsBefore`` and no event of it or of
/// an earlier one is stored; a bundle goes once no run and no generation names it. The ledger of writes, timers, edges and what plugins
/// keep stay.
public struct PruneBounds: Sendable, Hashable {
    /// Runs that ended before it.
    public var runsEndedBefore: Timestamp
    /// Events and requests that were accepted before it.
    public var eventsBefore: Timestamp
    /// Identities of events that were accepted before it.
    public var identitiesBefore: Timestamp
    /// What gates remember until some time before it.
    public var gatesBefore: Timestamp

    /// Bounds.
    public init(
        runsEndedBefore: Timestamp, eventsBefore: Timestamp, identitiesBefore: Timestamp,
        gatesBefore: Timestamp = .earliest
    ) {
        self.runsEndedBefore = runsEndedBefore
        self.eventsBefore = eventsBefore
        self.identitiesBefore = identitiesBefore
        self.gatesBefore = gatesBefore
    }
}

/// How much was, or would be, deleted.
public struct PruneCount: Sendable, Hashable {
    /// Runs.
    public var runs = 0
    /// Entries of their journals.
    public var entries = 0
    /// Events, of which the identities stay.
    public var events = 0
    /// Matches of these events.
    public var matches = 0
    /// Identities of events.
    public var identities = 0
    /// Answered requests of other processes.
    public var requests = 0
    /// Asks of these runs.
    public var asks = 0
    /// What gates remembered.
    public var gates = 0
    /// Sets of playbooks that were active.
    public var generations = 0
    /// Versions of playbooks.
    public var bundles = 0

    /// Nothing.
    public init() {}

    /// Whether nothing was deleted.
    public var isEmpty: Bool { self == PruneCount() }

    /// The sum.
    public static func + (left: PruneCount, right: PruneCount) -> PruneCount {
        var sum = left
        sum.runs += right.runs
        sum.entries += right.entries
        sum.events += right.events
        sum.matches += right.matches
        sum.identities += right.identities
        sum.requests += right.requests
        sum.asks += right.asks
        sum.gates += right.gates
        sum.generations += right.generations
        sum.bundles += right.bundles
        return sum
    }
}
