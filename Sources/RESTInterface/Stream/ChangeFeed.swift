import RunStore
import Synchronization
public import WorkflowEngine
public import WorkflowModel

/// Hands changes to those who listen. It keeps the last ones, so that who was cut off can go on; nothing of it is on disk, and
/// nobody who listens holds anything up.
public final class ChangeFeed: Sendable {
    /// How many there may be of everything.
    public struct Limits: Sendable, Hashable {
        /// How many changes are kept for those who come back.
        public var kept = 4096
        /// How many changes wait for one who listens; who falls behind further is cut off.
        public var waiting = 1000
        /// How many may listen.
        public var listeners = 200
        /// How many may listen with one token.
        public var listenersOfOne = 20

        /// The usual limits.
        public init() {}
    }

    /// Why somebody may not listen.
    public struct Full: Error, Sendable, CustomStringConvertible {
        /// Which limit is reached.
        public let description: String
    }

    private struct State {
        var kept: [Change] = []
        /// Where the oldest of ``kept`` is, which is a ring once it is full.
        var oldest = 0
        var count: Int64 = 0
        var listeners: [Int: ChangeSubscription] = [:]
        var nextListener = 0
        var isClosed = false
    }

    /// Tells the changes of this process from those of an earlier one.
    let epoch: String
    private let limits: Limits
    private let state = Mutex(State())

    /// A feed.
    ///
    /// - Parameter start: when the process began.
    public init(start: Timestamp, limits: Limits = Limits()) {
        epoch = String(UInt64(max(0, start.milliseconds)), radix: 36)
        self.limits = limits
    }

    // MARK: Changes

    /// Takes what the engine tells; most of it is no change that anybody could listen to.
    public func note(_ progress: WorkflowEngine.Progress) {
        switch progress {
        case .runChanged(let run), .runEnded(let run): take(.run(run))
        case .asked(let ask), .answered(let ask): take(.ask(ask))
        case .accepted(let receipts):
            for receipt in receipts where receipt.sequence != nil && !receipt.isDuplicate { take(.event(receipt)) }
        default: break
        }
    }

    private func take(_ content: Change.Content) {
        let content = ChangeFeed.light(content)
        state.withLock { state in
            state.count += 1
            let change = Change(number: state.count, content: content)
            if state.kept.count < limits.kept {
                state.kept.append(change)
            } else {
                state.kept[state.oldest] = change
                state.oldest = (state.oldest + 1) % limits.kept
            }
            // Inside the lock, so that each gets changes in their order: who has had one has had all before it.
            for listener in state.listeners.values { listener.offer(change) }
        }
    }

    /// Without what may be large and is not told: it would be kept for nothing.
    private static func light(_ content: Change.Content) -> Change.Content {
        switch content {
        case .run(var run):
            run.inputs = ValueMap()
            run.outputs = nil
            return .run(run)
        case .event(var receipt):
            if !receipt.event.type.hasPrefix("sla.") { receipt.event.data = ValueMap() }
            return .event(receipt)
        case .ask(var ask):
            ask.fields = [:]
            for index in ask.answers.indices { ask.answers[index].values = ValueMap() }
            return .ask(ask)
        }
    }

    // MARK: Listening

    /// Lets somebody listen.
    ///
    /// - Parameters:
    ///   - last: the id of the last change that they have had; nil to begin now.
    ///   - owner: whose token it is.
    /// - Throws: ``Full``.
    public func subscribe(_ filter: ChangeFilter, after last: String?, by owner: String) throws(Full)
        -> ChangeSubscription
    {
        let listener = ChangeSubscription(filter, owner: owner, epoch: epoch, limit: limits.waiting)
        let problem: String? = state.withLock { state in
            guard !state.isClosed else { return "the server stops" }
            guard state.listeners.count < limits.listeners else {
                return "\(limits.listeners) listen already, which is the limit"
            }
            guard state.listeners.values.count(where: { $0.owner == owner }) < limits.listenersOfOne else {
                return "\(limits.listenersOfOne) listen with this token already, which is the limit"
            }
            listener.begin(at: state.count, with: ChangeFeed.missed(last, epoch, state.kept, state.oldest, state.count))
            state.listeners[state.nextListener] = listener
            listener.whenEnded { [weak self, number = state.nextListener] in self?.forget(number) }
            state.nextListener += 1
            return nil
        }
        if let problem { throw Full(description: problem) }
        return listener
    }

    /// What was told since `last`; nil when not all of it is kept.
    private static func missed(_ last: String?, _ epoch: String, _ kept: [Change], _ oldest: Int, _ count: Int64)
        -> [Change]?
    {
        guard let last, !last.isEmpty else { return [] }
        let parts = last.split(separator: "-")
        guard parts.count == 2, parts[0] == epoch, let number = Int64(parts[1]), number >= 0, number <= count,
            count - number <= Int64(kept.count)
        else { return nil }
        let wanted = Int(count - number)
        return (0..<wanted).map { kept[(oldest + kept.count - wanted + $0) % kept.count] }
    }

    private func forget(_ listener: Int) { state.withLock { $0.listeners[listener] = nil } }

    /// How many listen.
    public var listeners: Int { state.withLock(\.listeners.count) }

    /// Ends all who listen, and lets nobody listen any more.
    public func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.sorted { $0.key < $1.key }.map(\.value)
        }
        for listener in listeners { listener.end(.stopping) }
    }
}
