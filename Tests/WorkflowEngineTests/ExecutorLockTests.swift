import Foundation
import Synchronization
import Testing
import WorkflowEngine

private final class Over: Sendable {
    let isOver = Atomic(false)
}

@Suite("The executor lock")
struct ExecutorLockTests {
    @Test func `one executor a folder, and the second learns who it is`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        #expect(ExecutorLock.holder(of: folder.path) == nil)
        let lock = try ExecutorLock.acquire(folder: folder.path, command: "signalbox serve")
        let refusal = #expect(throws: ExecutorLock.Refusal.self) {
            try ExecutorLock.acquire(folder: folder.path, command: "signalbox run")
        }
        guard case .held(let holder?, _)? = refusal else {
            Issue.record("the holder is not named")
            return
        }
        #expect(holder.command == "signalbox serve")
        #expect(holder.pid > 0)
        #expect(refusal?.description.contains("signalbox serve (process ") == true)
        #expect(ExecutorLock.holder(of: folder.path) == holder)
        lock.release()
        #expect(ExecutorLock.holder(of: folder.path) == nil)
        _ = try ExecutorLock.acquire(folder: folder.path, command: "signalbox run")
    }

    @Test func `those who only look who executes do not keep an executor from beginning`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path
        let over = Over()
        // Threads: tasks that never wait would take all there are from the one that they wait for.
        for _ in 1...2 {
            Thread.detachNewThread {
                while !over.isOver.load(ordering: .relaxed) { _ = ExecutorLock.holder(of: path) }
            }
        }
        defer { over.isOver.store(true, ordering: .relaxed) }
        for _ in 1...500 { try ExecutorLock.acquire(folder: path, command: "signalbox run").release() }
    }

    @Test func `a folder that is not there is said to be so`() {
        #expect(throws: ExecutorLock.Refusal.self) {
            try ExecutorLock.acquire(folder: "/nonexistent-folder", command: "signalbox run")
        }
    }
}
