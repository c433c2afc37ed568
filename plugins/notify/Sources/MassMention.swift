/// Words that call everybody in a chat channel. A customer who writes them into a ticket must not.
enum MassMention {
    private static let calls = ["<!", "@channel", "@here", "@all", "@everyone", "<at>"]

    /// `text` with a space of no width inside each such word: it reads the same and calls nobody.
    static func disarmed(_ text: String) -> String {
        var text = text
        for call in calls {
            guard let first = call.first else { continue }
            let disarmed = "\(first)\u{200B}\(call.dropFirst())"
            // Character by character, so that letters of any case are found and those around them stay.
            var rest = Substring(text)
            var out = ""
            while let found = rest.firstRange(ofWord: call) {
                out += rest[..<found.lowerBound]
                out += disarmed.prefix(2) + rest[found].dropFirst()
                rest = rest[found.upperBound...]
            }
            text = out + rest
        }
        return text
    }
}

extension Substring {
    /// The first place of `word`, letter case aside.
    fileprivate func firstRange(ofWord word: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            var (here, there) = (start, word.startIndex)
            while here < endIndex, there < word.endIndex, self[here].lowercased() == word[there].lowercased() {
                here = index(after: here)
                there = word.index(after: there)
            }
            if there == word.endIndex { return start..<here }
            start = index(after: start)
        }
        return nil
    }
}
