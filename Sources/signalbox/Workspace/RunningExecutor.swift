import RunStore
import SQLiteRunStore
import Synchronization
import WorkflowEngine
import WorkflowModel

/// The executor of another process, asked through the store.
struct RunningExecutor {
    let store: any RunStore

    /// Does `body`, which waits for the executor of another process. Should that one end in between, this process takes its place
    /// until `body` has ended: work that was handed over is not left lying because its taker had finished its own.
    static func use<Result: Sendable>(
        _ open: OpenWorkspace, _ state: StateFolder, command: String,
        _ body: (RunningExecutor) async throws -> Result
    ) async throws -> Result {
        let store = try state.open(open.collections)
        let over = Flag()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await standIn(open, state, command: command) { over.isRaised } }
            do {
                let result = try await body(RunningExecutor(store: store))
                over.raise()
                try await group.waitForAll()
                await store.close()
                return result
            } catch {
                over.raise()
                // The first error says why; the executor of this process is closed all the same.
                try? await group.waitForAll()
                await store.close()
                throw error
            }
        }
    }

    /// Executes whenever nobody else does, until `isOver`.
    private static func standIn(
        _ open: OpenWorkspace, _ state: StateFolder, command: String, until isOver: @escaping @Sendable () -> Bool
    ) async throws {
        // Files with mistakes are nothing to stand in by: what was handed over waits for the next executor.
        guard !open.hasMistakes else { return }
        let clock = SystemClock()
        while !isOver() {
            if ExecutorLock.holder(of: state.path) == nil,
                let executor = try await Executor.openUnlessHeld(open, state, command: command)
            {
                return try await executor.work { engine in
                    while !isOver(), !InputStop.isAsked { try await clock.pause(for: .milliseconds(20)) }
                    try await engine.waitUntilQuiet(upTo: .zero)
                }
            }
            try await clock.pause(for: .milliseconds(20))
        }
    }

    /// Asks for `kind`.
    func ask(_ kind: String, _ body: Value, by person: String, within limit: Duration = .seconds(30)) async throws
        -> Value
    {
        do {
            return try await RequestClient(store: store).ask(kind, body, by: person, within: limit)
        } catch {
            throw Executor.readable(error)
        }
    }

    /// Has a playbook run and waits for the run's end, at most `limit`.
    func run(_ playbook: String, _ event: Event?, _ inputs: ValueMap, by person: ActingPerson, within limit: Duration)
        async throws -> RunRecord
    {
        let answer = try await ask(
            "run",
            .map(
                person.signing([
                    "playbook": .string(playbook), "event": event?.envelope ?? .null, "inputs": .map(inputs),
                ])), by: person.id)
        guard let id = answer["run"]?.string.map(RunID.init) else {
            throw CommandFailure(.failed, "the executor gave no run")
        }
        return try await wait(for: id, within: limit)
    }

    /// Waits until a run has ended, needs a person, or waits for longer than `limit`.
    func wait(for id: RunID, within limit: Duration) async throws -> RunRecord {
        let clock = SystemClock()
        let (end, last) = (clock.steady + limit, clock.now + limit)
        while true {
            let (found, hasCalled) = try await store.read(view: { reader in
                (try reader.run(id), try !reader.runs(RunQuery(parent: id, limit: 1)).isEmpty)
            })
            guard let run = found else { throw CommandFailure(.failed, "there is no run \(id)") }
            if run.state.isFinal || run.state == .needsAttention || clock.steady >= end || InputStop.isAsked {
                return run
            }
            // Nothing moves it by itself before the time is over.
            if !hasCalled, run.isHeld || (run.state == .waiting && (run.wakesAt ?? .latest) > last) { return run }
            try await clock.pause(for: .milliseconds(50))
        }
    }
}

/// Tells a task that it is over.
private final class Flag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() { raised.store(true, ordering: .relaxed) }
}
