/// What a clock measures.
public enum Metric: String, Sendable, Hashable, CaseIterable {
    /// From the ticket's creation to the first public reply of a person; once per ticket.
    case firstReply = "first_reply"
    /// From the oldest unanswered message of the customer, after the first reply, to the next public reply.
    case nextReply = "next_reply"
    /// From one public reply to the next, whatever the status.
    case periodicUpdate = "periodic_update"
    /// From one public reply to the next, not while the ticket is pending.
    case pausableUpdate = "pausable_update"
    /// From creation to solved, not while the ticket is pending.
    case requesterWait = "requester_wait"
    /// From creation to solved, only while the ticket is new or open.
    case agentWork = "agent_work"
    /// From creation to the first time it is solved.
    case resolutionFirst = "resolution_first"
    /// From creation to solved, going on after each re-opening.
    case resolutionTotal = "resolution_total"
    /// From a team's getting the ticket to its leaving the team or being solved.
    case ownership = "ownership"

    /// Whether a public reply ends it.
    var isAnswered: Bool {
        switch self {
        case .firstReply, .nextReply, .periodicUpdate, .pausableUpdate: true
        default: false
        }
    }

    /// The statuses in which it never runs; nil when the policy says.
    var ownPause: Set<String>? {
        switch self {
        case .periodicUpdate: []
        case .pausableUpdate, .requesterWait: ["pending"]
        case .agentWork: ["pending", "hold"]
        default: nil
        }
    }
}
