import RunStore
import WorkflowEngine
import WorkflowModel

/// A simulated process. When it dies, nothing that its tasks still do reaches the world.
///
/// Unchecked: it lives on its world's thread.
final class Process: @unchecked Sendable {
    let world: World
    let number: Int
    let line: Line
    private(set) var isAlive = true
    var engine: Engine?
    private var entropy: SeededNumbers
    /// Writes to the store go one after the other.
    var lastTurn = 0
    var turn = 0
    var turns: [Int: Int] = [:]

    init(_ world: World, number: Int) {
        self.world = world
        self.number = number
        line = Line(world, process: number)
        entropy = SeededNumbers(world.seed, "process \(number)")
    }

    func random(_ count: Int) -> [UInt8] { entropy.bytes(count) }

    /// Kills it here and now.
    func die() {
        guard isAlive else { return }
        isAlive = false
        world.trace("process \(number) dies")
        world.wakeAll(of: number, Died())
        if let engine { Task(executorPreference: line) { await engine.close() } }
        world.unwind(number)
        engine = nil
    }

    /// Ended by itself.
    func exit() {
        isAlive = false
        engine = nil
        world.trace("process \(number) has ended")
        world.wakeAll(of: number, Died())
    }

    /// Lets the process do something; who asked is told that it died when it does.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard isAlive else { throw Died() }
        let box = Box<Result<Value, any Error>>()
        let id = world.newWait()
        let world = world
        Task(executorPreference: line) {
            do { box.value = .success(try await work()) } catch { box.value = .failure(error) }
            world.wake(id)
        }
        try await world.hold(id, self)
        guard isAlive, let result = box.value else { throw Died() }
        return try result.get()
    }
}

/// Something that a task leaves for another one. Unchecked: all of a world's tasks run on one thread.
final class Box<Value>: @unchecked Sendable {
    var value: Value?
}

/// The clock on the wall, as a process reads it and sleeps by it: like the system's, in stretches of at most an hour.
struct WallClock: EngineClock {
    let process: Process

    var now: Timestamp { process.world.now }

    var steady: Timestamp { process.world.steady }

    func sleep(untilSteady instant: Timestamp) async throws {
        guard process.isAlive else { throw CancellationError() }
        try await process.world.rest(process, instant - steady)
    }

    func sleep(until instant: Timestamp) async throws {
        while true {
            guard process.isAlive else { throw CancellationError() }
            try Task.checkCancellation()
            let left = instant - now
            guard left > .zero else { return }
            try await process.world.rest(process, min(left, .seconds(3600)))
        }
    }
}
