/// Writes shapes as the tables of the reference, in Markdown.
public enum ShapeReference {
    /// A heading, what the shape is for, and its table.
    public static func section(_ shape: Shape, level: Int) -> String {
        "\(String(repeating: "#", count: level)) \(shape.title)\n\n\(shape.summary)\n\n\(table(shape))"
    }

    /// One row for each key: what stands there, what it is for, what holds without it. Keys that must be there have a `*`.
    public static func table(_ shape: Shape) -> String {
        var text = "| key | what stands there | meaning |\n| --- | --- | --- |\n"
        for key in shape.keys {
            var meaning = key.summary
            if case .word(let words) = key.form, words.contains(where: { !$0.meaning.isEmpty }) {
                meaning +=
                    " "
                    + words.map { $0.meaning.isEmpty ? "`\($0.word)`" : "`\($0.word)`: \($0.meaning)" }
                    .joined(separator: " · ")
            }
            if let standard = key.standard {
                meaning +=
                    meaning.hasSuffix(".") || meaning.hasSuffix("…")
                    ? " Without it: \(standard)" : ". Without it: \(standard)"
            }
            let cells = ["`\(key.name)`" + (key.isRequired ? " *" : ""), key.form.words, meaning]
            text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        let rules = shape.rules.compactMap(rule)
        if !rules.isEmpty { text += "\n" + rules.joined(separator: " ") + "\n" }
        return text
    }

    private static func rule(_ rule: ShapeRule) -> String? {
        func list(_ keys: [String]) -> String { keys.map { "`\($0)`" }.joined(separator: ", ") }
        switch rule {
        case .oneKind(let kinds):
            return "Exactly one of \(list(kinds.map(\.key))) is there."
        case .atMostOne(let keys): return "At most one of \(list(keys)) is there."
        case .needs(let key, let others): return "`\(key)` stands beside \(list(others)) only."
        case .single: return "It has one key and no more."
        case .inputs, .open: return nil
        }
    }
}
