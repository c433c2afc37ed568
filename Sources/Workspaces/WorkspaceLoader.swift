import Digests
public import Playbooks
import Templates
public import WorkflowModel
public import YAML

/// Loads a workspace's folder:
///
/// - `signalbox.yaml`: the settings;
/// - `people`, `teams`, `on_call`, `services`, `lists`, `calendars`, `priority`, each as `.yaml` or `.csv` beside it;
/// - `sla.yaml`: the policies by which tickets are measured;
/// - `tables/NAME.yaml`, `.csv` or `.json`: lookup tables;
/// - `templates/NAME.mustache`: messages; in folders inside, the name has the folder: `mail/NAME`; `NAME.html.mustache` is the template
///   `NAME.html`, which escapes what it puts in;
/// - playbooks: every `.yaml` file in `playbooks/` and its folders, and those beside `signalbox.yaml` that have a `playbook:` key;
/// - `events/TYPE.json`: a sample event for each type;
/// - `plugins/NAME/plugin.yaml`: manifests of plugins of its own.
///
/// Files that end in `.test.yaml` are tests and left alone here. A table is there once, as YAML or as CSV.
public enum WorkspaceLoader {
    private static let directoryTables = ["people", "teams", "on_call", "services", "lists", "calendars"]
    private static let knownTables = directoryTables + ["priority", "sla"]

