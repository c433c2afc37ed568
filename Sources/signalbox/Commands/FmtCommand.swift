import ArgumentParser
import Foundation
import PlainWords
import WorkflowModel
import Workspaces
import YAML

/// `signalbox fmt`: formats playbooks.
struct FmtCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Format playbooks, without losing a comment or changing what they mean.",
        discussion: """
            Indentation of 2, keys in the order of the reference, an empty line between steps, no quotes that are not needed. Texts of \
            several lines stay as they are. Without a path it formats the playbooks of the workspace; - reads standard input and prints.
            """)

    @Argument(help: "Files or folders; the workspace's playbooks if not given.")
    var paths: [String] = []

    @Flag(help: "Change nothing; the exit status is 1 when a file is not formatted.")
    var check = false

    @Flag(help: "Change nothing; show what would change.")
    var diff = false

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        if paths.contains("-") {
            guard paths == ["-"] else { throw ValidationError("- stands alone: standard input, and nothing else.") }
        }
        let console = output.console
        var changed: [Value] = []
        var failed: [Value] = []
        var count = 0
        for file in try files() {
            let source = SourceFile(
                path: file.path == "-" ? "<stdin>" : file.path,
                bytes: try InputFile.read(file.path, limit: PlaybookFormatter.largest))
            let formatted: String
            do throws(PlaybookFormatter.Problem) {
                formatted = try PlaybookFormatter.format(source)
            } catch {
                if case .noPlaybook = error, !file.isNamed { continue }
                count += 1
                complain(error, source)
                failed.append(["file": .string(source.path), "why": .string(words(error))])
                continue
            }
            count += 1
            let isSame = Array(formatted.utf8) == source.bytes && !source.hadByteOrderMark
            if file.path == "-", !check, !diff {
                console.line(String(formatted.dropLast()))
                console.json(["changed": .bool(!isSame), "text": .string(formatted)])
                return
            }
            if isSame { continue }
            changed.append(.string(source.path))
            if diff { show(UnifiedDiff.text(source.text, formatted, name: source.path), console) }
            if check || diff {
                if !diff { console.line(source.path) }
                continue
            }
            try write(formatted, to: file.path)
            console.line("\(source.path): formatted")
        }
        summary(changed, failed, count)
        if !failed.isEmpty || (check && !changed.isEmpty) { throw ExitStatus.failed }
    }

    private func summary(_ changed: [Value], _ failed: [Value], _ count: Int) {
        let console = output.console
        func playbooks(_ number: Int) -> String { "\(number) playbook\(number == 1 ? "" : "s")" }
        if changed.isEmpty, failed.isEmpty {
            console.remark("\(playbooks(count)), all formatted")
        } else if check || diff {
            console.remark("\(changed.count) of \(playbooks(count)) would change")
        } else {
            console.remark("\(changed.count) of \(playbooks(count)) formatted")
        }
        console.json(["playbooks": .int(Int64(count)), "changed": .list(changed), "failed": .list(failed)])
    }

    private func show(_ text: String, _ console: Console) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            switch line.first {
            case "+": console.line(console.paint.green(String(line)))
            case "-": console.line(console.paint.red(String(line)))
            default: console.line(String(line))
            }
        }
    }

    // MARK: Files

    private typealias File = (path: String, isNamed: Bool)

    private func files() throws -> [File] {
        guard !paths.isEmpty else {
            guard let workspace = WorkspaceLoader.load(place.workspace).workspace else {
                throw CommandFailure(
                    .environment, "\(place.workspace) is no workspace",
                    help: "name files or folders, or --workspace DIR")
            }
            return workspace.playbookFiles.map { file in
                let isHere = FileManager.default.fileExists(atPath: file.path)
                return (isHere ? file.path : "\(workspace.folder)/\(file.path)", false)
            }
        }
        return try paths.flatMap { path -> [File] in
            var isFolder: ObjCBool = false
            guard path == "-" || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandFailure(.environment, "there is no \(path)")
            }
            return isFolder.boolValue ? try inFolder(path) : [(path, true)]
        }
    }

    /// The YAML files of a folder and those inside, but not in hidden ones.
    private func inFolder(_ folder: String) throws -> [File] {
        guard let walker = FileManager.default.enumerator(atPath: folder) else {
            throw CommandFailure(.environment, "cannot read the folder \(folder)")
        }
        var found: [String] = []
        for case let name as String in walker where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            found.append(folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)")
            guard found.count <= 10_000 else {
                throw CommandFailure(
                    .failed, "\(folder) has more than 10,000 YAML files", help: "name a smaller folder")
            }
        }
        return found.sorted().map { ($0, false) }
    }

    /// Writes beside the file and moves it there, so that there is always a whole file; its rights stay.
    private func write(_ text: String, to path: String) throws {
        let rights = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        do {
            // A link goes on pointing at its file.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            try Data(text.utf8).write(to: target, options: .atomic)
            if let rights {
                try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: target.path)
            }
        } catch {
            throw CommandFailure(.environment, "cannot write \(path): \(error.localizedDescription)")
        }
    }

    // MARK: Problems

    private func words(_ problem: PlaybookFormatter.Problem) -> String {
        switch problem {
        case .unreadable: "it cannot be read"
        case .noPlaybook: "it is no playbook: the key `playbook` is missing"
        case .unsupported(let what): "it is left alone: \(what)"
        case .wouldChange(let what): "it is left alone, since formatting would change what it means: \(what)"
        }
    }

    private func complain(_ problem: PlaybookFormatter.Problem, _ source: SourceFile) {
        if case .unreadable(let diagnostics) = problem {
            let paint = Paint(isOn: Console.isTerminal(STDERR_FILENO) && Console.allowsColour)
            for diagnostic in diagnostics.filter({ $0.severity == .error }).prefix(10) {
                Console.standardError(CodeFrame.render(diagnostic, source: source, colour: paint.isOn) + "\n")
            }
        }
        Console.complain("\(source.path): \(words(problem))", help: nil)
    }
}
