/// What one person answered to a question.
public struct AskAnswer: Sendable, Hashable {
    /// What an answer to an approval says.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        case approve, reject
    }

    /// The person's id, or an address that no person of the workspace has.
    public var by: String
    /// When.
    public var at: Timestamp
    /// What was decided, for an approval; nil for a form.
    public var verdict: Verdict?
    /// The values of the form's fields.
    public var values: ValueMap
    /// What the person added in words.
    public var comment: String?

    /// An answer.
    public init(
        by: String, at: Timestamp, verdict: Verdict? = nil, values: ValueMap = ValueMap(), comment: String? = nil
    ) {
        self.by = by
        self.at = at
        self.verdict = verdict
        self.values = values
        self.comment = comment
    }

    /// The answer as the journal and `steps.ID.answers` show it.
    public var value: Value {
        var map: ValueMap = ["by": .string(by), "at": .timestamp(at)]
        map["verdict"] = verdict.map { .string($0.rawValue) }
        if verdict == nil { map["values"] = .map(values) }
        map["comment"] = comment.map(Value.string) ?? .null
        return .map(map)
    }

    /// Reads what ``value`` gives; nil when it is no answer.
    public init?(_ value: Value) {
        guard let by = value["by"]?.string, let at = value["at"]?.timestamp else { return nil }
        self.init(
            by: by, at: at, verdict: value["verdict"]?.string.flatMap(Verdict.init),
            values: value["values"]?.map ?? ValueMap(), comment: value["comment"]?.string)
    }
}

extension [AskAnswer] {
    /// Whether these answers settle a question that `quorum` different people must answer: the first rejection does, and so do
    /// enough of the others.
    public func settle(quorum: Int) -> Bool { last?.verdict == .reject || count >= quorum }
}
