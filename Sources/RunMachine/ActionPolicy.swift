public import WorkflowModel

/// What the machine must know of an action to decide about its failures: the part of its manifest that concerns outcomes.
public struct ActionPolicy: Sendable, Hashable {
    /// What it does to the world.
    public var effect: Effect
    /// Whether a write with the same key may be repeated without harm.
    public var isIdempotent: Bool
    /// What to do with an uncertain write when the step does not say.
    public var onUncertain: ActionCall.OnUncertain
    /// Retries when the step does not say; nil for none.
    public var retry: RetryPolicy?
    /// The time limit of one attempt when the step does not say; nil for the engine's default.
    public var timeout: Duration?

    /// A policy of these parts.
    public init(
        effect: Effect, isIdempotent: Bool = false, onUncertain: ActionCall.OnUncertain = .ask,
        retry: RetryPolicy? = nil, timeout: Duration? = nil
    ) {
        self.effect = effect
        self.isIdempotent = isIdempotent
        self.onUncertain = onUncertain
        self.retry = retry
        self.timeout = timeout
    }
}
