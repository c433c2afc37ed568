import WorkflowEngine
import WorkflowModel

/// The machine's clock, read here and nowhere below.
enum WallClock {
    /// The present instant.
    static func now() -> Timestamp { SystemClock().now }
}
