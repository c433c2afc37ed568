public import WorkflowModel

/// What a gate remembers over restarts: when it last let something through, that a playbook is paused, …
public struct GateRecord: Sendable, Hashable {
    /// The playbook of memory that holds for all of them.
    public static let allPlaybooks = "*"

    /// The playbook's name; ``allPlaybooks`` for all.
    public var playbook: String
    /// The gate: `throttle`, `repeats`, `pause`, `breaker`, …; a name without a slash.
    public var gate: String
    /// What is remembered about, such as the value of the gate's key.
    public var key: String
    /// What is remembered.
    public var body: Value
    /// Until when it is good for anything, after which pruning may delete it; nil for as long as it is there.
    public var until: Timestamp?

    /// A memory.
    public init(playbook: String, gate: String, key: String, body: Value, until: Timestamp? = nil) {
        self.playbook = playbook
        self.gate = gate
        self.key = key
        self.body = body
        self.until = until
    }
}
