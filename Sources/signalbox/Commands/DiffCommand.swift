import ArgumentParser
import Foundation
import PlainWords
import Playbooks
import RunStore
import SQLiteRunStore
import WorkflowModel
import YAML

/// `signalbox diff`: what two versions of a playbook do differently.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Say what two versions of a playbook do differently.",
        discussion: """
            signalbox diff OLD NEW compares two playbooks: files, ids, or - for standard input. signalbox diff PLAYBOOK compares the \
            playbook's file with the version that an executor last had; --against takes an earlier one: the number of a generation, or \
            the first characters of a version's hash, as runs show gives it.
            """)

    @Argument(help: "The playbook, or its earlier version.")
    var old: String

    @Argument(help: "The later version.")
    var new: String?

    @Option(help: ArgumentHelp("A generation or version that the store knows.", valueName: "number or hash"))
    var against: String?

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if new != nil, against != nil {
            throw ValidationError("--against is for one playbook; two are compared with each other.")
        }
        if old == "-", new == "-" { throw ValidationError("Standard input can be one of the two only.") }
    }

    func run() async throws {
        let before: Workflow
        let after: NamedPlaybook
        let name: String
        if let new {
            before = try NamedPlaybook.find(old, in: place.workspace).workflow
            after = try NamedPlaybook.find(new, in: place.workspace)
            name = old
        } else {
            after = try NamedPlaybook.find(old, in: place.workspace)
            (before, name) = try await stored(after.workflow.id)
        }
        let difference = PlaybookDifference(before, after.workflow, actions: after.actions)
        let console = output.console
        console.line("\(name) → \(new ?? after.source.path)")
        if difference.changes.isEmpty { console.line("no change in behaviour") }
        for change in difference.changes {
            let mark =
                switch change.kind {
                case .added: console.paint.green("+")
                case .removed: console.paint.red("-")
                case .moved: console.paint.cyan(">")
                case .changed: console.paint.yellow("~")
                }
            console.line("\(mark) \(change.sentence)")
        }
        for remark in difference.remarks { console.line(console.paint.dim("  \(remark)")) }
        console.json(difference.json)
    }

    /// The version of the playbook that the store has.
    private func stored(_ id: String) async throws -> (Workflow, String) {
        let open = try OpenWorkspace.load(place.workspace)
        let store = try StateFolder(place.stateFolder).openForReading(open.collections)
        let against = against
        let found: (bundle: Value?, name: String)
        do {
            found = try await store.read { reader in
                if let hash = against, Int64(hash) == nil {
                    return (try reader.bundle(try Self.hash(hash, of: id, reader)), "version \(hash)")
                }
                let generation = try reader.generation(against.flatMap { Int64($0) })
                guard let generation else { return (nil, "") }
                let member = generation.members.first { $0.playbook == id }
                return (
                    try member.flatMap { try reader.bundle($0.bundle) },
                    "generation \(generation.number) (\(generation.at.rfc3339))"
                )
            }
        } catch let error as StoreError {
            throw CommandFailure(.environment, error.message)
        }
        await store.close()
        guard let value = found.bundle, let bundle = WorkflowBundle(value), bundle.playbook == id else {
            throw CommandFailure(
                .failed, "the store knows no \(against.map { "version \($0)" } ?? "version") of \(id)",
                help: "signalbox diff OLD NEW compares two files")
        }
        guard let workflow = bundle.workflow().workflow else {
            throw CommandFailure(.failed, "\(found.name) of \(id) cannot be read by this version of Signalbox")
        }
        return (workflow, found.name)
    }

    /// The whole hash of which `prefix` is the beginning: of a version of the playbook in the newest generations.
    private static func hash(_ prefix: String, of id: String, _ reader: any StoreReader) throws -> String {
        var found: Set<String> = []
        var number = try reader.generation(nil)?.number ?? 0
        let oldest = max(1, number - 1000)
        while number >= oldest {
            for member in try reader.generation(number)?.members ?? [] where member.playbook == id {
                if member.bundle.hasPrefix(prefix) { found.insert(member.bundle) }
            }
            number -= 1
        }
        guard found.count <= 1 else {
            throw CommandFailure(
                .failed, "\(found.count) versions of \(id) begin with \(prefix)", help: "write more of it")
        }
        return found.first ?? prefix
    }
}
