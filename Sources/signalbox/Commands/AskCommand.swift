import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowModel

/// `signalbox ask`: the questions that runs put to people.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Look at the questions that runs put to people.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// The questions, newest first.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List questions, newest first; those that are open if not said otherwise.")

        @Flag(help: "Only those that you can answer.")
        var mine = false

        @Option(
            parsing: .singleValue,
            help: ArgumentHelp("Only questions in this state; may be repeated. all: in any.", valueName: "state"))
        var state: [String] = []

        @Option(help: "Only questions of this run.")
        var run: String?

        @Option(help: "Only questions before this one: the next page.")
        var before: String?

        @Option(help: "How many, 1 to 1000.")
        var limit: Int = 50

        @OptionGroup var acting: ActingOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            for name in state where name != "all" && AskRecord.State(rawValue: name) == nil {
                let states = AskRecord.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no state \(name); there are \(states), and all.")
            }
            if !(1...1000).contains(limit) { throw ValidationError("--limit must be 1 to 1000.") }
        }

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let folder = StateFolder(place.stateFolder)
            let store = try folder.openForReading(open.collections)
            var query = AskQuery(states: [.open], before: before, limit: limit)
            if state.contains("all") {
                query.states = nil
            } else if !state.isEmpty {
                query.states = state.compactMap(AskRecord.State.init)
            }
            if mine || acting.person != nil { query.who = try ActingPerson.find(acting.person, in: open, folder).id }
            if let run { query.run = try await RunLookup.find(run, in: store) }
            let asked = query
            let asks = try await store.read(view: { try $0.asks(asked) })
            await store.close()
            let console = output.console
            let text = AskText(paint: console.paint)
            var table = TextTable()
            for ask in asks { table.add(text.row(ask)) }
            for line in table.lines() { console.line(line) }
            if asks.isEmpty { console.line(query.states == [.open] ? "no open questions" : "no questions") }
            if asks.count == limit, let last = asks.last {
                console.line(console.paint.dim("older ones: --before \(last.id)"))
            }
            console.json(.list(asks.map(AskJSON.whole)))
        }
    }

    /// One question.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a question, who can answer it and how, and who has.")

        @Argument(help: "The question's id, or its beginning.")
        var id: String

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let ask = try await AskLookup.find(id, in: store)
            await store.close()
            let console = output.console
            for line in AskText(paint: console.paint).lines(ask) { console.line(line) }
            console.json(AskJSON.whole(ask))
        }
    }
}

/// Finds a question by what a person typed of its id.
enum AskLookup {
    static func find(_ typed: String, in store: any RunStore) async throws -> AskRecord {
        let prefix = typed.hasPrefix("ask_") ? typed : "ask_\(typed)"
        let found = try await store.read(view: { reader -> [AskRecord] in
            if let exact = try reader.ask(prefix) { return [exact] }
            // Who types a part of an id means an open question, or one of the last.
            for states in [[AskRecord.State.open], AskRecord.State.allCases] {
                let found = try reader.asks(AskQuery(states: states, limit: 1000)).filter { $0.id.hasPrefix(prefix) }
                if !found.isEmpty { return found }
            }
            return []
        })
        guard let first = found.first else {
            throw CommandFailure(
                .failed, "there is no question \(typed)", help: "signalbox ask list shows the open ones")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .failed, "several questions begin with \(typed): \(found.map(\.id).joined(separator: ", "))")
        }
        return first
    }
}
