/// What somebody may do in a workspace. Each role may do all that the one below it may.
public enum Role: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Looks at everything that has no secrets in it: runs, events, tickets, clocks, reports.
    case viewer
    /// Does the daily work: sends events, answers questions, declares incidents, cancels runs and settles uncertain writes.
    case coordinator
    /// Decides for a team: starts playbooks by hand, pauses and resumes them, applies policies again.
    case lead
    /// Changes the installation: tokens, settings, reloading.
    case admin

    /// Whether `left` may do less.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .coordinator: 1
        case .lead: 2
        case .admin: 3
        }
    }
}
