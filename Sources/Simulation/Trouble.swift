import RunStore
import WorkflowModel

/// What is wrong with the store, and when: single failures at any time, and bad times in which most of what is asked fails.
final class Trouble {
    enum Fate { case well, refused, answerLost }

    private let world: World
    private var numbers: SeededNumbers
    /// Of 1,000 writes: so many are refused, and of so many the answer is lost.
    private let refusals: Int
    private let losses: Int
    private let slowness: Int
    /// Of 1,000, while times are bad.
    private var badness = 0
    private var isOver = false
    private(set) var lost = 0
    private(set) var refused = 0

    init(_ world: World) {
        self.world = world
        numbers = SeededNumbers(world.seed, "trouble")
        let isCalm = numbers.chance(300)
        refusals = isCalm ? 0 : numbers.below(20)
        losses = isCalm ? 0 : numbers.below(20)
        slowness = numbers.below(300)
    }

    func begin(for duration: Duration, _ badness: Int) {
        self.badness = badness
        world.trace("the store is in trouble: \(badness)")
        world.plan(after: duration) { [self] in
            self.badness = 0
            world.trace("the store is well again")
        }
    }

    /// From now on all goes well.
    func end() { isOver = true }

    func ofWrite() -> Fate {
        guard !isOver else { return .well }
        if numbers.chance(refusals + badness) {
            refused += 1
            return .refused
        }
        guard numbers.chance(losses + badness / 4) else { return .well }
        lost += 1
        return .answerLost
    }

    func ofRead() -> Fate {
        guard !isOver, numbers.chance(refusals / 4 + badness) else { return .well }
        refused += 1
        return .refused
    }

    var error: StoreError {
        numbers.chance(500)
            ? StoreError(.full, "no space is left (simulated)")
            : StoreError(.io, "the disk does not answer (simulated)")
    }

    /// How long the store takes before and after it does something; nil for no time at all, but other tasks may come first.
    func delay() -> Duration? {
        guard numbers.chance(slowness) else { return nil }
        return numbers.chance(20) ? .milliseconds(numbers.below(20_000)) : .microseconds(numbers.below(20_000))
    }
}

extension World {
    /// Others may go on meanwhile.
    func pause(_ process: Process, _ duration: Duration?) async throws {
        let id = newWait()
        plan(after: duration ?? .zero) { [self] in wake(id) }
        try await hold(id, process)
    }
}
