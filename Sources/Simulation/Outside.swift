import PluginKit
import WorkflowModel

/// What the world outside knows: which writes reached it, by their keys. It lives on when processes die.
///
/// Unchecked: it lives on its world's thread.
final class Outside: @unchecked Sendable {
    /// How a write goes.
    enum Fate {
        case well
        /// It does not happen, and the answer says so.
        case refused(Failure)
        /// It happens, and the answer is lost on the way.
        case answerLost
        /// No answer comes; it may have happened.
        case silence(happens: Bool)
        /// It happens long after the caller has given up.
        case late
    }

    private let world: World
    private var numbers: SeededNumbers
    private let badness: Int
    private var isCalm = false
    /// How often each write happened.
    private(set) var effects: [String: Int] = [:]
    /// Requests that are still on their way.
    private var underWay: [String: Int] = [:]
    /// Keys about which the outside has said that nothing happened.
    private(set) var denied: [String: Int] = [:]
    private(set) var calls = 0
    private var emitted = 0

    init(_ world: World) {
        self.world = world
        numbers = SeededNumbers(world.seed, "outside")
        badness = numbers.pick([0, 50, 150, 300, 500])
    }

    /// From now on all goes well.
    func calm() { isCalm = true }

    private func fate() -> Fate {
        guard !isCalm, numbers.chance(badness) else { return .well }
        switch numbers.below(10) {
        case 0, 1, 2: return .refused(Failure(code: "busy", message: "busy", kind: .transient))
        case 3: return .refused(Failure(code: "no", message: "no", kind: .permanent))
        case 4:
            return .refused(
                Failure(
                    code: "slow_down", message: "slow down",
                    kind: .rateLimited(retryAfter: numbers.chance(500) ? numbers.seconds(1...300) : nil)))
        case 5, 6: return .answerLost
        case 7: return .silence(happens: true)
        case 8: return .silence(happens: false)
        default: return .late
        }
    }

    private func shortTime() -> Duration {
        numbers.chance(900) ? .milliseconds(numbers.below(800)) : numbers.seconds(1...40)
    }

    /// A write by `process`.
    func write(_ process: Process, _ action: String, key: String, isIdempotent: Bool) async throws {
        calls += 1
        let fate = fate()
        let survives = numbers.chance(500)
        let (there, back) = (shortTime(), shortTime())
        let id = world.newWait()
        underWay[key, default: 0] += 1
        let late = numbers.seconds(60...4000)
        var arrival = there
        if case .late = fate { arrival = late }
        world.plan(after: arrival) { [self] in
            underWay[key, default: 1] -= 1
            guard process.isAlive || survives else { return }
            switch fate {
            case .well:
                happen(action, key, isIdempotent)
                world.plan(after: back) { [self] in world.wake(id) }
            case .refused(let failure): world.plan(after: back) { [self] in world.wake(id, .failure(failure)) }
            case .answerLost:
                happen(action, key, isIdempotent)
                let lost = Failure(code: "lost", message: "the connection broke", kind: .uncertain)
                world.plan(after: back) { [self] in world.wake(id, .failure(lost)) }
            case .silence(let happens):
                if happens { happen(action, key, isIdempotent) }
                let lost = Failure(code: "lost", message: "the connection broke", kind: .uncertain)
                world.plan(after: late) { [self] in world.wake(id, .failure(lost)) }
            case .late:
                happen(action, key, isIdempotent)
                world.wake(id)
            }
        }
        try await world.hold(id, process)
    }

    private func happen(_ action: String, _ key: String, _ isIdempotent: Bool) {
        world.trace("outside: \(action) \(key.prefix(8))")
        if isIdempotent {
            effects[key] = 1
        } else {
            effects[key, default: 0] += 1
        }
    }

    /// Whether the write happened.
    func ask(_ process: Process, _ key: String) async throws -> Verification {
        calls += 1
        try await world.pause(process, shortTime())
        if !isCalm, numbers.chance(badness / 2) {
            throw Failure(code: "busy", message: "busy", kind: .transient)
        }
        // What is still on its way may yet happen.
        guard underWay[key, default: 0] == 0 else { return .unknown }
        if effects[key, default: 0] > 0 { return .done(["value": 1, "number": 1]) }
        denied[key, default: 0] += 1
        return .notDone
    }

    /// A look outside.
    func look(_ process: Process) async throws {
        calls += 1
        let fate = fate()
        let id = world.newWait()
        let time = shortTime()
        switch fate {
        case .well: world.plan(after: time) { [self] in world.wake(id) }
        case .refused(let failure): world.plan(after: time) { [self] in world.wake(id, .failure(failure)) }
        case .answerLost, .silence, .late:
            let late = numbers.seconds(60...4000)
            world.plan(after: late) { [self] in world.wake(id) }
        }
        try await world.hold(id, process)
    }

    /// Whether what needs no way out fails this time.
    func mishap() throws {
        guard !isCalm, numbers.chance(badness / 8) else { return }
        throw Failure(
            code: "mishap", message: "a mishap", kind: numbers.chance(500) ? .transient : .permanent)
    }

    /// Whether an action emits an event this time; not so often that the events that follow from it never end.
    func emits() -> Bool {
        guard emitted < 60, numbers.chance(100) else { return false }
        emitted += 1
        return true
    }
}
