import WorkflowModel
import YAML

/// Checks the settings of plugins against what their manifests say.
struct PluginSettingsCheck {
    let report: LoadReport
    /// The schema of each plugin's settings.
    let schemas: [String: Schema]

    /// Checks `settings`, read from `node`.
    func run(_ settings: [String: Value], _ node: YAMLNode?) {
        for entry in node?.entries ?? [] {
            guard let name = entry.key.text, let value = settings[name] else { continue }
            guard let schema = schemas[name] else {
                let known = schemas.keys.sorted()
                let near = Similarity.nearest(to: name, among: known)
                report.report(
                    .unknownSetting, entry.key, "there is no plugin `\(name)`",
                    help: near.map { "did you mean `\($0)`?" } ?? "plugins: \(known.joined(separator: ", "))")
                continue
            }
            for violation in schema.violations(of: value) {
                let (key, value) = place(violation.path, entry)
                let isKnown = !violation.message.hasPrefix("is not known")
                report.report(
                    .wrongSetting, isKnown && value.scalar != nil ? value : key, "`\(name)`: \(violation.description)")
            }
        }
    }

    /// The key and the value that a path such as `smtp.hosts[2].name` leads to, as far as it exists.
    private func place(_ path: String, _ entry: YAMLNode.Entry) -> (key: YAMLNode, value: YAMLNode) {
        var node = entry.value
        var key = entry.key
        for part in path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }) {
            if let inner = node.entry(String(part)) {
                (key, node) = (inner.key, inner.value)
            } else if let items = node.items, let index = Int(part), items.indices.contains(index) {
                (key, node) = (items[index], items[index])
            } else {
                return (key, node)
            }
        }
        return (key, node)
    }
}
