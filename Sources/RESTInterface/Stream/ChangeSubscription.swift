import Synchronization
import WorkflowModel

/// What one who listens gets: changes in their order, as server-sent events (HTML Standard, "Server-sent events").
public final class ChangeSubscription: Sendable {
    /// Why it has ended.
    public enum Ending: String, Sendable, Hashable {
        /// Too many changes waited: the reader was too slow.
        case tooSlow = "too_slow"
        /// The server stops.
        case stopping
        /// The token has ended, or may no longer listen.
        case notAllowed = "not_allowed"

        var sentence: String {
            switch self {
            case .tooSlow:
                "more changes waited than are kept for one reader; go on with Last-Event-ID, or ask for fewer"
            case .notAllowed: "the token has ended, or may no longer listen"
            case .stopping: "the server stops; go on with Last-Event-ID when it is there again"
            }
        }
    }

    private struct State {
        var waiting: [Change] = []
        var head: [UInt8] = []
        var ending: Ending?
        var isOver = false
        var isSleeping: CheckedContinuation<Void, Never>?
        var isRaised = false
        var onEnd: (@Sendable () -> Void)?
    }

    let owner: String
    private let filter: ChangeFilter
    private let epoch: String
    private let limit: Int
    private let state = Mutex(State())

    init(_ filter: ChangeFilter, owner: String, epoch: String, limit: Int) {
        self.filter = filter
        self.owner = owner
        self.epoch = epoch
        self.limit = limit
    }

    // MARK: What comes in

    func whenEnded(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onEnd = body } }

    /// Begins behind change `count`, with what was missed; nil when that is not known any more.
    func begin(at count: Int64, with missed: [Change]?) {
        let id = missed.map { "\(epoch)-\(count - Int64($0.count))" } ?? "\(epoch)-\(count)"
        let first =
            missed != nil
            ? ServerSentEvent.text("ready", id: id, ["id": .string(id)])
            : ServerSentEvent.text(
                "reset", id: id,
                [
                    "id": .string(id),
                    "message": "what has changed since then is not kept any more; look at the lists again",
                ])
        state.withLock { state in
            state.head = first
            state.isRaised = true
            state.waiting = (missed ?? []).filter(filter.fits)
        }
    }

    func offer(_ change: Change) {
        guard filter.fits(change) else { return }
        wake { state in
            guard state.ending == nil else { return }
            guard state.waiting.count < limit else {
                state.ending = .tooSlow
                return
            }
            state.waiting.append(change)
        }
    }

    /// Ends it: what waits is still sent, and then why.
    public func end(_ ending: Ending) {
        wake { state in state.ending = state.ending ?? ending }
    }

    private func wake(_ body: (inout State) -> Void) {
        let sleeper = state.withLock { state in
            body(&state)
            state.isRaised = true
            defer { state.isSleeping = nil }
            return state.isSleeping
        }
        sleeper?.resume()
    }

    // MARK: What goes out

    /// What is to be sent now: nothing when nothing waits, and nil when it is over.
    public func take() -> [UInt8]? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            state.isRaised = false
            var bytes = state.head
            state.head = []
            for change in state.waiting {
                bytes += ServerSentEvent.text(change.kind.rawValue, id: "\(epoch)-\(change.number)", change.json)
            }
            state.waiting = []
            if let ending = state.ending {
                state.isOver = true
                bytes += ServerSentEvent.text(
                    "end", id: nil, ["reason": .string(ending.rawValue), "message": .string(ending.sentence)])
            }
            return bytes
        }
    }

    /// Returns when there is something to send, when ``wakeUp()`` was called, or when the task is cancelled.
    public func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isThere = state.withLock { state in
                    if state.isRaised || state.isOver || Task.isCancelled { return true }
                    state.isSleeping = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            wakeUp()
        }
    }

    /// Lets ``wait()`` return, for a sign of life.
    public func wakeUp() { wake { _ in } }

    /// The reader is gone.
    public func finish() {
        let onEnd = state.withLock { state in
            state.isOver = true
            state.waiting = []
            defer { state.onEnd = nil }
            return state.onEnd
        }
        onEnd?()
        wakeUp()
    }
}

/// The text of server-sent events.
public enum ServerSentEvent {
    /// A comment: a sign of life, which readers pass over.
    public static let heartbeat = Array(": still here\n\n".utf8)

    /// An event with JSON data, on one line.
    static func text(_ name: String, id: String?, _ data: Value) -> [UInt8] {
        var bytes = Array("event: \(name)\n".utf8)
        if let id { bytes += Array("id: \(id)\n".utf8) }
        bytes += Array("data: ".utf8)
        bytes += JSONWriter.data(data)
        bytes += [0x0A, 0x0A]
        return bytes
    }
}
