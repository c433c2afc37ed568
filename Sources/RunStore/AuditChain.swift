import Digests
import WorkflowModel

/// Walks along the audit log and finds the first place where it is not as it was written.
///
/// The end of a log can be cut off without a trace in what is left: whoever must notice that compares the newest hash with one
/// noted elsewhere.
public struct AuditChain: Sendable, Hashable {
    /// A place where the log is broken.
    public struct Break: Sendable, Hashable, CustomStringConvertible {
        /// The entry that does not fit.
        public var sequence: Int64
        /// What is wrong with it, in a sentence.
        public var description: String
    }

    /// What stands for the hash before the first entry: 64 zeros.
    public static let start = String(repeating: "0", count: 64)

    /// The last entry that was walked over; 0 before the first.
    public private(set) var sequence: Int64
    /// Its hash.
    public private(set) var hash: String

    /// Before the first entry.
    public init() {
        sequence = 0
        hash = AuditChain.start
    }

    /// Goes on to the next entry.
    ///
    /// - Returns: what is wrong with it; nil when it follows and is as it was written.
    public mutating func take(_ record: AuditRecord) -> Break? {
        guard record.sequence == sequence + 1 else {
            return Break(
                sequence: record.sequence,
                description: "entry \(record.sequence) follows entry \(sequence): entries between them are missing")
        }
        guard record.previous == hash else {
            return Break(
                sequence: record.sequence,
                description: "entry \(record.sequence) was not written after entry \(sequence) as that is now")
        }
        guard record.hash == AuditChain.hash(of: record) else {
            return Break(
                sequence: record.sequence,
                description: "entry \(record.sequence) is not as it was written: its hash does not fit")
        }
        (sequence, hash) = (record.sequence, record.hash)
        return nil
    }

    /// Walks over the whole log of a store, a thousand entries at a time.
    ///
    /// - Returns: how far the chain holds, and the first break if there is one.
    /// - Throws: ``StoreError``.
    public static func verify(_ reader: any StoreReader) throws -> (chain: AuditChain, broken: Break?) {
        var chain = AuditChain()
        while true {
            let records = try reader.audit(after: chain.sequence, limit: 1000)
            if records.isEmpty { return (chain, nil) }
            for record in records {
                if let broken = chain.take(record) { return (chain, broken) }
            }
        }
    }

    /// What the hash of an entry is made over: a JSON list of its place, its time, who, what, to what, the detail and the hash
    /// before, in the store's JSON that keeps every kind.
    public static func text(of record: AuditRecord) -> String {
        TypedJSON.text([
            .int(record.sequence), .string(record.at.rfc3339), .string(record.by), .string(record.action),
            .string(record.target), record.detail, .string(record.previous),
        ])
    }

    static func hash(of record: AuditRecord) -> String { SHA256.hex(of: text(of: record)) }
}
