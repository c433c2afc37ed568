import ArgumentParser
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
            console.json(.list(records.map(AuditCommand.json)))
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
            let expect = expect?.lowercased()
            let (chain, broken, isThere) = try await store.read(view: { reader in
                let (chain, broken) = try AuditChain.verify(reader)
                return (chain, broken, try expect.map { try AuditCommand.has($0, in: reader) } ?? true)
            })
            await store.close()
            let console = output.console
            let count = "\(chain.sequence) \(chain.sequence == 1 ? "entry" : "entries")"
            var result: ValueMap = [
                "ok": .bool(broken == nil && isThere), "entries": .int(chain.sequence), "hash": .string(chain.hash),
            ]
            if let broken {
                console.line(console.paint.red("broken") + ": \(broken)")
                console.line("\(count) before it \(chain.sequence == 1 ? "is" : "are") as written")
                result["broken"] = ["sequence": .int(broken.sequence), "message": .string(broken.description)]
            } else if !isThere {
                console.line(
                    console.paint.red("broken") + ": no entry has the hash \(expect ?? ""): the end was cut off")
                result["broken"] = ["message": "no entry has the expected hash"]
            } else {
                console.line("\(count), each as it was written; the last hash is \(chain.hash)")
            }
            console.json(.map(result))
            if broken != nil || !isThere { throw ExitStatus.failed }
        }
    }

    private static func has(_ hash: String, in reader: any StoreReader) throws -> Bool {
        if hash == AuditChain.start { return true }
        var after: Int64 = 0
        while true {
            let records = try reader.audit(after: after, limit: 1000)
            guard let last = records.last else { return false }
            if records.contains(where: { $0.hash == hash }) { return true }
            after = last.sequence
        }
    }

    private static func json(_ record: AuditRecord) -> Value {
        [
            "sequence": .int(record.sequence), "at": .timestamp(record.at), "by": .string(record.by),
            "action": .string(record.action), "target": .string(record.target), "detail": record.detail,
            "hash": .string(record.hash),
        ]
    }
}
