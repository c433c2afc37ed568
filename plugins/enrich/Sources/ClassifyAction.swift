import PluginKit
import WorkflowModel

/// `enrich.classify`.
struct ClassifyAction: PureAction {
    /// No more of a text is looked at.
    static let longestText = 100_000

    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        let title = try input.optionalText("title") ?? context.ticket("title")?.string ?? ""
        let text = try input.optionalText("text") ?? context.ticket("text")?.string ?? ""
        let fields = [
            ClassifiedField("title", title),
            ClassifiedField("text", MessageText.own(String(text.prefix(Self.longestText)))),
        ]
        for rule in try rules(input, context) {
            guard let match = rule.match(fields) else { continue }
            return [
                "category": .string(rule.category), "subcategory": rule.subcategory.map(Value.string) ?? .null,
                "matched": true, "confidence": .double(rule.confidence ?? (match.field == "title" ? 0.9 : 0.7)),
                "rule": .string(rule.id),
                "matched_by": [
                    "field": .string(match.field),
                    .init(match.isPattern ? "pattern" : "keyword"): .string(match.wanted),
                    "text": .string(match.found),
                ],
            ]
        }
        return [
            "category": input["default"] ?? .null, "subcategory": .null, "matched": false, "confidence": 0.0,
            "rule": .null, "matched_by": .null,
        ]
    }

    private func rules(_ input: ActionInput, _ context: ActionContext) throws -> [ClassificationRule] {
        if let table = try input.optionalText("table") {
            guard input["rules"] == nil else { throw Failure.invalidInput("give rules or table, not both") }
            let table = try context.table(table)
            try table.require(["category"])
            return try table.rows.enumerated().map { try ClassificationRule(row: $1, number: $0 + 1) }
        }
        guard let rules = input["rules"]?.list else {
            throw Failure.invalidInput("no rules are given; write `rules:` or `table:`")
        }
        return try rules.enumerated().map { try ClassificationRule(rule: $1.map ?? [:], number: $0 + 1) }
    }
}

/// A field to look in, split into words once.
struct ClassifiedField {
    let name: String
    let text: String
    let words: [FoldedText.Word]
    /// Folded word to where it occurs.
    let positions: [String: [Int]]

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
        words = FoldedText.words(text)
        positions = Dictionary(grouping: words.indices, by: { [words] in words[$0].folded })
    }
}
