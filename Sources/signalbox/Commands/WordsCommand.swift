import ArgumentParser
import PlainWords
import WorkflowModel

/// `signalbox words`: what our words mean.
struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words", abstract: "Explain a word of Signalbox, or list all.",
        discussion:
            "signalbox words gate; signalbox words 'dry run'. Words of other tools find ours: signalbox words workflow."
    )

    @Argument(help: "The word; all if not given.")
    var word: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = output.console
        guard !word.isEmpty else {
            var table = TextTable()
            for word in Vocabulary.words { table.add([word.word, String(Self.firstSentence(word.meaning))]) }
            for line in table.lines(indent: 0) { console.line(line) }
            return console.json(.list(Vocabulary.words.map(\.json)))
        }
        let text = word.joined(separator: " ")
        switch Vocabulary.look(up: text) {
        case .found(let found):
            console.line("\(console.paint.bold(found.word)): \(found.meaning)")
            if !found.also.isEmpty { console.line(console.paint.dim("also: \(found.also.joined(separator: ", "))")) }
            if !found.see.isEmpty { console.line(console.paint.dim("see: \(found.see.joined(separator: ", "))")) }
            console.json(found.json)
        case .near(let near):
            console.json(["word": .string(text), "found": false, "near": .list(near.map { .string($0.word) })])
            let shown = text.count > 60 ? String(text.prefix(60)) + "…" : text
            throw CommandFailure(
                .failed, "“\(shown)” is no word of ours",
                help: near.isEmpty
                    ? "signalbox words lists all of them" : "did you mean \(near.map(\.word).joined(separator: ", "))?")
        }
    }

    private static func firstSentence(_ text: String) -> Substring {
        guard let end = text.firstRange(of: ". ") else { return text[...] }
        return text[..<text.index(after: end.lowerBound)]
    }
}