    /// Loads the workspace at `path` with every mistake of its settings, tables and templates. Playbooks are found but not read: see
    /// ``WorkspaceCheck``. Reads files, waits for nothing.
    ///
    /// - Parameters:
    ///   - actions: the actions of the plugins, for the check of `defaults`; nil when they are not known.
    ///   - plugins: what the settings of each plugin must be like; nil when the plugins are not known.
    public static func load(
        _ path: String, actions: [ActionSignature]? = nil, plugins: [String: Schema]? = nil
    ) -> WorkspaceLoad {
        let report = LoadReport()
        guard let folder = WorkspaceFolder(path, report: report) else { return result(nil, report) }
        guard folder.has("signalbox.yaml") else {
            report.report(
                .noWorkspace, folder.shown("signalbox.yaml"), nil,
                "there is no signalbox.yaml, so this is no workspace",
                help: "`signalbox init` makes one; `--workspace DIR` names another folder")
            return result(nil, report)
        }
        guard let source = folder.read("signalbox.yaml") else { return result(nil, report) }
        let parsed = YAMLParser.parse(source)
        report.take(parsed.diagnostics)
        let name = folder.root.split(separator: "/").last.map(String.init) ?? "workspace"
        guard let root = parsed.root,
            let (settings, defaults) = SettingsReader(report: report).settings(root, folderName: name)
        else { return result(nil, report) }

        var workspace = Workspace(
            folder: folder.root, settings: settings, directory: Directory(zone: settings.zone))
        if let plugins { PluginSettingsCheck(report: report, schemas: plugins).run(settings.plugins, root["plugins"]) }
        workspace.shownPrefix = folder.prefix
        readTables(&workspace, folder)
        readTemplates(&workspace, folder)
        findPlaybooks(&workspace, folder)
        for file in folder.files(in: "events") where file.name.hasSuffix(".json") {
            workspace.sampleEvents[String(file.name.dropLast(5))] = file.path
        }
        if let defaults {
            let (read, found) = PlaybookDefaults.read(defaults, in: workspace.checkEnvironment(actions: actions))
            workspace.settings.defaults = read
            report.take(found)
        }
        // Read here too, so that the workspace's hash changes with them.
        _ = pluginFiles(folder)
        workspace.sourceHash = sourceHash(report)
        for entry in root["channels"]?.entries ?? [] {
            let name = entry.key.text ?? ""
            workspace.partPlaces["channel:\(name.drop { $0 == "#" })"] = (source.path, entry.key.range)
        }
        workspace.allowances = allowances(report, playbooks: Set(workspace.playbookFiles.map(\.path)))
        var result = result(workspace, report)
        result.hooks = root["hooks"]
        return result
    }

    /// The manifests of the workspace's own plugins, `plugins/NAME/plugin.yaml`, by path. What is wrong with the files themselves is
    /// said when the workspace is loaded.
    public static func pluginFiles(_ path: String) -> [SourceFile] {
        WorkspaceFolder(path, report: LoadReport()).map(pluginFiles) ?? []
    }

    private static func pluginFiles(_ folder: WorkspaceFolder) -> [SourceFile] {
        folder.files(in: "plugins", depth: 2)
            .filter { $0.name == "plugin.yaml" && $0.path.split(separator: "/").count == 3 }
            .sorted { $0.path < $1.path }
            .compactMap { folder.read($0.path) }
    }

    private static func result(_ workspace: Workspace?, _ report: LoadReport) -> WorkspaceLoad {
        var load = WorkspaceLoad(workspace: workspace, diagnostics: [], sources: report.sources)
        for (file, found) in Dictionary(grouping: report.diagnostics, by: \.file) {
            guard let allowances = workspace?.allowances[file] else {
                load.diagnostics += found
                continue
            }
            // What nothing uses is known when the playbooks have been read.
            let (kept, allowed) = allowances.settle(found) { !$0.hasPrefix("SB19") }
            load.diagnostics += kept
            load.allowed += allowed
        }
        load.diagnostics = Diagnostics.sortedAndCapped(load.diagnostics)
        load.allowed.sort { $0.diagnostic < $1.diagnostic }
        return load
    }

    /// The comments that allow warnings, by file; what is wrong with them is reported.
    private static func allowances(_ report: LoadReport, playbooks: Set<String>) -> [String: Allowances] {
        let codes = Allowances.ownCodes.union(WorkspaceCode.allCases.map(\.rawValue))
        var found: [String: Allowances] = [:]
        for (path, source) in report.sources.sorted(by: { $0.key < $1.key }) {
            guard path.hasSuffix(".yaml") || path.hasSuffix(".yml"), !playbooks.contains(path),
                source.text.contains("signalbox:")
            else { continue }
            let allowances = Allowances(source, YAMLParser.parse(source).root) { codes }
            report.take(allowances.diagnostics)
            if !allowances.isEmpty { found[path] = allowances }
        }
        return found
    }

    private static func sourceHash(_ report: LoadReport) -> String {
        var digest = SHA256()
        for (path, source) in report.sources.sorted(by: { $0.key < $1.key }) {
            digest.update("\(path)\u{0}\(source.bytes.count)\u{0}")
            digest.update(source.bytes)
        }
        return Hex.encode(digest.finish())
    }

    // MARK: Tables

    private static func readTables(_ workspace: inout Workspace, _ folder: WorkspaceFolder) {
        let report = folder.report
        let people = DirectoryReader(report: report)
        if let raw = known("people", folder) { workspace.directory.people = people.people(raw) }
        if let raw = known("teams", folder) { workspace.directory.teams = people.teams(raw, in: workspace.directory) }
        if let raw = known("services", folder) {
            workspace.directory.services = people.services(raw, in: workspace.directory)
        }
        if let raw = known("lists", folder, value: "members") {
            workspace.directory.lists = people.lists(raw, in: workspace.directory)
        }
        if let raw = known("on_call", folder) {
            workspace.directory.onCall = OnCallReader(report: report, directory: workspace.directory).schedules(raw)
        }
        if let raw = known("calendars", folder) {
            let reader = CalendarReader(
                report: report, workspaceZone: workspace.settings.zone,
                file: { path in holidayFile(path, folder) })
            workspace.calendars = reader.calendars(raw)
            for row in raw.rows {
                guard let id = row["id"]?.text else { continue }
                workspace.partPlaces["calendar:\(id)"] = (raw.source.path, row["id"]?.range ?? row.range)
            }
        }
        if let (raw, file) = knownFile("priority", folder, key: "impact") {
            workspace.tables["priority"] = PriorityMatrix(report: report).table(raw, file: file)
        }
        readPolicies(&workspace, folder)
        for file in folder.files(in: "tables") {
            guard let (name, _) = tableName(file.name) else {
                if !file.name.hasSuffix(".md") {
                    report.report(
                        .ignoredFile, folder.shown(file.path), nil,
                        "a table's file ends in .yaml, .csv or .json: it is ignored",
                        severity: .warning)
                }
                continue
            }
            if let other = workspace.tables[name] {
                report.report(
                    .repeatedTable, folder.shown(file.path), nil, "the table `\(name)` is in \(other.file) already",
                    help: "keep one of the two")
                continue
            }
            if directoryTables.contains(name) {
                report.report(
                    .wrongTable, folder.shown(file.path), nil, "the table `\(name)` belongs beside signalbox.yaml",
                    help: "move it to \(file.name)")
                continue
            }
            if let raw = table(file.path, folder) { workspace.tables[name] = raw.table(name, file: file.path) }
        }
    }

    private static func holidayFile(_ path: String, _ folder: WorkspaceFolder) -> SourceFile? {
        guard path.hasSuffix(".ics"), !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            folder.report.report(
                .wrongCell, folder.shown(path), nil, "holidays come from an .ics file inside the workspace",
                help: "for instance `ics: holidays/england.ics`")
            return nil
        }
        guard folder.has(path) else {
            folder.report.report(.unreadableFile, folder.shown(path), nil, "the file of holidays is not there")
            return nil
        }
        return folder.read(path)
    }

