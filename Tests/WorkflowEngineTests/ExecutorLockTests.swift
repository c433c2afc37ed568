import Testing
import WorkflowEngine

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

    @Test func `a folder that is not there is said to be so`() {
        #expect(throws: ExecutorLock.Refusal.self) {
            try ExecutorLock.acquire(folder: "/nonexistent-folder", command: "signalbox run")
        }
    }
}
