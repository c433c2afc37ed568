import InMemoryRunStore
import PluginKit
import RunStore
import WorkflowModel

/// The store as one process reaches it: every answer takes its time, some requests are refused, some answers are lost although
/// the commit has happened. What a dead process asks reaches nothing.
struct ShakyStore: RunStore {
    let process: Process
    let trouble: Box<Trouble>
    let base: InMemoryRunStore

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await reach()
        let result: Result
        if trouble.value?.ofRead() == .refused {
            process.world.trace("read refused")
            throw trouble.value?.error ?? StoreError(.io, "")
        }
        result = try base.withReader(body)
        try await reach()
        return result
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        guard process.isAlive else { throw StoreError(.closed, "the process is dead") }
        process.lastTurn += 1
        let turn = process.lastTurn
        defer { leave(turn) }
        try await reach()
        while process.turn < turn - 1 {
            let id = process.world.newWait()
            process.turns[turn] = id
            do { try await process.world.hold(id, process) } catch { throw StoreError(.closed, "the process is dead") }
        }
        let fate = trouble.value?.ofWrite() ?? .well
        if fate == .refused {
            process.world.trace("write refused")
            throw trouble.value?.error ?? StoreError(.io, "")
        }
        let result = try base.withTransaction(body)
        process.world.afterCommit?()
        leave(turn)
        try await reach()
        if fate == .answerLost {
            process.world.trace("answer lost")
            throw trouble.value?.error ?? StoreError(.io, "")
        }
        return result
    }

    func close() async {}

    private func leave(_ turn: Int) {
        guard process.turn == turn - 1 else { return }
        process.turn = turn
        if let next = process.turns.removeValue(forKey: turn + 1) { process.world.wake(next) }
    }

    private func reach() async throws {
        do { try await process.world.pause(process, trouble.value?.delay()) } catch {
            throw StoreError(.closed, "the process is dead")
        }
    }
}
