import ArgumentParser
import Foundation
import Playbooks
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// `signalbox activate`: switches a playbook from shadow to active, in its file.
struct ActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Switch a playbook from shadow to active.",
        discussion: """
            It changes the one line `mode:` of the playbook's file, so that git shows who switched it on and when. From the next event \
            on it acts.
            """)

    @Argument(help: "The playbook.")
    var playbook: String

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForWork(place.workspace)
        let workflow = try open.playbook(playbook).workflow
        let console = output.console
        guard workflow.mode != .active else {
            console.line("\(workflow.id) is active already.")
            return console.json(["playbook": .string(workflow.id), "mode": "active", "changed": false])
        }
        guard
            let source = open.workspace.playbookFiles.first(where: {
                YAMLParser.parse($0).root?["playbook"]?.text == workflow.id
            }),
            let root = YAMLParser.parse(source).root
        else { throw CommandFailure(.failed, "the file of \(workflow.id) cannot be found") }
        var bytes = source.bytes
        if let mode = root["mode"] {
            bytes.replaceSubrange(mode.byteRange, with: Array("active".utf8))
        } else if let name = root["playbook"] {
            let end = bytes[name.byteRange.upperBound...].firstIndex(of: 0x0A) ?? bytes.endIndex
            bytes.insert(contentsOf: Array("\nmode: active".utf8), at: end)
        }
        // The text was right before, and one word has changed; it is still read again before it replaces the old one.
        let path = realPath(of: source, in: open.workspace)
        let changed = SourceFile(path: source.path, bytes: bytes)
        guard PlaybookReader.read(changed, in: .structureOnly).workflow?.mode == .active else {
            throw CommandFailure(
                .failed, "\(path) could not be changed safely", help: "write `mode: active` there yourself")
        }
        let state = StateFolder(place.stateFolder)
        let person = try ActingPerson.find(acting.person, in: open, state)
        let draft = AuditDraft(
            at: WallClock.now(), by: person.id, action: "activate", target: workflow.id, typedBy: person.typist,
            detail: ["from": .string(workflow.mode.rawValue), "file": .string(path)])
        let changedBytes = bytes
        try state.make()
        let store = try state.open(open.collections)
        // The file is written inside the transaction: without it there is no entry, and without the entry no file.
        do {
            try await store.write { transaction in
                _ = try transaction.appendAudit(draft)
                try Data(changedBytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        } catch let error as StoreError {
            throw CommandFailure(.environment, error.message)
        } catch {
            throw CommandFailure(.environment, "cannot write \(path): \(error.localizedDescription)")
        }
        await store.close()
        console.line(
            "\(workflow.id) is active: from the next event on it acts. (\(path): mode: \(workflow.mode.rawValue) → active)"
        )
        console.json(["playbook": .string(workflow.id), "mode": "active", "changed": true, "file": .string(path)])
    }

    private func realPath(of source: SourceFile, in workspace: Workspace) -> String {
        if FileManager.default.fileExists(atPath: source.path) { return source.path }
        return "\(workspace.folder)/\(source.path)"
    }
}
