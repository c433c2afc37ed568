import ArgumentParser
import Foundation
import WorkflowModel

/// `signalbox init`: a workspace to begin with.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a workspace: a folder for playbooks, people and templates.")

    @Argument(help: "The folder; it is made if it is not there.")
    var folder: String

    @Option(name: .long, help: "The workspace's time zone, such as Europe/Berlin; this machine's if not given.")
    var zone: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let zone = self.zone ?? TimeZone.current.identifier
        guard TimeZone(identifier: zone) != nil else {
            let near = Similarity.nearest(to: zone, among: TimeZone.knownTimeZoneIdentifiers)
            throw CommandFailure(
                .usage, "there is no time zone \(zone)",
                help: near.map { "did you mean \($0)?" } ?? "write an IANA name such as Europe/Berlin")
        }
        let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        let files = Scaffold.workspace(name: Scaffold.identifier(name), zone: zone)
        if FileManager.default.fileExists(atPath: "\(folder)/signalbox.yaml") {
            throw CommandFailure(
                .failed, "\(folder) is a workspace already", help: "signalbox new playbook NAME --on EVENT adds to it")
        }
        var written: [String] = []
        for file in files {
            if try NewFile.write(file.text, to: "\(folder)/\(file.path)") { written.append(file.path) }
        }
        let console = output.console
        for path in written { console.line("  \(folder)/\(path)") }
        console.line()
        console.line("Next:")
        console.line("  cd \(folder)")
        console.line("  signalbox check")
        console.line("  signalbox dry-run welcome")
        console.json(["workspace": .string(folder), "files": .list(written.map(Value.string))])
    }
}

/// Writes files that a person will own; never over one that is there.
enum NewFile {
    /// Writes `text` to `path`; false when there is such a file.
    static func write(_ text: String, to path: String) throws -> Bool {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.environment, "cannot make the folder \(folder): \(error.localizedDescription)")
        }
        // O_EXCL: between a look and a write somebody else may have made it.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 {
            if errno == EEXIST { return false }
            throw CommandFailure(.environment, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw CommandFailure(.environment, "cannot write \(path): \(error.localizedDescription)")
        }
        return true
    }
}
