import Playbooks
import Templates
import WorkflowModel
import YAML

/// Finds tables, templates, calendars and channels that nothing uses. As soon as a playbook chooses one at run time, or cannot be
/// read, nothing is said of its kind.
struct UnusedParts {
    let workspace: Workspace
    let environment: CheckEnvironment

    /// The unused parts, in no order, after all playbooks have been read.
    func find(_ playbooks: [PlaybookInspection]) -> [Diagnostic] {
        guard environment.givesAdvice, environment.actions != nil, !playbooks.isEmpty else { return [] }
        var used = environment.impliedParts
        var choices: Set<String> = []
        for playbook in playbooks {
            guard let traits = playbook.traits else { return [] }
            used.formUnion(traits.partNames)
            choices.formUnion(traits.choices)
        }
        collect(workspace.settings.defaults.written, &used)
        for settings in workspace.settings.plugins.values { collect(settings, &used) }
        if let policies = workspace.policies { collect(policies.content, &used) }
        var found: [Diagnostic] = []
        if !choices.contains("table") { found += tables(used) }
        if !choices.contains("template") { found += templates(used) }
        if !choices.contains("calendar") { found += calendars(used) }
        if !choices.contains("channel") { found += channels(used) }
        return found
    }

    private func collect(_ value: Value, _ used: inout Set<String>) {
        switch value {
        case .string(let text): used.insert(text)
        case .list(let items): for item in items { collect(item, &used) }
        case .map(let map):
            for entry in map {
                if let key = entry.key.string { used.insert(key) }
                collect(entry.value, &used)
            }
        default: break
        }
    }

    private func warning(
        _ code: WorkspaceCode, _ file: String, _ range: SourceRange?, _ message: String, _ help: String
    ) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: code.rawValue, file: file, range: range, message: message, help: help)
    }

    private func tables(_ used: Set<String>) -> [Diagnostic] {
        workspace.tables.values.filter { !used.contains($0.name) }.map { table in
            warning(
                .unusedTable, workspace.shownPrefix + table.file, nil, "no playbook uses the table `\(table.name)`",
                "remove the file, or look it up with enrich.lookup")
        }
    }

    private func templates(_ used: Set<String>) -> [Diagnostic] {
        var needed: Set<String> = []
        var open = Array(used)
        let parts = Dictionary(
            workspace.templates.map { ($0.name, $0.partials.map(\.name)) }, uniquingKeysWith: { first, _ in first })
        while let name = open.popLast() {
            guard needed.insert(name).inserted else { continue }
            open += parts[name] ?? []
        }
        return workspace.templateTexts.keys.filter { !needed.contains($0) && !isTwin($0, of: needed) }.map { name in
            warning(
                .unusedTemplate, "\(workspace.shownPrefix)templates/\(name).mustache", nil,
                "nothing uses the template `\(name)`", "remove the file, or name it in a step: `template: \(name)`")
        }
    }

    /// Whether a template is the HTML form of one that is used.
    private func isTwin(_ name: String, of used: Set<String>) -> Bool {
        name.hasSuffix(".html") && used.contains(String(name.dropLast(5)))
    }

    private func calendars(_ used: Set<String>) -> [Diagnostic] {
        workspace.calendars.keys.filter { !used.contains($0) }.map { name in
            let place = workspace.partPlaces["calendar:\(name)"]
            return warning(
                .unusedCalendar, place?.file ?? workspace.shownPrefix + "calendars.yaml", place?.range,
                "nothing uses the calendar `\(name)`",
                "remove it, or use it: open_now(\"\(name)\"), `calendar: \(name)`")
        }
    }

    private func channels(_ used: Set<String>) -> [Diagnostic] {
        let channels = workspace.settings.channels
        // Messages that name no channel go to one of these.
        let standard: Set<String> = ["default", "page", channels.keys.min() ?? ""]
        return channels.filter { name, settings in
            !standard.contains(name) && !used.contains(name) && !used.contains("#\(name)")
                && settings["by"]?.string.map(used.contains) != true
        }.map { name, _ in
            let place = workspace.partPlaces["channel:\(name)"]
            return warning(
                .unusedChannel, place?.file ?? workspace.shownPrefix + "signalbox.yaml", place?.range,
                "no playbook sends by the channel `\(name)`",
                "remove it, or name it in a step: `by: \(name)`")
        }
    }
}
