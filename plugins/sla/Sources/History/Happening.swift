public import WorkflowModel

/// One thing that happened to a ticket, as far as clocks depend on it: a line of the history from which everything is computed.
public struct Happening: Sendable, Hashable {
    /// What kind of thing it was.
    public enum Kind: String, Sendable, Hashable {
        /// The ticket was made; `by` says for whom.
        case created
        /// Fields changed.
        case updated
        /// A message; `by`, `public`, `automatic` and `note` say whose and how.
        case message
        /// Merged `into` another ticket.
        case merged
        /// A maintenance window of its service began or ended.
        case window
        /// Another ticket was merged into this one and left its open `clocks`.
        case adopted
        /// Somebody set the due date of `metric` by hand.
        case pinned
        /// Somebody stopped measuring `metric`.
        case cancelled
        /// The open clocks go on under another version of the policies.
        case rebased
        /// Stands for all that was before it, of which only the outcome is kept.
        case folded
    }

    /// When it was.
    public var at: Timestamp
    /// The place among those of the same instant.
    public var sequence: Int64
    /// What it was.
    public var kind: Kind
    /// The fields of the ticket that are known by it, each with what it is after it.
    public var fields: ValueMap
    /// What the kind needs beside.
    public var detail: ValueMap
    /// The version of the policies when it came in.
    public var version: String?

    /// A happening of these parts.
    public init(
        at: Timestamp, sequence: Int64, kind: Kind, fields: ValueMap = [:], detail: ValueMap = [:],
        version: String? = nil
    ) {
        self.at = at
        self.sequence = sequence
        self.kind = kind
        self.fields = fields
        self.detail = detail
        self.version = version
    }

    /// The versions of the policies that are needed to compute with it.
    var versions: Set<String> {
        var found = Set([version, detail["to"]?.string].compactMap { $0 })
        for kind in detail["kinds"]?.map ?? [:] {
            for clock in kind.value["clocks"]?.list ?? [] {
                if let version = clock["version"]?.string { found.insert(version) }
                found.formUnion((clock["parts"]?.list ?? []).compactMap { $0["version"]?.string })
            }
        }
        return found
    }

    /// By time, then in the order in which they came.
    static func precedes(_ left: Happening, _ right: Happening) -> Bool {
        (left.at, left.sequence) < (right.at, right.sequence)
    }

    /// The form in which it is kept.
    public var value: Value {
        var map: ValueMap = ["at": .timestamp(at), "n": .int(sequence), "kind": .string(kind.rawValue)]
        if !fields.entries.isEmpty { map["fields"] = .map(fields) }
        if !detail.entries.isEmpty { map["detail"] = .map(detail) }
        if let version { map["version"] = .string(version) }
        return .map(map)
    }

    /// The happening that `value` keeps; nil when it is none.
    public init?(_ value: Value) {
        guard let at = value["at"]?.timestamp, let sequence = value["n"]?.int,
            let kind = value["kind"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        self.init(
            at: at, sequence: sequence, kind: kind, fields: value["fields"]?.map ?? [:],
            detail: value["detail"]?.map ?? [:], version: value["version"]?.string)
    }
}
