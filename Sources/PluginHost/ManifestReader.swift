public import PluginKit
import WorkflowModel
public import YAML
import Shapes

/// Reads `plugin.yaml`: what a plugin says of itself.
///
/// Every mistake of the file is reported in one go, each with its place: unknown keys, malformed schemas, and examples or defaults
/// that do not fit the schemas beside them.
public enum ManifestReader {
    /// The manifest in `source`; nil when there is an error among the diagnostics.
    public static func read(_ source: SourceFile) -> (manifest: PluginManifest?, diagnostics: [Diagnostic]) {
        let (file, diagnostics) = readFile(source)
        return (file?.manifest, diagnostics)
    }

    /// Everything that `source` says; nil when there is an error among the diagnostics.
    public static func readFile(_ source: SourceFile) -> (file: PluginFile?, diagnostics: [Diagnostic]) {
        let (root, syntax) = YAMLParser.parse(source)
        let report = ManifestReport()
        report.add(syntax)
        let manifest = root.flatMap { plugin($0, report) }
        let webhooks = root?.value(of: "webhooks").flatMap { WebhookManifestReader.read($0, report) }
        let diagnostics = report.diagnostics.sorted()
        guard let manifest, !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
        return (PluginFile(manifest: manifest, webhooks: webhooks), diagnostics)
    }

    /// The manifest in `text`, which people know as the file `file`.
    public static func read(_ text: String, file: String) -> (manifest: PluginManifest?, diagnostics: [Diagnostic]) {
        read(SourceFile(path: file, text: text))
    }

    private static func plugin(_ root: YAMLNode, _ report: ManifestReport) -> PluginManifest? {
        guard let fields = ManifestFields(root, "a plugin's manifest", known: ManifestShapes.plugin.names, report)
        else { return nil }
        let name = fields.requiredText("plugin")
        if let name, !isName(name), let node = fields["plugin"] {
            report.add(
                ManifestCode.wrongValue, at: node,
                "a plugin's name has small letters, digits and _ only, this is \(name)")
        }
        let version = fields.requiredText("version")
        let summary = fields.requiredText("summary")
        var configuration = Schema.anything
        if let node = fields["configuration"] {
            configuration =
                ManifestSchemas.read(node, "configuration", mustBeObject: true, report) ?? .anything
        }
        let emits = fields.texts("emits", form: isEventType, of: "event types such as ticket.created")
        let consumes = fields.texts(
            "consumes", form: { $0 == "*" || isEventType($0.hasSuffix(".*") ? $0.dropLast(2) + ".any" : $0) },
            of: "event types such as ticket.created or ticket.*")
        let collections = self.collections(fields["collections"], report)
        let tables = fields.texts("tables", form: { !$0.isEmpty }, of: "names of lookup tables")
        let actions = self.actions(fields["actions"], emits: emits, report)
        guard let name, let version, let summary else { return nil }
        var manifest = PluginManifest(
            name: name, version: version, summary: summary, configuration: configuration, actions: actions,
            emits: emits, consumes: consumes, collections: collections)
        manifest.tables = tables
        return manifest
    }

    private static func collections(_ node: YAMLNode?, _ report: ManifestReport) -> [CollectionDeclaration] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            report.add(ManifestCode.wrongKind, at: node, "collections must be a mapping of names to declarations")
            return []
        }
        return entries.compactMap { entry in
            guard let name = named(entry, "a collection", report) else { return nil }
            guard !entry.value.isNull else { return CollectionDeclaration(name: name) }
            guard
                let fields = ManifestFields(
                    entry.value, "the collection \(name)", known: ManifestShapes.collection.names, report)
            else { return nil }
            return CollectionDeclaration(
                name: name, indexes: fields.texts("indexes", form: isPath, of: "names of fields"),
                search: fields.texts("search", form: isPath, of: "names of fields"))
        }
    }

    private static func actions(
        _ node: YAMLNode?, emits: [String], _ report: ManifestReport
    ) -> [ActionManifest] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            report.add(ManifestCode.wrongKind, at: node, "actions must be a mapping of names to actions")
            return []
        }
        return entries.compactMap { entry in
            named(entry, "an action", report).flatMap { ActionReader.read($0, entry.value, emits: emits, report) }
        }
    }

    private static func named(_ entry: YAMLNode.Entry, _ what: String, _ report: ManifestReport) -> String? {
        guard let name = entry.key.text, isName(name) else {
            report.add(
                ManifestCode.wrongValue, at: entry.key, "the name of \(what) has small letters, digits and _ only")
            return nil
        }
        return name
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    private static func isPath(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 8 && parts.allSatisfy { isName($0) }
    }

    static func isEventType(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { isName($0) }
    }
}
