import ArgumentParser
import Projections
import RunStore
import SQLiteRunStore
import WorkflowModel

/// `signalbox audit`: what people have decided.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look at what people have decided, and check that nobody has changed it since.",
        subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

    /// The entries, oldest first.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List decisions in their order: the newest, or those after a number.")

        @Option(help: "Only entries after this number.")
        var after: Int64?

        @Option(help: "How many, 1 to 1000.")
        var limit: Int = 20

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if !(1...1000).contains(limit) { throw ValidationError("--limit must be 1 to 1000.") }
            if let after, after < 0 { throw ValidationError("--after must be 0 or more.") }
        }

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let (after, limit) = (after, limit)
            let records = try await store.read(view: { reader in
                let newest = try reader.newestAudit()?.sequence ?? 0
                return try reader.audit(after: after ?? max(0, newest - Int64(limit)), limit: limit)
            })
            await store.close()
            let console = output.console
            var table = TextTable()
            for record in records {
                table.add([
                    String(record.sequence), record.at.forPeople, record.by, record.action, record.target,
                    ValueText.line(record.detail, limit: 200),
                ])
            }
            for line in table.lines() { console.line(line) }
            if records.isEmpty { console.line("nobody has decided anything") }
            console.json(.list(records.map(AuditJSON.entry)))
        }
    }

    /// Walks along the chain.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that the log is as it was written; status 1 names the first place that is not.",
            discussion: """
                Each entry holds a hash over itself and the one before it. That entries were cut off at the end shows only against a hash \
                that you have noted elsewhere: --expect HASH compares.
                """)

        @Option(help: "A hash of an earlier check, which must be in the log.")
        var expect: String?

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let expect = expect
            let verdict = try await store.read(view: { try AuditVerification($0, expecting: expect) })
            await store.close()
            let console = output.console
            let chain = verdict.chain
            let count = "\(chain.sequence) \(chain.sequence == 1 ? "entry" : "entries")"
            if let broken = verdict.broken {
                console.line(console.paint.red("broken") + ": \(broken)")
                console.line("\(count) before it \(chain.sequence == 1 ? "is" : "are") as written")
            } else if let missing = verdict.missing {
                console.line(console.paint.red("broken") + ": no entry has the hash \(missing): the end was cut off")
            } else {
                console.line("\(count), each as it was written; the last hash is \(chain.hash)")
            }
            console.json(verdict.json)
            if !verdict.isWhole { throw ExitStatus.failed }
        }
    }
}
