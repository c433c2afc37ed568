import Playbooks
import WorkflowModel
import YAML
import Shapes

/// Reads `signalbox.yaml`.
struct SettingsReader {
    let report: LoadReport

    private static let keys = SettingsShapes.settings.names

    /// The settings, and the node of `defaults`, which is read when the workspace is known. A missing zone is UTC, with a report.
    func settings(_ root: YAMLNode, folderName: String) -> (WorkspaceSettings, defaults: YAMLNode?)? {
        guard let entries = root.entries else {
            report.report(.wrongSetting, root, "signalbox.yaml must be a map of keys to values, is \(root.kindInWords)")
            return nil
        }
        refuseUnknown(entries)
        var settings = WorkspaceSettings(name: folderName, zone: zone(root) ?? "UTC")
        if let node = root["name"], !node.isNull {
            if let text = node.text, !text.isEmpty, text.utf8.count <= 100 {
                settings.name = text
            } else {
                report.report(.wrongSetting, node, "`name` must be a text of at most 100 bytes")
            }
        }
        if let node = root["secrets"] { settings.secrets = SecretReader(report: report).secrets(node) }
        let values = SettingsValue(report: report, secrets: Set(settings.secrets.keys))
        settings.channels = maps(root["channels"], "channels", values)
        ChannelCheck(report: report).run(root["channels"])
        settings.plugins = maps(root["plugins"], "plugins", values)
        if let node = root["retention"] { retention(node, &settings.retention) }
        if let node = root["limits"] { limits(node, &settings.limits) }
        if let node = root["server"] { ServerSettingsReader(report: report).read(node, into: &settings.server) }
        settings.server.eventBytes = settings.limits.eventBytes
        return (settings, root["defaults"])
    }

    private func refuseUnknown(_ entries: [YAMLNode.Entry]) {
        for entry in entries {
            guard let key = entry.key.text, !Self.keys.contains(key) else { continue }
            let near = Similarity.nearest(to: key, among: Self.keys)
            report.report(
                .unknownSetting, entry.key, "`\(key)` is not a key of signalbox.yaml",
                help: near.map { "did you mean `\($0)`?" } ?? "known keys: \(Self.keys.joined(separator: ", "))")
        }
    }

    private func zone(_ root: YAMLNode) -> String? {
        guard let node = root["zone"], !node.isNull else {
            if root["zone"]?.isDamaged != true, !root.isIncomplete {
                report.report(
                    .missingSetting, root.entries?.first?.key ?? root,
                    "`zone` is missing: the time zone of the workspace",
                    help: "write `zone: Europe/Berlin`, or `zone: UTC`")
            }
            return nil
        }
        guard let text = node.text else {
            report.report(.wrongSetting, node, "`zone` must be a text")
            return nil
        }
        guard let problem = ZoneName.problem(text) else { return text }
        report.report(.unknownZone, node, problem.message, help: problem.help)
        return nil
    }

    /// A map of names to maps of settings.
    private func maps(_ node: YAMLNode?, _ key: String, _ values: SettingsValue) -> [String: Value] {
        guard let node, !node.isNull, !node.isDamaged else { return [:] }
        guard let entries = node.entries else {
            report.report(.wrongSetting, node, "`\(key)` must be a map of names to settings, is \(node.kindInWords)")
            return [:]
        }
        var found: [String: Value] = [:]
        for entry in entries {
            guard let name = entry.key.text else { continue }
            guard entry.value.isNull || entry.value.entries != nil else {
                report.report(
                    .wrongSetting, entry.value,
                    "the settings of `\(name)` must be a map, are \(entry.value.kindInWords)")
                continue
            }
            found[name.hasPrefix("#") ? String(name.dropFirst()) : name] =
                entry.value.isNull ? .map(ValueMap()) : values.value(entry.value)
        }
        return found
    }

    private func retention(_ node: YAMLNode, _ retention: inout WorkspaceSettings.Retention) {
        each(node, "retention", SettingsShapes.retention.names) { key, value in
            guard let text = value.text, let duration = DurationText.parse(text), duration > .zero else {
                report.report(.wrongSetting, value, "`\(key)` must be a duration such as 90d")
                return
            }
            if key == "runs" { retention.runs = duration } else { retention.events = duration }
        }
    }

    private func limits(_ node: YAMLNode, _ limits: inout WorkspaceSettings.RunLimits) {
        each(node, "limits", SettingsShapes.limits.names) { key, value in
            if key == "breaker" {
                let (setting, diagnostics) = BreakerSetting.read(value)
                report.take(diagnostics)
                limits.breaker = setting ?? limits.breaker
                return
            }
            if key == "runs_per_subject" { return runsPerSubject(value, &limits) }
            if key == "run_time" {
                guard let text = value.text, let duration = DurationText.parse(text), duration > .zero else {
                    report.report(.wrongSetting, value, "`run_time` must be a duration such as 30d")
                    return
                }
                limits.runTime = duration
                return
            }
            guard case .int(let number)? = value.scalar?.resolved,
                (1...Int64(SettingsShapes.greatestLimit)).contains(number)
            else {
                report.report(.wrongSetting, value, "`\(key)` must be a whole number from 1 to \(1 << 30)")
                return
            }
            switch key {
            case "event_bytes": limits.eventBytes = Int(number)
            case "output_bytes": limits.outputBytes = Int(number)
            default: limits.journalEntries = Int(number)
            }
        }
    }

    private func runsPerSubject(_ node: YAMLNode, _ limits: inout WorkspaceSettings.RunLimits) {
        if node.text == "off" {
            limits.runsPerSubject = nil
            return
        }
        guard node.entries != nil else {
            report.report(
                .wrongSetting, node, "`runs_per_subject` must be `off` or a map such as { runs: 200, per: 10m }")
            return
        }
        var (runs, per) = (200, Duration.seconds(600))
        each(node, "runs_per_subject", SettingsShapes.runsPerSubject.names) { key, value in
            if key == "per" {
                guard let text = value.text, let span = DurationText.parse(text), span > .zero else {
                    report.report(.wrongSetting, value, "`per` must be a duration such as 10m")
                    return
                }
                per = span
            } else if case .int(let number)? = value.scalar?.resolved, (1...100_000).contains(number) {
                runs = Int(number)
            } else {
                report.report(.wrongSetting, value, "`runs` must be a whole number from 1 to 100000")
            }
        }
        limits.runsPerSubject = .init(runs: runs, per: per)
    }

    private func each(_ node: YAMLNode, _ name: String, _ keys: [String], _ body: (String, YAMLNode) -> Void) {
        guard !node.isNull, !node.isDamaged else { return }
        guard let entries = node.entries else {
            report.report(.wrongSetting, node, "`\(name)` must be a map, is \(node.kindInWords)")
            return
        }
        for entry in entries where !entry.value.isDamaged {
            let key = entry.key.text ?? ""
            if keys.contains(key) {
                body(key, entry.value)
            } else {
                let near = Similarity.nearest(to: key, among: keys)
                report.report(
                    .unknownSetting, entry.key, "`\(key)` is not a key of `\(name)`",
                    help: near.map { "did you mean `\($0)`?" } ?? "known keys: \(keys.joined(separator: ", "))")
            }
        }
    }
}
