import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowModel

/// `signalbox effects`: the ledger of everything that was ever done, or may have been done, to the outside.
struct EffectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effects", abstract: "Look at the ledger: every write that was ever intended, and its outcome.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// The newest writes.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List writes, newest first.")

        @Option(help: "Only writes of this run: its id, or its beginning.")
        var run: String?

        @Option(
            parsing: .singleValue,
            help: ArgumentHelp(
                "Only writes in this state: intended, done, failed, uncertain or skipped; may be repeated.",
                valueName: "state"))
        var state: [String] = []

        @Option(help: "Only writes by this action, such as notify.send.")
        var action: String?

        @Option(help: "How many, 1 to 1000.")
        var limit: Int = 20

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            for name in state where EffectRecord.State(rawValue: name) == nil {
                let known = EffectRecord.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no state \(name); there are \(known).")
            }
            if !(1...1000).contains(limit) { throw ValidationError("--limit must be 1 to 1000.") }
        }

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            var query = EffectQuery(action: action, limit: limit)
            if !state.isEmpty { query.states = state.compactMap(EffectRecord.State.init) }
            if let run { query.run = try await Self.lookUp(run, in: store) }
            let asked = query
            let effects = try await store.read(view: { try $0.effects(asked) })
            await store.close()
            let console = output.console
            let text = EffectText(paint: console.paint)
            var table = TextTable()
            for effect in effects {
                table.add([
                    String(effect.key.prefix(EffectText.shortKey)), text.state(effect), effect.action,
                    effect.run.text, effect.intendedAt.forPeople,
                    effect.mayBeDuplicate ? "may have happened twice" : "",
                ])
            }
            for line in table.lines() { console.line(line) }
            if effects.isEmpty { console.line("no writes") }
            if effects.count == limit { console.line(console.paint.dim("there may be more: --limit, --run, --state")) }
            console.json(.list(effects.map(EffectJSON.whole)))
        }

        /// The run, also when it was pruned: the ledger outlives it.
        private static func lookUp(_ typed: String, in store: any RunStore) async throws -> RunID {
            let whole = RunID(typed)
            if !(try await store.read(view: { try $0.effects(of: whole, limit: 1) })).isEmpty { return whole }
            return try await RunLookup.find(typed, in: store)
        }
    }

    /// One write.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a write: what was sent, how often, and what came of it.")

        @Argument(help: "The write's key, or its beginning.")
        var key: String

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let prefix = key.lowercased()
            let found = try await store.read(view: { reader -> [(EffectRecord, RunRecord?)] in
                try reader.effects(EffectQuery(keyPrefix: prefix, limit: 3)).map { ($0, try reader.run($0.run)) }
            })
            await store.close()
            guard let (effect, run) = found.first else {
                throw CommandFailure(
                    .failed, "the ledger has no write \(key)", help: "signalbox effects list shows the newest")
            }
            if found.count > 1, effect.key != prefix {
                throw CommandFailure(
                    .failed, "several writes begin with \(key): \(found.map(\.0.key).joined(separator: ", "))")
            }
            let console = output.console
            for line in EffectText(paint: console.paint).lines(effect, run) { console.line(line) }
            console.json(EffectJSON.whole(effect))
        }
    }
}

/// Writes of the ledger as text.
struct EffectText {
    /// So much of a key is shown in lists; it is enough for `effects show`.
    static let shortKey = 12

    let paint: Paint

    /// A state in its colour.
    func state(_ effect: EffectRecord) -> String {
        switch effect.state {
        case .done: paint.green(effect.state.rawValue)
        case .failed: paint.red(effect.state.rawValue)
        case .uncertain: paint.yellow(effect.state.rawValue)
        case .intended, .skipped: paint.cyan(effect.state.rawValue)
        }
    }

    /// Everything about a write.
    func lines(_ effect: EffectRecord, _ run: RunRecord?) -> [String] {
        var table = TextTable()
        table.add(["  key", effect.key])
        table.add(["  state", state(effect) + (effect.mayBeDuplicate ? ", may have happened twice" : "")])
        table.add(["  run", "\(effect.run) " + (run.map { "(\($0.playbook): \($0.state.rawValue))" } ?? "(pruned)")])
        table.add(["  step", effect.step])
        table.add(["  attempts", "\(effect.attempts)"])
        table.add(["  intended", effect.intendedAt.forPeople])
        table.add(["  settled", effect.settledAt?.forPeople ?? "not yet"])
        return [paint.bold(effect.action)] + table.lines() + ["  sent"]
            + JSONWriter.text(effect.sent, indent: 2).split(separator: "\n").map { "    " + $0 }
    }
}
