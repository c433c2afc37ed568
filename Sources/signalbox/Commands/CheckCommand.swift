import ArgumentParser
import Foundation
import Playbooks
import PluginHost
import PluginKit
import WorkflowModel
import Workspaces
import YAML

/// `signalbox check`: every mistake of every file, in one go.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find the mistakes in playbooks, tables and settings.",
        discussion: """
            Without a path it checks the whole workspace. A path is a file, or a folder whose playbooks are checked against the \
            workspace around it. The exit status is 1 when there is an error; warnings alone give 0. --format sarif is for code \
            scanning and editors, --format github for the annotations of a workflow there. --explain CODE says what a code means.
            """)

    /// `--format` of this command.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github
    }

    @Argument(help: "Files or folders; the workspace if not given.")
    var paths: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Option(
        help: "Print for people (text), for programs (json), for code scanning (sarif), or as annotations (github).")
    var format: Format = .text

    @Option(help: ArgumentHelp("Print what a code means, with an example, instead.", valueName: "code"))
    var explain: String?

    private var console: Console { Console(format: format == .text ? .text : .json) }

    func run() async throws {
        if let explain { return try print(page: explain) }
        var found: [Diagnostic] = []
        var sources: [String: SourceFile] = [:]
        var playbooks = 0
        var allowed: [AllowedWarning] = []
        for target in paths.isEmpty ? [place.workspace] : paths {
            let result = try check(target)
            found += result.diagnostics
            sources.merge(result.sources) { first, _ in first }
            playbooks += result.playbooks
            allowed += result.allowed
        }
        let diagnostics = Diagnostics.sortedAndCapped(found)
        report(diagnostics, allowed, sources, playbooks)
        if diagnostics.contains(where: { $0.severity == .error }) { throw ExitStatus.failed }
    }

    private typealias Result = (
        diagnostics: [Diagnostic], allowed: [AllowedWarning], sources: [String: SourceFile], playbooks: Int
    )

    private func check(_ target: String) throws -> Result {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else {
            throw CommandFailure(.environment, "there is no \(target)")
        }
        if isFolder.boolValue, paths.isEmpty || FileManager.default.fileExists(atPath: "\(target)/signalbox.yaml") {
            let open = try OpenWorkspace.load(target)
            return (open.diagnostics, open.allowed, open.sources, open.workspace.playbookFiles.count)
        }
        if !isFolder.boolValue, target.split(separator: "/").last == "plugin.yaml" {
            let file = SourceFile(path: target, bytes: try InputFile.read(target, limit: WorkspaceLimits.fileBytes))
            return (ManifestReader.readFile(file).diagnostics, [], [target: file], 1)
        }
        let files = isFolder.boolValue ? try playbookFiles(in: target) : [target]
        guard !files.isEmpty else {
            throw CommandFailure(.failed, "\(target) has no playbooks (files that end in .yaml)")
        }
        let environment = try environment(around: target)
        var read: [SourceFile] = []
        for file in files {
            read.append(SourceFile(path: file, bytes: try InputFile.read(file, limit: WorkspaceLimits.fileBytes)))
        }
        let check = WorkspaceCheck.run(read, in: environment)
        return (
            check.diagnostics, check.allowed,
            Dictionary(read.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
            read.count
        )
    }

    private func playbookFiles(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
                .map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
        } catch {
            throw CommandFailure(.environment, "cannot read the folder \(folder): \(error.localizedDescription)")
        }
    }

    /// What playbooks outside a workspace's own folders are checked against: the nearest workspace above them, else the plugins alone.
    private func environment(around target: String) throws -> CheckEnvironment {
        let registry = try BuiltinPlugins.load()
        let emitted = registry.plugins.flatMap(\.manifest.emits)
        var folder = URL(fileURLWithPath: target).standardizedFileURL
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("signalbox.yaml").path),
                let workspace = WorkspaceLoader.load(folder.path).workspace
            {
                return workspace.checkEnvironment(actions: Actions.signatures(registry), emitted: emitted)
            }
        }
        var environment = CheckEnvironment()
        environment.givesAdvice = true
        environment.know(.standard, others: emitted)
        environment.actions = Dictionary(
            Actions.signatures(registry).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return environment
    }

    private func report(
        _ diagnostics: [Diagnostic], _ allowed: [AllowedWarning], _ sources: [String: SourceFile], _ playbooks: Int
    ) {
        switch format {
        case .text: reportText(diagnostics, allowed, sources, playbooks)
        case .json:
            let errors = diagnostics.count { $0.severity == .error }
            console.json([
                "playbooks": .int(Int64(playbooks)), "errors": .int(Int64(errors)),
                "warnings": .int(Int64(diagnostics.count - errors)), "allowed": .int(Int64(allowed.count)),
                "diagnostics": .list(
                    diagnostics.map { (try? JSON.parse($0.json)) ?? .null } + allowed.map(Self.value)),
            ])
        case .sarif:
            console.json(
                SARIFLog.value(
                    diagnostics, version: Version.text, pages: EmbeddedFile.pages, sources: sources))
        case .github: Console.standardOutput(GitHubAnnotations.render(Array(diagnostics.prefix(Diagnostics.shown))))
        }
    }

    private func reportText(
        _ diagnostics: [Diagnostic], _ allowed: [AllowedWarning], _ sources: [String: SourceFile], _ playbooks: Int
    ) {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        for diagnostic in diagnostics.prefix(Diagnostics.shown) {
            console.line(CodeFrame.render(diagnostic, source: sources[diagnostic.file], colour: console.paint.isOn))
        }
        let rest = diagnostics.dropFirst(Diagnostics.shown)
        if !rest.isEmpty {
            let files = Set(rest.map(\.file)).count
            console.line("… and \(rest.count) more in \(count(files, "file")); mend these first\n")
        }
        let what = count(playbooks, "playbook")
        if diagnostics.isEmpty {
            console.line(console.paint.green("✓") + " \(what), no mistakes")
        } else {
            console.line("\(what): \(count(errors, "error")), \(count(warnings, "warning"))")
        }
        if !allowed.isEmpty {
            let codes = Set(allowed.map(\.diagnostic.code)).sorted().joined(separator: ", ")
            console.line("\(count(allowed.count, "warning")) allowed by comments (\(codes))")
        }
        guard let first = diagnostics.first else { return }
        console.line(console.paint.dim("signalbox check --explain \(first.code) says more about a code"))
    }

    private func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    private func print(page code: String) throws {
        let code = code.uppercased()
        let pages = EmbeddedFile.pages
        guard let page = pages[code] ?? pages["SB" + code] else {
            let near = Similarity.nearest(to: code, among: pages.keys.sorted())
            throw CommandFailure(
                .failed, "there is no code \(code)",
                help: near.map { "did you mean \($0)?" } ?? "the codes are SB1001 and so on, as check prints them")
        }
        if format == .text {
            Console.standardOutput(page.text)
        } else {
            console.json([
                "code": .string(page.code), "title": .string(page.title), "explanation": .string(page.explanation),
                "page": .string(page.text),
            ])
        }
    }

    /// An allowed warning as JSON: the warning with `allowed: true` and the `reason` that the file gives.
    private static func value(_ allowed: AllowedWarning) -> Value {
        guard var map = (try? JSON.parse(allowed.diagnostic.json))?.map else { return .null }
        map["allowed"] = true
        map["reason"] = .string(allowed.reason)
        return .map(map)
    }
}
