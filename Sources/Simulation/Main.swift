import ArgumentParser
import Glibc
import Synchronization

/// `signalbox-simulation`: plays seeds, and says which of them break a promise.
@main
struct SimulationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signalbox-simulation",
        abstract: "The engine in a simulated world with seeded trouble; the promises are looked at after each seed.",
        discussion: "Exits with 1 when a promise was broken, and says how to see it again.")

    @Option(help: "How many seeds are played.")
    var seeds: Int = 2000

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Option(help: "Plays this seed alone, twice.")
    var seed: UInt64?

    @Flag(help: "Prints everything that happens; with --seed.")
    var trace = false

    @Option(help: "How many seeds are played at the same time.")
    var jobs: Int = 2

    @Option(help: "Every so many seeds one is played twice, and must go the same way.")
    var twice: UInt64 = 20

    func run() throws {
        if let seed { return try play(seed) }
        let clock = ContinuousClock()
        let begun = clock.now
        let tally = Tally(next: first, end: first + UInt64(seeds))
        var threads: [pthread_t] = []
        for _ in 0..<max(1, jobs) {
            guard let thread = Worker.start(tally, twice: twice) else { throw ExitCode(2) }
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
        let elapsed = clock.now - begun
        let perSecond = Double(seeds) / max(0.001, Double(elapsed.nanoseconds) / 1e9)
        print("\(tally.summary) in \(elapsed.components.seconds) s, \(Int(perSecond)) seeds a second")
        if tally.hasFailed { throw ExitCode(1) }
    }

    private func play(_ seed: UInt64) throws {
        let one = Scenario.play(seed, prints: trace)
        let other = Scenario.play(seed)
        for text in one.violations { print("  ✗ \(text)") }
        if one.digest != other.digest { print("  ✗ played twice, it went two ways") }
        print("\(one)")
        if !one.violations.isEmpty || one.digest != other.digest { throw ExitCode(1) }
    }
}

/// What all workers have found.
final class Tally: Sendable {
    private struct State {
        var next: UInt64
        var done = 0
        var broken: [UInt64] = []
        var runs = 0
        var calls = 0
        var events = 0
        var deaths = 0
        var lost = 0
    }

    private let end: UInt64
    private let first: UInt64
    private let state: Mutex<State>

    init(next: UInt64, end: UInt64) {
        first = next
        self.end = end
        state = Mutex(State(next: next))
    }

    func next() -> UInt64? {
        state.withLock { state in
            guard state.next < end, state.broken.count < 10 else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    func add(_ outcome: Outcome) {
        defer { fflush(nil) }
        state.withLock { state in
            state.done += 1
            state.runs += outcome.runs
            state.calls += outcome.calls
            state.events += outcome.events
            state.deaths += outcome.deaths
            state.lost += outcome.lostAnswers
            if !outcome.violations.isEmpty {
                state.broken.append(outcome.seed)
                print("seed \(outcome.seed), after \(outcome.seed - first) others, breaks a promise:")
                for text in outcome.violations.prefix(8) { print("  ✗ \(text)") }
                print("  again: scripts/simulate --seed \(outcome.seed) --trace")
            }
            if state.done % 500 == 0 { print("  \(state.done) seeds, \(state.broken.count) broken") }
        }
    }

    var hasFailed: Bool { state.withLock { !$0.broken.isEmpty } }

    var summary: String {
        state.withLock { state in
            "\(state.done) seeds: \(state.events) events, \(state.runs) runs, \(state.calls) calls, \(state.deaths) deaths, "
                + "\(state.lost) lost answers of the store; \(state.broken.count) seeds broken"
        }
    }
}

/// A thread that plays seed after seed; a world never leaves its thread.
enum Worker {
    private final class Work: Sendable {
        let tally: Tally
        let twice: UInt64

        init(_ tally: Tally, _ twice: UInt64) {
            self.tally = tally
            self.twice = twice
        }

        func run() {
            while let seed = tally.next() {
                var outcome = Scenario.play(seed)
                if twice > 0, seed % twice == 0, Scenario.play(seed).digest != outcome.digest {
                    outcome.violations.append("played twice, it went two ways")
                }
                tally.add(outcome)
            }
        }
    }

    static func start(_ tally: Tally, twice: UInt64) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 16 << 20)
        var thread: pthread_t = 0
        let work = Unmanaged.passRetained(Work(tally, twice))
        let status = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        return status == 0 ? thread : nil
    }
}
