import NIOCore
import Synchronization

/// All open connections of a server. When there are as many as may be, those that have been silent longest make room, so that
/// connections that nobody uses never keep others out.
final class ConnectionTable: Sendable {
    /// What a new connection finds.
    enum Welcome: Equatable {
        case taken
        /// All others are being answered.
        case full
    }

    private struct Entry {
        let channel: any Channel
        /// Since when nothing has been under way on it; nil while something is.
        var silentSince: NIODeadline?
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var closing = Set<ObjectIdentifier>()
    }

    /// The most connections at the same time.
    let limit: Int
    private let metrics: ServerMetrics
    private let state = Mutex(State())

    init(limit: Int, metrics: ServerMetrics) {
        self.limit = max(1, limit)
        self.metrics = metrics
    }

    var count: Int { state.withLock(\.entries.count) }

    /// A connection has come; others may be closed for it.
    func open(_ channel: any Channel, now: NIODeadline) -> Welcome {
        let (welcome, closed, count) = state.withLock { state in
            var closed: [any Channel] = []
            if state.entries.count - state.closing.count >= limit {
                closed = longestSilent(in: &state)
                if closed.isEmpty { return (Welcome.full, closed, state.entries.count) }
            }
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, silentSince: now)
            return (.taken, closed, state.entries.count)
        }
        for channel in closed {
            metrics.closed(because: "silent_longest")
            channel.close(promise: nil)
        }
        metrics.note(connections: count)
        return welcome
    }

    /// Something is under way on a connection, or nothing any more since `silentSince`.
    func note(_ channel: any Channel, silentSince: NIODeadline?) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.silentSince = silentSince }
    }

    /// A connection has ended.
    func close(_ channel: any Channel) {
        let count = state.withLock { state in
            state.entries[ObjectIdentifier(channel)] = nil
            state.closing.remove(ObjectIdentifier(channel))
            return state.entries.count
        }
        metrics.note(connections: count)
    }

    /// One in a hundred of those that may be open, at least one: looking at all of them for each new one would be what a flood wants.
    private func longestSilent(in state: inout State) -> [any Channel] {
        let silent = state.entries.compactMap { id, entry in
            entry.silentSince.flatMap { state.closing.contains(id) ? nil : (since: $0, id: id, channel: entry.channel) }
        }
        let chosen = silent.sorted { $0.since < $1.since }.prefix(max(1, limit / 100))
        state.closing.formUnion(chosen.map(\.id))
        return chosen.map(\.channel)
    }
}
