import RunStore
import Synchronization
import WorkflowModel

/// Plays events at their own times: before each, the timers up to its time fire in their order, each at its time, and what it leads to
/// comes to rest before the next. Nothing else moves the clock.
final class Replay: Sendable {
    private let clock: ReplayClock
    private let turn = Turn()

    init(_ clock: ReplayClock) { self.clock = clock }

    /// Accepts events, each in a transaction of its own at its own time; `note` goes with the last. An event that is older than the
    /// clock is taken in late, at the clock's time.
    func emit(
        _ events: [Event], by engine: Engine, noting note: @escaping RequestNote<[EventReceipt]>
    ) async throws -> [EventReceipt] {
        await turn.take()
        defer { turn.give() }
        guard let last = events.indices.last else { return try await engine.accept([], noting: note) }
        var receipts: [EventReceipt] = []
        for (index, event) in events.enumerated() {
            try await advance(to: event.time, engine)
            let before = receipts
            receipts += try await engine.accept([event]) { transaction, receipts in
                if index == last { try note(transaction, before + receipts) }
            }
            try await settle(engine)
        }
        return receipts
    }

    /// Fires what people's decisions make due, until the task is cancelled.
    func run(_ engine: Engine) async {
        let core = engine.core
        while !Task.isCancelled, !core.isDraining {
            let seen = core.timersChanged.count
            do {
                await turn.take()
                defer { turn.give() }
                if clock.hasBegun { try await settle(engine) }
            } catch {
                guard !core.isDraining else { return }
                core.tell(.warning(nil, "timers cannot be read: \(error)"))
            }
            await core.timersChanged.wait(after: seen, until: nil, core.deadlines)
        }
    }

    private func advance(to instant: Timestamp, _ engine: Engine) async throws {
        if !clock.hasBegun {
            clock.advance(to: instant)
            try await engine.keepSchedules()
        }
        while let next = try await engine.nextTimer(), next <= instant {
            clock.advance(to: next)
            guard try await settle(engine) > 0 else { break }
        }
        clock.advance(to: instant)
    }

    /// Waits until no run is worked on and no timer is due at the time as it is; returns how many have fired.
    @discardableResult
    private func settle(_ engine: Engine) async throws -> Int {
        var total = 0
        while true {
            await engine.idle()
            try engine.checkOpen()
            let count = try await engine.fireDueTimers()
            guard count > 0 else { return total }
            total += count
        }
    }
}

/// Lets one at a time through, in the order of coming.
final class Turn: Sendable {
    private struct State {
        var isTaken = false
        var line: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Returns when it is the caller's turn, which lasts until ``give()``.
    func take() async {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.line.append(continuation)
                return false
            }
            if isMine { continuation.resume() }
        }
    }

    /// Ends the turn.
    func give() {
        let next = state.withLock { state in
            guard !state.line.isEmpty else {
                state.isTaken = false
                return CheckedContinuation<Void, Never>?.none
            }
            return state.line.removeFirst()
        }
        next?.resume()
    }
}
