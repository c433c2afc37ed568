import Glibc

/// How full-text search splits and folds text, in one place for all drivers: words are runs of Unicode letters and digits, in
/// lower case, without diacritics (`Ångström-2` is `angstrom`, `2`).
public enum SearchWords {
    /// The longest word, in code points; the rest of a longer one is cut.
    public static let maximumLength = 64
    /// The most words of one text that are searched for.
    public static let maximumQueryWords = 64

    /// The words of `text` in order, repeated as they occur.
    public static func words(of text: some StringProtocol) -> [String] {
        var text = String(text)
        return text.withUTF8 { plainWords(of: $0) } ?? foldedWords(of: text)
    }

    /// The words of a text of ASCII alone, nearly all texts there are; nil for another.
    private static func plainWords(of text: UnsafeBufferPointer<UInt8>) -> [String]? {
        guard text.allSatisfy({ $0 < 0x80 }) else { return nil }
        var words: [String] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumLength) { word in
            var length = 0
            func finish() {
                guard length > 0 else { return }
                words.append(String(decoding: word[..<min(length, maximumLength)], as: UTF8.self))
                length = 0
            }
            for byte in text {
                let small: UInt8
                switch byte {
                case 0x61...0x7A, 0x30...0x39: small = byte
                case 0x41...0x5A: small = byte + 0x20
                default:
                    finish()
                    continue
                }
                if length < maximumLength { word[length] = small }
                length += 1
            }
            finish()
        }
        return words
    }

    private static func foldedWords(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func finish() {
            guard !word.isEmpty else { return }
            words.append(String(word.prefix(maximumLength)))
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                switch scalar.value {
                case 0x61...0x7A, 0x30...0x39: word.append(scalar)
                case 0x41...0x5A: word.append(Unicode.Scalar(UInt8(scalar.value) + 0x20))
                default: finish()
                }
                continue
            }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark:
                // A mark belongs to the letter before it.
                break
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                for small in scalar.properties.lowercaseMapping.unicodeScalars
                where small.properties.generalCategory != .nonspacingMark {
                    word.append(plainLetters[small] ?? small)
                }
            default: finish()
            }
        }
        finish()
        return words
    }

    /// The words to search for in a query's text: each once, in the order in which they first come.
    public static func queryWords(of text: some StringProtocol) -> [String] {
        var seen: Set<String> = []
        return Array(words(of: text).filter { seen.insert($0).inserted }.prefix(maximumQueryWords))
    }

    /// Letters with a diacritic, and the letter without it, for the blocks that have them precomposed.
    private static let plainLetters: [Unicode.Scalar: Unicode.Scalar] = {
        let blocks: [ClosedRange<UInt32>] = [0xC0...0x24F, 0x370...0x45F, 0x1E00...0x1FFF]
        let letters = blocks.joined().compactMap { Unicode.Scalar($0) }
        var byName: [String: Unicode.Scalar] = [:]
        for scalar in Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars) + letters {
            if let name = scalar.properties.name { byName[name] = scalar }
        }
        // Of the Cyrillic letters, these two are composed without saying so in their names.
        var plain: [Unicode.Scalar: Unicode.Scalar] = ["\u{439}": "\u{438}", "\u{451}": "\u{435}"]
        for scalar in letters {
            guard let parts = scalar.properties.name.map({ split($0) }), let stem = parts, let letter = byName[stem]
            else { continue }
            plain[scalar] = letter
        }
        return plain
    }()

    /// `LATIN SMALL LETTER E` from `LATIN SMALL LETTER E WITH ACUTE`; nil when there is no `WITH`.
    private static func split(_ name: String) -> String? {
        let words = name.split(separator: " ")
        guard let position = words.firstIndex(of: "WITH") else { return nil }
        return words[..<position].joined(separator: " ")
    }
}

/// The measure of full-text search: Okapi BM25 with k1 = 1.2 and b = 0.75, as SQLite's FTS5 has it
/// (sqlite.org/fts5.html, "The bm25() function").
public enum BM25 {
    /// The weight of a word that `containing` of `documents` texts have; never zero or less.
    public static func weight(containing: Int, of documents: Int) -> Double {
        let weight = log((Double(documents - containing) + 0.5) / (Double(containing) + 0.5))
        return weight <= 0 ? 1e-6 : weight
    }

    /// What a word of this weight adds to the score of a text of `length` words that has it `count` times.
    public static func part(weight: Double, count: Int, length: Int, meanLength: Double) -> Double {
        let frequency = Double(count)
        let size = meanLength > 0 ? Double(length) / meanLength : 1
        return weight * (frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * size))
    }
}
