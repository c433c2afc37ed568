import WorkflowModel
import YAML

/// Reads the schemas of a manifest and holds values of the manifest against them.
enum ManifestSchemas {
    /// The formats that mean something here: those of ``WorkflowModel/Schema``, and names that `check` looks up in the workspace.
    static let formats: Set<String> = [
        "date-time", "duration", "email", "uri", "timezone", "recipient", "template", "table", "column", "channel",
        "person",
        "team", "service", "queue",
    ]

    /// The schema that `node` holds; reports the place of what is malformed.
    static func read(_ node: YAMLNode, _ what: String, mustBeObject: Bool, _ report: ManifestReport) -> Schema? {
        do {
            let schema = try Schema(node.plainValue)
            if mustBeObject, schema.types != ["object"] {
                report.add(
                    ManifestCode.schema, at: node, "\(what) must be the schema of an object",
                    help: "write `type: object` and the fields under `properties`")
                return nil
            }
            inspect(schema, at: node, what, report)
            return schema
        } catch {
            let path = error.path.split(separator: "/").map(String.init)
            report.add(ManifestCode.schema, at: descend(node, path), "\(what)\(error.path): \(error.message)")
            return nil
        }
    }

    /// Reports where `value` does not fit `schema`, at the parts of `node` from which it was read.
    static func check(_ node: YAMLNode, against schema: Schema, _ what: String, _ report: ManifestReport) {
        for violation in schema.violations(of: node.plainValue) {
            let path = violation.path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }).map(String.init)
            report.add(ManifestCode.example, at: descend(node, path), "\(what): \(violation)")
        }
    }

    private static func inspect(_ schema: Schema, at node: YAMLNode, _ what: String, _ report: ManifestReport) {
        if let format = schema.format, !formats.contains(format) {
            let near = Similarity.nearest(to: format, among: formats.sorted())
            report.add(
                ManifestCode.schema, at: descend(node, ["format"]), "\(what): there is no format \(format)",
                help: near.map { "did you mean \($0)?" })
        }
        for name in schema.required where schema.property(name) == nil && !schema.properties.isEmpty {
            report.add(
                ManifestCode.schema, at: descend(node, ["required"]),
                "\(what): \(name) is required but stands in no property")
        }
        if let value = schema.defaultValue, let violation = schema.violations(of: value).first {
            report.add(
                ManifestCode.schema, at: descend(node, ["default"]), "\(what): the default does not fit: \(violation)")
        }
        for property in schema.properties {
            inspect(
                property.schema, at: descend(node, ["properties", property.name]), "\(what).\(property.name)", report)
        }
        for items in schema.items { inspect(items, at: descend(node, ["items"]), "\(what)[]", report) }
        for (index, part) in schema.anyOf.enumerated() {
            let key = node["oneOf"] == nil ? "anyOf" : "oneOf"
            inspect(part, at: descend(node, [key, String(index)]), what, report)
        }
    }

    /// The deepest node on `path` that exists.
    private static func descend(_ node: YAMLNode, _ path: [String]) -> YAMLNode {
        var node = node
        for part in path {
            if let next = node[part] {
                node = next
            } else if let index = Int(part), let items = node.items, items.indices.contains(index) {
                node = items[index]
            } else {
                break
            }
        }
        return node
    }
}
