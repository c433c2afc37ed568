import Foundation
import YAML

/// The files of a workspace's folder: found, and read within limits. Symbolic links are followed only inside the folder.
struct WorkspaceFolder {
    /// A file of the workspace.
    struct File {
        /// The path from the workspace's folder, with `/`.
        var path: String
        /// Its name without the folders.
        var name: String
    }

    /// The folder's real path.
    let root: String
    /// What is put before a file's path for people; empty, or with a `/` at its end.
    let prefix: String
    let report: LoadReport

    /// The folder at `path`; nil, with a report, when there is none.
    init?(_ path: String, report: LoadReport) {
        var isFolder: ObjCBool = false
        let shown = path.isEmpty ? "." : path
        guard FileManager.default.fileExists(atPath: shown, isDirectory: &isFolder) else {
            report.report(.noWorkspace, shown, nil, "there is no folder `\(shown)`", help: "`signalbox init` makes one")
            return nil
        }
        guard isFolder.boolValue else {
            report.report(.noWorkspace, shown, nil, "`\(shown)` is a file, not a workspace's folder")
            return nil
        }
        root = URL(fileURLWithPath: shown).resolvingSymlinksInPath().path
        prefix = shown == "." || shown == "./" ? "" : shown.hasSuffix("/") ? shown : shown + "/"
        self.report = report
    }

    /// The path of a file for people.
    func shown(_ path: String) -> String { prefix + path }

    /// The files directly in `folder` (empty for the workspace's own), sorted by name; hidden ones are left out. With `depth` also those
    /// of folders inside, that many deep.
    func files(in folder: String, depth: Int = 0) -> [File] {
        let full = folder.isEmpty ? root : root + "/" + folder
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else {
            report.report(.unreadableFile, shown(folder), nil, "`\(folder)` must be a folder, is a file")
            return []
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: full)
        } catch {
            report.report(.unreadableFile, shown(folder), nil, "the folder cannot be read: \(FileProblem.words(error))")
            return []
        }
        var found: [File] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.isEmpty ? name : folder + "/" + name
            guard found.count <= WorkspaceLimits.files else { break }
            if FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder), isFolder.boolValue {
                // A folder behind a link may lead back to itself: only real folders are entered.
                if depth > 0, !isLink(path) { found += files(in: path, depth: depth - 1) }
                if depth == 0, hasTextEnding(name) { found.append(File(path: path, name: name)) }
            } else {
                found.append(File(path: path, name: name))
            }
        }
        return found
    }

    private func hasTextEnding(_ name: String) -> Bool {
        [".yaml", ".yml", ".csv", ".mustache"].contains { name.hasSuffix($0) }
    }

    /// Whether something of that name is there.
    func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

    private func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The text of a file; nil, with a report, when it cannot be read.
    func read(_ path: String, limit: Int = WorkspaceLimits.fileBytes) -> SourceFile? {
        let full = root + "/" + path
        if isLink(path) {
            let real = URL(fileURLWithPath: full).resolvingSymlinksInPath().path
            guard real == root || real.hasPrefix(root + "/") else {
                report.report(
                    .linkOutside, shown(path), nil, "the file is a symbolic link that leads out of the workspace",
                    help: "copy the file into the workspace")
                return nil
            }
        }
        switch BoundedFile.read(full, limit: limit) {
        case .success(let bytes):
            let source = SourceFile(path: shown(path), bytes: bytes)
            report.add(source)
            return source
        case .failure(let problem):
            report.report(
                problem.isTooLarge ? .largeFile : .unreadableFile, shown(path), nil, problem.message, help: problem.help
            )
            return nil
        }
    }
}