    private static func readPolicies(_ workspace: inout Workspace, _ folder: WorkspaceFolder) {
        let report = folder.report
        if folder.has("sla.csv") {
            report.report(
                .wrongTable, folder.shown("sla.csv"), nil, "SLA policies are not a table of rows",
                help: "write them in sla.yaml")
        }
        guard let file = ["sla.yaml", "sla.yml"].first(where: { folder.has($0) }), let source = folder.read(file)
        else { return }
        workspace.policies = PolicyFile.read(source, calendars: workspace.calendars, report: report)
    }

    private static func known(_ name: String, _ folder: WorkspaceFolder, value: String = "value") -> RawTable? {
        knownFile(name, folder, key: "id", value: value)?.0
    }

    private static func knownFile(
        _ name: String, _ folder: WorkspaceFolder, key: String, value: String = "value"
    ) -> (RawTable, String)? {
        let files = ["yaml", "yml", "csv"].map { "\(name).\($0)" }.filter { folder.has($0) }
        if files.count > 1 {
            folder.report.report(
                .repeatedTable, folder.shown(files[1]), nil, "the table `\(name)` is in \(files[0]) already",
                help: "keep one of the two")
        }
        guard let file = files.first, let raw = table(file, folder, key: key, value: value) else { return nil }
        return (raw, file)
    }

    private static func table(
        _ path: String, _ folder: WorkspaceFolder, key: String = "key", value: String = "value"
    ) -> RawTable? {
        let limit = path.hasSuffix(".csv") ? WorkspaceLimits.tableBytes : WorkspaceLimits.fileBytes
        guard let source = folder.read(path, limit: limit) else { return nil }
        return RawTable(source, key: key, value: value, report: folder.report)
    }

    private static func tableName(_ file: String) -> (name: String, ending: String)? {
        for ending in [".yaml", ".yml", ".csv", ".json"] where file.hasSuffix(ending) {
            return (String(file.dropLast(ending.count)), ending)
        }
        return nil
    }

    // MARK: Templates

