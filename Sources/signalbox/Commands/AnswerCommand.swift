import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// `signalbox answer`: a person answers a question of a run.
struct AnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a question of a run.",
        discussion: """
            signalbox answer ask_… approve
            signalbox answer ask_… reject --comment "not before the backup"
            signalbox answer ask_… cost=120 start=2026-11-22T18:00:00Z

            You answer as the person of the people table whose system user you are (or whose address begins with your user's name).
            """)

    @Argument(help: "The question's id, or its beginning.")
    var id: String

    @Argument(help: "approve, reject, or the fields as NAME=VALUE.")
    var answer: [String] = []

    @Option(help: "What you want to say with it.")
    var comment: String?

    @Option(help: "How long to wait for the run, when no other process executes.")
    var wait: String = "1m"

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if DurationText.parse(wait) == nil { throw ValidationError("--wait must be a duration such as 1m.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let state = StateFolder(place.stateFolder)
        let store = try state.openExisting(open.collections)
        let person = try ActingPerson.find(acting.person, in: open, state)
        let ask = try await AskLookup.find(id, in: store)
        let words = try AnswerWords(answer, to: ask)
        let (comment, limit) = (comment, DurationText.parse(wait) ?? .seconds(60))
        if !person.isKnown, !ask.who.contains(person.id) {
            throw CommandFailure(
                .failed, "the people table does not know the user \(person.id), and \(ask.id) asks certain people",
                help: "give your row of the people table `system_user: \(person.id)`; asked: "
                    + ask.who.joined(separator: ", "))
        }
        if let executor = try await Executor.openUnlessHeld(open, state, command: "answer") {
            try await executor.work { engine in
                do {
                    try await engine.answer(
                        ask.id, by: person.id, verdict: words.verdict, values: words.values, comment: comment,
                        typedBy: person.typist)
                } catch let failure as Failure {
                    throw CommandFailure(.failed, failure.message)
                }
                _ = try await engine.wait(for: [ask.run], upTo: limit)
                try await engine.waitUntilQuiet(upTo: limit)
            }
        } else {
            try await RunningExecutor.use(open, state, command: "answer") { executor in
                var body: ValueMap = ["ask": .string(ask.id), "values": .map(words.values)]
                body["verdict"] = words.verdict.map { .string($0.rawValue) }
                body["comment"] = comment.map(Value.string)
                _ = try await executor.ask("answer", .map(person.signing(body)), by: person.id)
            }
        }
        let (now, run) = try await store.read(view: { (try $0.ask(ask.id) ?? ask, try $0.run(ask.run)) })
        await store.close()
        let console = output.console
        if let given = now.answers.last(where: { $0.by == person.id }) {
            console.line(AskText(paint: console.paint).answer(given))
        }
        if now.state == .open {
            console.line("\(now.answers.count) of \(now.quorum) people have answered; the run waits for the others.")
        } else if let run {
            console.line("run \(run.id): \(RunText(paint: console.paint).state(run.state))")
        }
        console.json(AskJSON.whole(now))
    }
}

/// What somebody typed as an answer.
struct AnswerWords {
    var verdict: AskAnswer.Verdict?
    var values = ValueMap()

    /// Reads the words of an answer to `ask`.
    ///
    /// - Throws: ``CommandFailure`` when a word is neither a verdict nor a field.
    init(_ words: [String], to ask: AskRecord) throws {
        let fields = ask.fields["properties"]?.map ?? ValueMap()
        for word in words {
            guard let equals = word.firstIndex(of: "=") else {
                try take(word, ask)
                continue
            }
            let name = String(word[..<equals])
            guard values[name] == nil else {
                throw CommandFailure(.usage, "\(name) is given twice")
            }
            values[name] = AnswerWords.value(String(word[word.index(after: equals)...]), fields[name])
        }
    }

    private mutating func take(_ word: String, _ ask: AskRecord) throws {
        guard verdict == nil else { throw CommandFailure(.usage, "an answer says approve or reject once") }
        switch word.lowercased() {
        case "approve", "approved", "yes", "ok": verdict = .approve
        case "reject", "rejected", "no": verdict = .reject
        default:
            throw CommandFailure(
                .usage, "\"\(word)\" is no answer",
                help: ask.isApproval
                    ? "write approve or reject; words of your own follow --comment"
                    : "write NAME=VALUE: \(ask.howToAnswer)")
        }
    }

    /// A typed text as the field's schema wants it; what does not fit stays a text, and is refused with its type.
    static func value(_ text: String, _ schema: Value?) -> Value {
        switch schema?["type"]?.string {
        case "integer": Int64(text).map(Value.int) ?? .string(text)
        case "number": Double(text).flatMap { $0.isFinite ? .double($0) : nil } ?? .string(text)
        case "boolean": text == "true" ? true : text == "false" ? false : .string(text)
        case "array", "object", nil: (try? JSON.parse(text)) ?? .string(text)
        default: .string(text)
        }
    }
}
