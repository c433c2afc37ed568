import ArgumentParser
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox reload`: the running executor reads the workspace anew.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the running executor read the workspace anew, and say what came of it.",
        discussion: """
            All or nothing: with a mistake in any file the executor keeps what it has, the mistakes are printed as `check` prints them, and \
            the exit status is 1. Runs go on with the version of their playbook that they began with. `serve` does the same by itself when \
            files change, and on SIGHUP.
            """)

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        // Its mistakes are the executor's to tell: it reads the files that it was started with.
        let open = try OpenWorkspace.load(place.workspace)
        let state = StateFolder(place.stateFolder)
        let person = try ActingPerson.find(acting.person, in: open, state)
        guard state.exists, ExecutorLock.holder(of: state.path) != nil else {
            throw CommandFailure(
                .failed, "nobody executes on \(state.path), so there is nobody to read the workspace anew",
                help: "signalbox serve reads it when it starts; signalbox check shows its mistakes")
        }
        let store = try state.openExisting(open.collections)
        let answer: Value
        do {
            answer = try await RunningExecutor(store: store).ask(
                "reload", .map(person.signing([:])), by: person.id, within: .seconds(120))
            await store.close()
        } catch {
            await store.close()
            throw error
        }
        let console = output.console
        func told(_ name: String) -> String? {
            let ids = answer[name]?.list?.compactMap(\.string) ?? []
            return ids.isEmpty ? nil : "\(name) \(ids.joined(separator: ", "))"
        }
        let count = answer["playbooks"]?.int ?? 0
        let changes = ["added", "changed", "removed"].compactMap(told)
        console.line(
            console.paint.green("✓") + " \(count) playbook\(count == 1 ? "" : "s"): "
                + (changes.isEmpty ? "none has changed" : changes.joined(separator: "; ")))
        for what in answer["after_restart"]?.list?.compactMap(\.string) ?? [] {
            console.line(console.paint.yellow("\(what) is used after a restart"))
        }
        console.json(answer)
    }
}
