import WorkflowModel
import YAML
import Shapes

/// Checks that each channel is of a kind that exists, and has the settings that its kind needs.
struct ChannelCheck {
    let report: LoadReport

    /// Checks the map of `channels`.
    func run(_ node: YAMLNode?) {
        for entry in node?.entries ?? [] {
            guard let name = entry.key.text, !entry.value.isDamaged, !entry.value.isIncomplete,
                entry.value.isNull || entry.value.entries != nil
            else { continue }
            let by = entry.value["by"]
            if let by, by.isDamaged { continue }
            // A channel that does not say its kind has the kind that it is named for.
            let kind = by?.text ?? name
            guard let found = SettingsShapes.channelKinds.first(where: { $0.name == kind }) else {
                let names = SettingsShapes.channelKinds.map(\.name)
                let near = Similarity.nearest(to: kind, among: names)
                report.report(
                    by == nil ? .missingSetting : .wrongSetting, by ?? entry.key,
                    by == nil
                        ? "the channel `\(name)` does not say its kind" : "there is no kind of channel `\(kind)`",
                    help: near.map { "did you mean `\($0)`?" } ?? "write by: \(names.joined(separator: ", by: "))")
                continue
            }
            for setting in found.needs where entry.value[setting]?.isNull ?? true {
                guard entry.value[setting]?.isDamaged != true else { continue }
                report.report(
                    .missingSetting, entry.key, "the channel `\(name)` (by: \(kind)) needs `\(setting)`",
                    help: found.needs.contains("url") && setting == "url"
                        ? "write url: =secrets.NAME, and declare the secret under `secrets`"
                        : "write `\(setting):` beside `by`")
            }
        }
    }
}
