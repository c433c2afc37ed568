import Synchronization
public import WorkflowEngine

/// Lets the engine die at one moment of a run: the nth time that any point, or one kind of point, is passed.
public final class FaultPlan: Sendable {
    /// What the engine sees instead of going on.
    public struct Death: Error, Sendable, CustomStringConvertible {
        /// Where it died.
        public let point: FaultPoint
        /// The point's name.
        public var description: String { "died at \(point.rawValue)" }
    }

    private struct State {
        var passed = 0
        var isDead = false
        var deadAt: FaultPoint?
    }

    private let number: Int?
    private let only: FaultPoint?
    private let state = Mutex(State())

    /// Dies when a point is passed for the `number`th time (from 1), counting all points or those of one kind; nil never dies.
    public init(at number: Int?, of only: FaultPoint? = nil) {
        self.number = number
        self.only = only
    }

    /// How many points were passed.
    public var passed: Int { state.withLock(\.passed) }

    /// Where it died, if it did.
    public var deadAt: FaultPoint? { state.withLock(\.deadAt) }

    /// To be given to the engine. Once dead, every further point is deadly: a dead process does nothing more.
    public func callAsFunction(_ point: FaultPoint) throws {
        try state.withLock { state in
            if !state.isDead, only == nil || only == point {
                state.passed += 1
                if state.passed == number {
                    state.isDead = true
                    state.deadAt = point
                }
            }
            if state.isDead { throw Death(point: point) }
        }
    }
}
