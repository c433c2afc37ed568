import PluginKit
import RunMachine
import RunStore
import Synchronization
import WorkflowModel

/// What reaches a run while a worker has it.
enum RunMessage: Sendable {
    /// An attempt, or a verification, has ended.
    case ended(token: Int, key: String, AttemptResult)
    /// The time of an attempt is up.
    case timeUp(token: Int, key: String)
    /// Look again: a wait is over, or the engine stops.
    case wake
    case cancel(by: String, reason: String?, Answer)
    /// The run's caller is being ended for this.
    case stop(JournalEntry.StopCause)
    /// A person answers the question of this id.
    case answer(String, AskAnswer, Answer)
    case resolve(step: String, JournalEntry.Resolution, by: String, output: Value?, Answer)

    /// The one who asked.
    struct Answer: Sendable {
        /// Stored together with what was asked.
        let note: RequestNote<Void>?
        private let tell: @Sendable (Result<Void, any Error>) -> Void

        init(note: RequestNote<Void>?, _ tell: @escaping @Sendable (Result<Void, any Error>) -> Void) {
            self.note = note
            self.tell = tell
        }

        /// Told when what was asked is durable, or why it was refused.
        func callAsFunction(_ result: Result<Void, any Error>) { tell(result) }
    }
}

/// What a call gave.
enum AttemptResult: Sendable {
    case read(Value)
    case written(ActionResult)
    case verified(Verification)
    case failed(any Error)
}

/// The messages of one run: many post, one worker takes.
final class Mailbox: Sendable {
    private struct State {
        var messages: [RunMessage] = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func post(_ message: RunMessage) {
        let waiter = state.withLock { state in
            state.messages.append(message)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func take() -> [RunMessage] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    var isEmpty: Bool { state.withLock { $0.messages.isEmpty } }

    /// Returns when there is a message.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.messages.isEmpty else { return true }
                state.waiter = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
