import PluginKit
import WorkflowModel

/// `enrich.priority`.
struct PriorityAction: PureAction {
    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        let impact = level(input["impact"] ?? context.ticket("impact"))
        let urgency = level(input["urgency"] ?? context.ticket("urgency"))
        guard let impact, let urgency else {
            return try missing(impact == nil ? "impact" : "urgency", impact, urgency, input)
        }
        if let name = try input.optionalText("table")
            ?? (context.workspace.tables["priority"] == nil ? nil : "priority")
        {
            let table = try context.table(name)
            let priority = try PriorityTable(table).priority(impact: impact, urgency: urgency)
            return output(priority, level: nil, impact.label, urgency.label, source: "table \(name)")
        }
        guard let i = impact.number, let u = urgency.number, (1...3).contains(i), (1...3).contains(u) else {
            let odd = (1...3).contains(impact.number ?? 0) ? ("urgency", urgency) : ("impact", impact)
            return try missing(odd.0, impact, urgency, input, odd.1.label)
        }
        // ServiceNow's default lookup: 1,1 is 1; each step down in either adds one; 3,3 is 5. We have four: 5 is P4 too.
        let level = i + u - 1
        return output("P\(min(level, 4))", level: level, String(i), String(u), source: "default matrix")
    }

    private func level(_ value: Value?) -> PriorityLevel? {
        guard let text = value?.cellText, !text.allSatisfy(\.isWhitespace) else { return nil }
        return PriorityLevel(text)
    }

    private func missing(
        _ which: String, _ impact: PriorityLevel?, _ urgency: PriorityLevel?, _ input: ActionInput, _ odd: String? = nil
    ) throws -> Value {
        guard let priority = try input.optionalText("default") else {
            let what =
                odd.map { "the \(which) \($0) is none of 1 (high), 2 (medium), 3 (low)" } ?? "\(which) is not known"
            throw Failure.permanent("unknown_level", "\(what); give `default:` for such tickets")
        }
        return output(priority, level: nil, impact?.label, urgency?.label, source: "default", assumed: true)
    }

    private func output(
        _ priority: String, level: Int?, _ impact: String?, _ urgency: String?, source: String, assumed: Bool = false
    ) -> Value {
        [
            "priority": .string(priority), "level": level.map { .int(Int64($0)) } ?? .null,
            "impact": impact.map(Value.string) ?? .null, "urgency": urgency.map(Value.string) ?? .null,
            "source": .string(source), "assumed": .bool(assumed),
        ]
    }
}

/// An impact or urgency: `1`, `high`, `1 - High`.
struct PriorityLevel {
    private static let words = [
        "critical": 1, "very high": 1, "high": 1, "extensive": 1, "widespread": 1, "urgent": 1,
        "medium": 2, "moderate": 2, "normal": 2, "significant": 2,
        "low": 3, "minor": 3, "minimal": 3, "limited": 3,
    ]

    /// The number in front, or that of the word.
    let number: Int?
    /// The number that was written.
    private let written: Int?
    /// The word, folded.
    private let word: String

    init(_ text: String) {
        let folded = FoldedText.key(FoldedText.of(text))
        let digits = folded.prefix { $0.isASCII && $0.isNumber }
        written = Int(digits)
        word = folded.dropFirst(digits.count).split(whereSeparator: { !$0.isLetter }).joined(separator: " ")
        number = written ?? Self.words[word]
    }

    /// The number when there is one, else the word.
    var label: String { number.map(String.init) ?? word }

    /// Whether both name the same level. Numbers decide when both have one, else words.
    func isSame(as other: PriorityLevel) -> Bool {
        if let written, let theirs = other.written { return written == theirs }
        if !word.isEmpty, word == other.word { return true }
        return (word.isEmpty || other.word.isEmpty) && number != nil && number == other.number
    }
}

/// A priority matrix of the workspace: columns impact, urgency, priority.
struct PriorityTable {
    private let table: LookupTable

    init(_ table: LookupTable) throws {
        try table.require(["impact", "urgency", "priority"])
        self.table = table
    }

    func priority(impact: PriorityLevel, urgency: PriorityLevel) throws -> String {
        let fitting = table.rows.filter { row in
            PriorityLevel(row["impact"]?.cellText ?? "").isSame(as: impact)
                && PriorityLevel(row["urgency"]?.cellText ?? "").isSame(as: urgency)
        }
        guard let row = fitting.first else {
            throw Failure.permanent(
                "not_in_matrix",
                "the table \(table.name) has no row for impact \(impact.label) and urgency \(urgency.label)")
        }
        let priorities = Set(fitting.map { $0["priority"]?.cellText ?? "" })
        guard priorities.count == 1, let priority = priorities.first, ["P1", "P2", "P3", "P4"].contains(priority) else {
            throw Failure.permanent(
                "bad_table",
                priorities.count > 1
                    ? "the table \(table.name) has two rows for impact \(impact.label) and urgency \(urgency.label)"
                    : "the table \(table.name) has the priority \(row["priority"]?.cellText ?? ""); write P1 to P4")
        }
        return priority
    }
}
