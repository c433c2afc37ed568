public import RunStore
public import WorkflowModel

/// The audit log as JSON: what `signalbox audit` and the REST API give.
public enum AuditJSON {
    /// An entry.
    public static func entry(_ record: AuditRecord) -> Value {
        [
            "sequence": .int(record.sequence), "at": .timestamp(record.at), "by": .string(record.by),
            "action": .string(record.action), "target": .string(record.target), "detail": record.detail,
            "hash": .string(record.hash),
        ]
    }
}

/// Whether the audit log is as it was written.
public struct AuditVerification: Sendable, Hashable {
    /// How far the chain holds.
    public var chain: AuditChain
    /// The first place where it does not.
    public var broken: AuditChain.Break?
    /// The hash that was to be in it and is not: the end was cut off.
    public var missing: String?

    /// Walks along the log of `reader`.
    ///
    /// - Parameter expected: a hash noted at an earlier time, which must be in the log; nil for none.
    /// - Throws: ``StoreError``.
    public init(_ reader: any StoreReader, expecting expected: String? = nil) throws {
        (chain, broken) = try AuditChain.verify(reader)
        let wanted = expected?.lowercased()
        missing = try wanted.flatMap { try AuditVerification.has($0, in: reader) ? nil : $0 }
    }

    /// Whether it is.
    public var isWhole: Bool { broken == nil && missing == nil }

    /// The verdict as JSON.
    public var json: Value {
        var result: ValueMap = [
            "ok": .bool(isWhole), "entries": .int(chain.sequence), "hash": .string(chain.hash),
        ]
        if let broken {
            result["broken"] = ["sequence": .int(broken.sequence), "message": .string(broken.description)]
        } else if missing != nil {
            result["broken"] = ["message": "no entry has the expected hash"]
        }
        return .map(result)
    }

    private static func has(_ hash: String, in reader: any StoreReader) throws -> Bool {
        if hash == AuditChain.start { return true }
        var after: Int64 = 0
        while true {
            let records = try reader.audit(after: after, limit: 1000)
            guard let last = records.last else { return false }
            if records.contains(where: { $0.hash == hash }) { return true }
            after = last.sequence
        }
    }
}
