import Foundation
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

@Suite(.serialized, .timeLimit(.minutes(1)))
struct FailingDiskTests {
    private func withStore(_ body: (SQLiteRunStore, CommitLog, String) async throws -> Void) async throws {
        FailingDisk.set(.none)
        try await withFolder { folder in
            let folder = "\(folder)/\(FailingDisk.marker)"
            let log = CommitLog()
            let store = try SQLiteRunStore(folder: folder, collections: [:], observer: { log.note($0) })
            do {
                try await body(store, log, folder)
            } catch {
                FailingDisk.set(.none)
                throw error
            }
            FailingDisk.set(.none)
            await store.close()
        }
    }

    @Test(
        "each caller whose commit the disk refuses gets the error, and the store goes on when the disk is well",
        arguments: [
            (FailingDisk.Trouble.write, StoreError.Code.io), (.full, .full), (.sync, .io), (.readOnly, .readOnly),
        ])
    func refuses(_ trouble: FailingDisk.Trouble, _ code: StoreError.Code) async throws {
        try await withStore { store, log, folder in
            for number in 1...5 { try await store.write { try $0.insertRun(.sample(number)) } }
            FailingDisk.set(trouble)
            let outcomes = await withTaskGroup(of: StoreError.Code?.self) { group in
                for number in 6...105 {
                    group.addTask {
                        do {
                            try await store.write { try $0.insertRun(.sample(number)) }
                            return nil
                        } catch {
                            return (error as? StoreError)?.code ?? .misuse
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == [StoreError.Code?](repeating: code, count: 100))
            #expect(log.reports.last?.failure?.code == code)
            #expect(log.reports.dropFirst(5).reduce(0) { $0 + $1.changes } == 100)
            // What was acknowledged is there, and nothing else; readers do not mind the disk's trouble.
            #expect(try await store.read(view: { try $0.runCounts() }) == [.queued: 5])
            FailingDisk.set(.none)
            try await store.write { try $0.insertRun(.sample(200)) }
            #expect(try await store.read(view: { try $0.runCounts() }) == [.queued: 6])
            #expect(store.writeLoad.waiting == 0)

            // As after the death of the process: the files as they are now.
            let left = folder + "-left"
            try FileManager.default.copyItem(atPath: folder, toPath: left)
            let again = try SQLiteRunStore(folder: left, collections: [:])
            let runs = try await again.read(view: { try $0.runs(RunQuery()).map(\.id) })
            #expect(runs == ([200] + (1...5).reversed()).map(RunID.sample))
            #expect(try await again.integrityProblems() == [])
            await again.close()
        }
    }

    @Test("a disk that fails now and then: what was acknowledged is there, what was refused is not")
    func failsNowAndThen() async throws {
        try await withStore { store, _, _ in
            var random = SystemRandomNumberGenerator()
            var stored: [RunID] = []
            for number in 1...120 {
                let troubles: [FailingDisk.Trouble] = [.none, .none, .write, .sync, .full]
                FailingDisk.set(troubles.randomElement(using: &random) ?? .none)
                do {
                    try await store.write { try $0.insertRun(.sample(number)) }
                    stored.append(.sample(number))
                } catch {
                    #expect(error is StoreError)
                }
            }
            FailingDisk.set(.none)
            let found = try await store.read(view: { try $0.runs(RunQuery(limit: 1000)).map(\.id) })
            #expect(found == stored.reversed())
            #expect(try await store.integrityProblems() == [])
        }
    }
}
