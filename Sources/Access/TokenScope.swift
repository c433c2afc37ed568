/// What a token is restricted to. A token without scopes may do all that its role may.
public enum TokenScope: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Sending events, whatever the token's role: for a monitoring system or a desk.
    case events
    /// Reading the metrics, whatever the token's role: for the system that collects them.
    case metrics
    /// Looking at what the token's role may look at, and nothing else.
    case read
    /// Changing what the token's role may change.
    case act

    /// Whether the scope is a permission by itself, so that the role does not matter.
    public var suffices: Bool { self == .events || self == .metrics }

    /// By the order in which they are declared.
    public static func < (left: TokenScope, right: TokenScope) -> Bool { left.place < right.place }

    private var place: Int {
        switch self {
        case .events: 0
        case .metrics: 1
        case .read: 2
        case .act: 3
        }
    }
}