    private static func readTemplates(_ workspace: inout Workspace, _ folder: WorkspaceFolder) {
        let report = folder.report
        let ending = ".mustache"
        for file in folder.files(in: "templates", depth: WorkspaceLimits.folderDepth) where file.name.hasSuffix(ending)
        {
            let name = String(file.path.dropFirst("templates/".count).dropLast(ending.count))
            guard let source = folder.read(file.path) else { continue }
            guard let text = String(validating: source.bytes, as: UTF8.self) else {
                report.report(.wrongTemplate, source.path, nil, "the file is not UTF-8", help: "save it as UTF-8")
                continue
            }
            workspace.templateTexts[name] = text
            do throws(TemplateError) {
                workspace.templates.append(try MessageTemplate(name: name, file: source.path, text: text))
            } catch {
                report.reportTemplate(error)
            }
        }
        workspace.templates.sort { $0.name < $1.name }
        do throws(TemplateError) {
            workspace.templateLibrary = try TemplateLibrary(workspace.templates)
        } catch {
            report.reportTemplate(error)
        }
    }

    // MARK: Playbooks

    private static func findPlaybooks(_ workspace: inout Workspace, _ folder: WorkspaceFolder) {
        let report = folder.report
        var files = folder.files(in: "playbooks", depth: WorkspaceLimits.folderDepth).filter { isYAML($0.name) }
        for file in folder.files(in: "") where isYAML(file.name) && file.name != "signalbox.yaml" {
            if let (name, _) = tableName(file.name), knownTables.contains(name) { continue }
            files.append(file)
        }
        if files.count > WorkspaceLimits.files {
            report.report(
                .tooManyFiles, folder.shown("playbooks"), nil,
                "there are more than \(WorkspaceLimits.files) playbooks; the others are not read")
            files.removeLast(files.count - WorkspaceLimits.files)
        }
        for file in files.sorted(by: { $0.path < $1.path }) {
            guard let source = folder.read(file.path) else { continue }
            if !file.path.contains("/"), !hasPlaybookKey(source.bytes) {
                let names = knownTables.map { "\($0).yaml" }
                let near = Similarity.nearest(to: file.name, among: names)
                report.report(
                    .ignoredFile, source.path, nil, "the file is neither a playbook nor a known table: it is ignored",
                    help: near.map { "did you mean `\($0)`?" } ?? "a playbook has a key `playbook:`", severity: .warning
                )
                continue
            }
            workspace.playbookFiles.append(source)
        }
    }

    private static func isYAML(_ name: String) -> Bool {
        (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasSuffix(".test.yaml")
    }

    /// Whether a line begins with `playbook:`, which is quicker to find than to parse.
    private static func hasPlaybookKey(_ bytes: [UInt8]) -> Bool {
        let key = Array("playbook".utf8)
        var at = 0
        while at < bytes.count {
            if bytes[at...].starts(with: key), at + key.count < bytes.count,
                bytes[at + key.count] == UInt8(ascii: ":") || bytes[at + key.count] == UInt8(ascii: " ")
            {
                return true
            }
            guard let end = bytes[at...].firstIndex(of: 0x0A) else { return false }
            at = end + 1
        }
        return false
    }
}

extension LoadReport {
    /// Reports what is wrong with a template.
    func reportTemplate(_ error: TemplateError) {
        let place = error.place
        var range: SourceRange?
        if let source = sources[place.file] {
            let line = source.line(place.line).unicodeScalars
            let before = String(String.UnicodeScalarView(line.prefix(place.column - 1))).utf8.count
            let start = SourcePosition(
                line: place.line, column: place.column, byte: source.byte(ofLine: place.line) + before)
            range = SourceRange(start: start, end: source.position(ofByte: start.byte + 1))
        }
        report(.wrongTemplate, place.file, range, error.message)
    }
}

extension SourceFile {
    /// The byte at which a line, counted from 1, begins.
    fileprivate func byte(ofLine line: Int) -> Int {
        var start = 0
        var number = 1
        while number < line, let end = bytes[start...].firstIndex(of: 0x0A) {
            start = end + 1
            number += 1
        }
        return start
    }
}
