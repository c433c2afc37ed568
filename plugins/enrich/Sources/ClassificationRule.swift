import PluginKit
import WorkflowModel

/// A rule of `enrich.classify`.
struct ClassificationRule {
    /// What made a rule match.
    struct Match {
        var field: String
        var wanted: String
        var found: String
        var isPattern: Bool
    }

    let id: String
    let category: String
    let subcategory: String?
    let confidence: Double?
    private let any: [Keyword]
    private let all: [Keyword]
    private let none: [Keyword]
    private let pattern: LinearPattern?
    private let fields: [String]

    /// A rule of a playbook.
    init(rule: ValueMap, number: Int) throws {
        func list(_ key: String) -> [String] {
            if let text = rule[key]?.string { return [text] }
            return (rule[key]?.list ?? []).compactMap(\.string)
        }
        try self.init(
            number: number, id: rule["id"]?.string, category: rule["category"]?.string ?? "",
            subcategory: rule["subcategory"]?.string, any: list("any"), all: list("all"), none: list("none"),
            pattern: rule["matches"]?.string, fields: list("in"), confidence: rule["confidence"]?.number)
    }

    /// A rule of a table, with keywords separated by bars.
    init(row: ValueMap, number: Int) throws {
        func cell(_ column: String) -> String? {
            let text = FoldedText.key(row[column]?.cellText ?? "", caseSensitive: true)
            return text.isEmpty ? nil : text
        }
        func list(_ column: String) -> [String] {
            if let texts = row[column]?.list { return texts.map(\.cellText) }
            return (cell(column) ?? "").split(separator: "|").map { FoldedText.key(String($0), caseSensitive: true) }
                .filter { !$0.isEmpty }
        }
        try self.init(
            number: number, id: cell("id"), category: cell("category") ?? "", subcategory: cell("subcategory"),
            any: list("keywords"), all: [], none: list("none"), pattern: cell("matches"), fields: list("in"),
            confidence: cell("confidence").flatMap(Double.init))
    }

    private init(
        number: Int, id: String?, category: String, subcategory: String?, any: [String], all: [String], none: [String],
        pattern: String?, fields: [String], confidence: Double?
    ) throws {
        func bad(_ what: String) -> Failure { .permanent("bad_rule", "rule \(id ?? String(number)) \(what)") }
        guard !category.isEmpty else { throw bad("has no category") }
        guard !any.isEmpty || !all.isEmpty || pattern != nil else {
            throw bad("has no condition; give any, all or matches")
        }
        func keywords(_ texts: [String]) throws -> [Keyword] {
            guard texts.count <= 200 else { throw bad("has more than 200 keywords") }
            return try texts.map { text in
                guard let keyword = Keyword(text) else {
                    throw bad("has the keyword \"\(text)\" without letters or digits")
                }
                return keyword
            }
        }
        self.id = id ?? String(number)
        self.category = category
        self.subcategory = subcategory
        self.any = try keywords(any)
        self.all = try keywords(all)
        self.none = try keywords(none)
        self.fields = fields.isEmpty ? ["title", "text"] : fields
        self.confidence = confidence
        do { self.pattern = try pattern.map(LinearPattern.init) } catch let error as LinearPattern.Malformed {
            throw bad("has a pattern that cannot be read: \(error.message)")
        }
    }

    /// The first thing that made the rule match; nil when it does not.
    func match(_ all: [ClassifiedField]) -> Match? {
        let looked = all.filter { fields.contains($0.name) }
        func first(_ keyword: Keyword) -> Match? {
            for field in looked {
                guard let found = keyword.found(in: field) else { continue }
                return Match(field: field.name, wanted: keyword.text, found: found, isPattern: false)
            }
            return nil
        }
        if none.contains(where: { first($0) != nil }) { return nil }
        var match: Match?
        for keyword in self.all {
            guard let found = first(keyword) else { return nil }
            match = match ?? found
        }
        if !any.isEmpty {
            // The field decides before the order of the keywords: a word in the title says more than one in the text.
            let found = any.compactMap(first)
            guard let best = found.first(where: { $0.field == "title" }) ?? found.first else { return nil }
            match = match ?? best
        }
        if let pattern {
            var hit: Match?
            for field in looked where hit == nil {
                hit = pattern.firstMatch(in: field.text).map {
                    Match(field: field.name, wanted: pattern.source, found: $0, isPattern: true)
                }
            }
            guard let hit else { return nil }
            match = match ?? hit
        }
        return match
    }
}

/// Whole words, one after the other; a `*` in a word stands for any letters or none.
struct Keyword {
    let text: String
    private let words: [String]

    init?(_ text: String) {
        self.text = text
        let folded = FoldedText.of(text)
        words = folded.split { !$0.isLetter && !$0.isNumber && $0 != "*" }.map { String($0.prefix(100)) }
        guard words.contains(where: { $0.contains { $0 != "*" } }) else { return nil }
    }

    /// The text in `field` that the keyword fits, as it is written there.
    func found(in field: ClassifiedField) -> String? {
        guard let first = words.first else { return nil }
        let starts =
            first.contains("*")
            ? field.words.indices.filter { Self.fits(field.words[$0].folded, first) } : field.positions[first] ?? []
        for start in starts {
            guard start + words.count <= field.words.count else { break }
            let fits = words.indices.dropFirst().allSatisfy { Self.fits(field.words[start + $0].folded, words[$0]) }
            guard fits else { continue }
            let last = field.words[start + words.count - 1]
            return String(field.text[field.words[start].range.lowerBound..<last.range.upperBound])
        }
        return nil
    }

    private static func fits(_ word: String, _ pattern: String) -> Bool {
        guard pattern.contains("*") else { return word == pattern }
        guard word.utf8.count <= 200 else { return false }
        let word = Array(word)
        let pattern = Array(pattern)
        var (w, p) = (0, 0)
        var star: (pattern: Int, word: Int)?
        while w < word.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p + 1, w)
                p += 1
            } else if p < pattern.count, pattern[p] == word[w] {
                w += 1
                p += 1
            } else if let last = star {
                star = (last.pattern, last.word + 1)
                p = last.pattern
                w = last.word + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
