import Access
import Projections
import RunStore
import WorkflowModel

/// What people have decided.
enum AuditOperations {
    static let all: [Operation] = [list, verify]

    private static let list = Operation(
        id: "listAudit", method: .get, path: "\(API.root)/audit", tag: "audit",
        summary: "What people have decided, newest first.", need: .read(), parameters: Parameter.page,
        answer: SchemaWords.page(of: "AuditEntry"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "audit")
            let before = page.after.map { Int64($0) ?? 1 }
            let entries = try await call.read { reader in
                let end = try before ?? (reader.newestAudit()?.sequence ?? 0) + 1
                let first = max(0, end - 1 - Int64(page.limit))
                // Entries have no gaps, so that places are counts.
                guard end - 1 > first else { return [AuditRecord]() }
                return try reader.audit(after: first, limit: Int(end - 1 - first)).reversed()
            }
            let last = entries.last?.sequence
            return Page.answer(
                entries.map(AuditJSON.entry), list: "audit", last: last.flatMap { $0 > 1 ? "\($0)" : nil })
        })

    private static let verify = Operation(
        id: "verifyAudit", method: .get, path: "\(API.root)/audit/verification", tag: "audit",
        summary: "Whether the log is as it was written.",
        detail: """
            Each entry holds a hash over itself and the one before it. That entries were cut off at the end shows only against a hash \
            that you have noted elsewhere: `expect`.
            """, need: .read(), parameters: [.text("expect", "A hash of an earlier answer, which must be in the log.")],
        answer: SchemaWords.ref("AuditVerification"), problems: [400],
        work: .answer { call in
            let expected = call.query.text("expect")
            return APIAnswer(try await call.read { try AuditVerification($0, expecting: expected) }.json)
        })
}
