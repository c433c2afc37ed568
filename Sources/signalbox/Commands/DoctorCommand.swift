import ArgumentParser
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// `signalbox doctor`: is all well here?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look whether all is well, and say what to do where it is not.",
        discussion: "Changes nothing, and may run beside everything else. Exit status 1 when something has failed.")

    @Flag(
        help:
            "Also try the ways to mail, chat and desk, with their secrets. Sends nothing to anybody and changes nothing there."
    )
    var connect = false

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.load(place.workspace)
        let state = StateFolder(place.stateFolder)
        var findings = [DoctorCommand.workspace(open)]
        if state.exists {
            let checkup = Checkup(state: state, now: WallClock.now())
            findings += checkup.folder()
            do {
                let store = try SQLiteRunStore(readingFolder: state.path, collections: open.collections)
                findings += await checkup.file(store)
                do {
                    if let finding = try await checkup.playbooks(store, open) { findings.append(finding) }
                    findings += try await checkup.content(store)
                } catch {
                    findings.append(Finding("content", .fail, "\(error)", help: Checkup.damageHelp))
                }
                await store.close()
            } catch let error as StoreError {
                findings.append(
                    Finding(
                        "database", .fail, error.message, help: error.code == .damaged ? Checkup.damageHelp : nil))
            }
        } else {
            findings.append(Finding("database", .ok, "nothing has happened yet: \(state.path) has no database"))
        }
        if connect { findings += await Connections(open).tried() }
        report(findings, output.console)
        if findings.contains(where: { $0.level == .fail }) { throw ExitStatus.failed }
    }

    private static func workspace(_ open: OpenWorkspace) -> Finding {
        let errors = open.diagnostics.count { $0.severity == .error }
        guard errors == 0 else {
            return Finding(
                "workspace", .fail, "\(errors) mistakes in its files; nothing can be executed",
                help: "signalbox check shows them")
        }
        return Finding("workspace", .ok, "\(open.playbooks.count) playbooks without mistakes")
    }

    private func report(_ findings: [Finding], _ console: Console) {
        let width = findings.map(\.name.count).max() ?? 0
        for finding in findings {
            let mark: String =
                switch finding.level {
                case .ok: console.paint.green("ok  ")
                case .warn: console.paint.yellow("warn")
                case .fail: console.paint.red("fail")
                }
            console.line("\(mark)  \(finding.name.padded(to: width))  \(finding.text)")
            if finding.level != .ok, let help = finding.help {
                console.line(String(repeating: " ", count: width + 8) + console.paint.cyan(help))
            }
        }
        console.json(.list(findings.map(\.value)))
    }
}
