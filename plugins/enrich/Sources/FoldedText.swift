import Foundation

/// Texts without regard to case, accents and spaces at the ends.
enum FoldedText {
    /// `  Émile  ` becomes `emile`.
    static func of(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }

    /// As a key of a table: folded, ends trimmed, inner spaces one.
    static func key(_ text: String, caseSensitive: Bool = false) -> String {
        let spaced = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return caseSensitive ? spaced : spaced.folding(options: .caseInsensitive, locale: nil)
    }

    /// The words: runs of letters and digits, with where they stand in `text`.
    static func words(_ text: String, limit: Int = 20_000) -> [Word] {
        var words: [Word] = []
        var index = text.startIndex
        while index < text.endIndex, words.count < limit {
            guard text[index].isLetter || text[index].isNumber else {
                index = text.index(after: index)
                continue
            }
            let start = index
            while index < text.endIndex, text[index].isLetter || text[index].isNumber {
                index = text.index(after: index)
            }
            words.append(Word(folded: of(String(text[start..<index])), range: start..<index))
        }
        return words
    }

    /// A word of a text.
    struct Word {
        var folded: String
        var range: Range<String.Index>
    }
}
