import PluginHost
import RunStore
import Synchronization
import WorkflowModel

/// Remembers for a while what has come, so that the same delivery, or the same body under another name, does nothing twice. What it
/// does not remember any more, the identities of events still know by the sender's name.
final class DeliveryMemory: Sendable {
    /// What is known of a delivery that comes in.
    enum Answer: Sendable, Hashable {
        case new
        /// It came before, and was accepted.
        case known
        /// The same is being accepted just now.
        case busy
    }

    /// The most deliveries that are remembered; of more, the oldest are forgotten.
    static let limit = 100_000
    /// The most events that are read to remember what came before a start.
    static let recalled = 10_000

    private struct State {
        /// Key to when it may be forgotten; nil while it is being accepted.
        var until: [String: Timestamp?] = [:]
        /// Keys with their times, in the order in which they came.
        var line: [(key: String, until: Timestamp)] = []
        var forgotten = 0
    }

    private let state = Mutex(State())

    /// The names under which a delivery is remembered.
    static func keys(_ outcome: WebhookOutcome, _ hook: Hook) -> [String] {
        ["\(hook.name)/body/\(outcome.bodyHash)"] + (outcome.delivery.map { ["\(hook.name)/name/\($0)"] } ?? [])
    }

    /// Begins to accept a delivery; `new` must be followed by ``end(_:until:)``.
    func begin(_ keys: [String], now: Timestamp) -> Answer {
        state.withLock { state in
            Self.forget(&state, now)
            var isBusy = false
            for key in keys {
                switch state.until[key] {
                case .some(.some(let until)) where until > now: return .known
                case .some(.none): isBusy = true
                default: break
                }
            }
            if isBusy { return .busy }
            for key in keys { state.until[key] = .some(nil) }
            return .new
        }
    }

    /// Ends what ``begin(_:now:)`` began: accepted, to be remembered `until` then, or with nil not accepted.
    func end(_ keys: [String], until: Timestamp?) {
        state.withLock { state in
            for key in keys {
                guard let until else {
                    state.until[key] = nil
                    continue
                }
                state.until[key] = .some(until)
                state.line.append((key, until))
            }
        }
    }

    /// Remembers what was accepted before this start, from the events that it became.
    func recall(_ reader: any StoreReader, _ hooks: [Hook], now: Timestamp) throws {
        let windows = Dictionary(hooks.map { ($0.name, $0.replayWindow) }, uniquingKeysWith: { first, _ in first })
        guard let longest = windows.values.max() else { return }
        var before: Int64?
        var count = 0
        while count < Self.recalled {
            let records = try reader.events(before: before, limit: 500)
            guard let last = records.last else { return }
            for record in records {
                let attributes = record.event.attributes
                guard record.event.type != "webhook.unmapped", let name = attributes["hook"]?.string,
                    let window = windows[name], let hash = attributes["bodyhash"]?.string,
                    record.acceptedAt + window > now
                else { continue }
                var keys = ["\(name)/body/\(hash)"]
                if let delivery = attributes["delivery"]?.string { keys.append("\(name)/name/\(delivery)") }
                end(keys, until: record.acceptedAt + window)
            }
            guard last.acceptedAt + longest > now else { return }
            before = last.sequence
            count += records.count
        }
    }

    private static func forget(_ state: inout State, _ now: Timestamp) {
        while state.forgotten < state.line.count {
            let oldest = state.line[state.forgotten]
            guard oldest.until <= now || state.line.count - state.forgotten > limit else { break }
            // It may have been accepted again since, for longer.
            if case .some(.some(oldest.until)) = state.until[oldest.key] { state.until[oldest.key] = nil }
            state.forgotten += 1
        }
        if state.forgotten > 1000, state.forgotten * 2 > state.line.count {
            state.line.removeFirst(state.forgotten)
            state.forgotten = 0
        }
    }
}
