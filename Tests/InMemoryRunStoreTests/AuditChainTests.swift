import Digests
import RunStore
import Testing
import WorkflowModel

@Suite struct AuditChainTests {
    private static func entry(_ sequence: Int64, after previous: String, by person: String = "lead-1") -> AuditRecord {
        var record = AuditRecord(
            sequence: sequence, at: Timestamp(seconds: 1_800_000_000 + sequence), by: person, action: "approve",
            target: "ask_1", detail: ["run": "run_1"], previous: previous, hash: "")
        record.hash = SHA256.hex(of: AuditChain.text(of: record))
        return record
    }

    @Test func `an entry that is forged with a hash of its own breaks the chain at the next`() {
        let first = Self.entry(1, after: AuditChain.start)
        let second = Self.entry(2, after: first.hash)
        var chain = AuditChain()
        #expect(chain.take(first) == nil)
        #expect(chain.take(second) == nil)

        var forged = AuditChain()
        #expect(forged.take(Self.entry(1, after: AuditChain.start, by: "agent-1")) == nil)
        #expect(forged.take(second)?.sequence == 2)
    }

    @Test func `whoever mends the link to a forged entry breaks the entry that holds the link`() {
        let first = Self.entry(1, after: AuditChain.start)
        let forged = Self.entry(1, after: AuditChain.start, by: "agent-1")
        var second = Self.entry(2, after: first.hash)
        second.previous = forged.hash
        var chain = AuditChain()
        #expect(chain.take(forged) == nil)
        #expect(chain.take(second)?.description.contains("hash does not fit") == true)
    }
}
