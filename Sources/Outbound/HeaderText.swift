/// Header values in ASCII: as they are, quoted, or as encoded words (RFC 2047).
enum HeaderText {
    /// A subject. `column` is what already stands on the line.
    static func unstructured(_ text: String, after column: Int) -> String {
        let fits = column + text.utf8.count <= 76
        let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
        // A plain text that looks like an encoded word would be read as one.
        return fits && isPlain && !text.contains("=?") ? text : encodedWords(text)
    }

    /// The name before an address.
    static func phrase(_ text: String) -> String {
        guard text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }), text.utf8.count <= 60, !text.contains("=?") else {
            return encodedWords(text)
        }
        let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }

    /// Words of at most 75 characters, each with whole characters of UTF-8, in the Q encoding.
    private static func encodedWords(_ text: String) -> String {
        let room = 75 - "=?utf-8?Q??=".utf8.count
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            let piece = encoded(scalar)
            if word.utf8.count + piece.utf8.count > room {
                words.append(word)
                word = ""
            }
            word += piece
        }
        words.append(word)
        return words.map { "=?utf-8?Q?\($0)?=" }.joined(separator: "\r\n ")
    }

    /// Only letters and digits stay, which is right in a subject and before an address alike (RFC 2047 section 5).
    private static func encoded(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": String(scalar)
        case " ": "_"
        default: String(scalar).utf8.map { "=" + QuotedPrintable.hex($0) }.joined()
        }
    }
}
