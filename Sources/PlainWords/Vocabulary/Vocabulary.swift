public import WorkflowModel

/// A word of Signalbox with its meaning.
public struct VocabularyWord: Sendable, Hashable {
    /// The word.
    public var word: String
    /// Other words that people look it up by.
    public var also: [String]
    /// What it means.
    public var meaning: String
    /// Words to read next.
    public var see: [String]

    init(_ word: String, also: [String] = [], _ meaning: String, see: [String] = []) {
        self.word = word
        self.also = also
        self.meaning = meaning
        self.see = see
    }
}

/// The words of Signalbox: one for one thing, in files, messages and pages.
public enum Vocabulary {
    /// All words, by the alphabet.
    public static let words: [VocabularyWord] = WordList.all.sorted { $0.word < $1.word }

    /// What was found for a word.
    public enum Answer: Sendable, Hashable {
        /// The word.
        case found(VocabularyWord)
        /// Not the word; these are near it, or speak of it.
        case near([VocabularyWord])
    }

    /// The word that `text` means, in any case and also in the plural; else words near it, the nearest first, at most ``mostNear``.
    public static func look(up text: String) -> Answer {
        let wanted = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "_" || $0 == "-" }).joined(
            separator: " ")
        for form in [wanted, wanted.hasSuffix("s") ? String(wanted.dropLast()) : wanted] {
            if let word = words.first(where: { ([$0.word] + $0.also).contains { folded($0) == form } }) {
                return .found(word)
            }
        }
        guard !wanted.isEmpty, wanted.count <= 100 else { return .near([]) }
        var near: [VocabularyWord] = []
        func add(_ word: VocabularyWord?) {
            if let word, !near.contains(word), near.count < mostNear { near.append(word) }
        }
        let names = words.flatMap { [$0.word] + $0.also }
        if let name = Similarity.nearest(to: wanted, among: names) {
            add(words.first { ([$0.word] + $0.also).contains(name) })
        }
        if wanted.count > 2 {
            for word in words where ([word.word] + word.also).contains(where: { folded($0).contains(wanted) }) {
                add(word)
            }
            for word in words
            where word.meaning.lowercased().split(whereSeparator: { !$0.isLetter }).contains(where: { $0 == wanted }) {
                add(word)
            }
        }
        return .near(near)
    }

    /// The most words that are offered instead.
    public static let mostNear = 5

    private static func folded(_ text: String) -> String {
        text.lowercased().replacing("_", with: " ").replacing("-", with: " ")
    }
}

extension VocabularyWord {
    /// The word as JSON: `word`, `also`, `meaning`, `see`.
    public var json: Value {
        [
            "word": .string(word), "also": .list(also.map(Value.string)), "meaning": .string(meaning),
            "see": .list(see.map(Value.string)),
        ]
    }
}
