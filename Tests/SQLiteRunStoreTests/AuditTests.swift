import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

struct AuditTests {
    private func withLog(_ body: (SQLiteRunStore) async throws -> Void) async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: [:])
            try await store.write { transaction in
                for number in 1...1200 {
                    _ = try transaction.appendAudit(
                        AuditDraft(
                            at: Timestamp(seconds: Int64(number)), by: "user@example.com", action: "approve",
                            target: "ask-\(number)", detail: ["n": .int(Int64(number))]))
                }
            }
            try await body(store)
            await store.close()
        }
    }

    @Test("the database itself refuses to change or delete an entry of the audit log")
    func isAppendOnly() async throws {
        try await withLog { store in
            for sql in ["UPDATE audit SET by = 'x' WHERE sequence = 3", "DELETE FROM audit WHERE sequence = 1200"] {
                await #expect(throws: (any Error).self) { try await store.changeLayout(sql) }
            }
            let broken = try await store.read(view: { try AuditChain.verify($0) }).broken
            #expect(broken == nil)
        }
    }

    @Test(
        "what was changed behind its back is found at the first place",
        arguments: [
            ("UPDATE audit SET by = 'x' WHERE sequence = 1100", 1100, "not as it was written"),
            ("UPDATE audit SET detail = '{\"n\":7}' WHERE sequence = 5", 5, "not as it was written"),
            ("UPDATE audit SET at = '2020-01-01T00:00:00.000000000Z' WHERE sequence = 1", 1, "not as it was written"),
            ("DELETE FROM audit WHERE sequence = 700", 701, "missing"),
            ("DELETE FROM audit WHERE sequence = 1", 2, "missing"),
            ("UPDATE audit SET hash = previous WHERE sequence = 9", 9, "not as it was written"),
            ("UPDATE audit SET previous = hash WHERE sequence = 9", 9, "was not written after"),
        ])
    func tampering(_ sql: String, _ place: Int64, _ words: String) async throws {
        try await withLog { store in
            try await store.changeLayout("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; \(sql)")
            let (chain, broken) = try await store.read(view: { try AuditChain.verify($0) })
            #expect(broken?.sequence == place)
            #expect(chain.sequence < place)
            #expect(broken?.description.contains(words) == true, "\(broken as Any)")
        }
    }
}
