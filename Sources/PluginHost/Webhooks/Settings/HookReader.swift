import WorkflowModel
public import YAML
import Shapes

/// Reads `hooks:` of `signalbox.yaml` against the manifests of the plugins.
public struct HookReader {
    /// The codes of what is wrong with a hook. A code never changes its meaning.
    enum Code {
        static let unknownPlugin = "SB1801"
        static let unknownKey = "SB1802"
        static let wrongValue = "SB1803"
        static let secret = "SB1804"
        static let unknownTable = "SB1805"
        static let unknownWord = "SB1806"
    }

    /// What is known of the workspace.
    public struct Surroundings {
        /// The plugins that take deliveries, by name.
        public var plugins: [String: WebhookManifest]
        /// The names of all plugins.
        public var allPlugins: [String]
        /// The names of the secrets.
        public var secrets: [String]
        /// The ids of people.
        public var people: [String]
        /// The ids of teams.
        public var teams: [String]

        /// Surroundings of these parts.
        public init(
            plugins: [String: WebhookManifest], allPlugins: [String], secrets: [String], people: [String],
            teams: [String]
        ) {
            self.plugins = plugins
            self.allPlugins = allPlugins
            self.secrets = secrets
            self.people = people
            self.teams = teams
        }
    }

    private let surroundings: Surroundings
    private let report = ManifestReport()
    private static let keys = ManifestShapes.hook.names
    /// Our words for the status of a ticket.
    private static let statuses = ["new", "open", "pending", "hold", "solved", "closed"]

    private init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// The hooks of `node`, the value of `hooks:`, without those that have mistakes; and all mistakes.
    public static func read(_ node: YAMLNode?, _ surroundings: Surroundings) -> (
        hooks: [Hook], diagnostics: [Diagnostic]
    ) {
        guard let node, !node.isNull, !node.isDamaged else { return ([], []) }
        let reader = HookReader(surroundings)
        guard let entries = node.entries else {
            reader.report.add(
                Code.wrongValue, at: node, "`hooks` must be a map of names to settings, is \(node.kindInWords)")
            return ([], reader.report.diagnostics)
        }
        var hooks: [Hook] = []
        for entry in entries {
            let before = reader.errors
            let hook = reader.hook(entry)
            if let hook, reader.errors == before { hooks.append(hook) }
        }
        return (hooks, reader.report.diagnostics)
    }

    private var errors: Int { report.diagnostics.filter { $0.severity == .error }.count }

    private func hook(_ entry: YAMLNode.Entry) -> Hook? {
        guard let name = entry.key.text, Self.isName(name) else {
            report.add(
                Code.wrongValue, at: entry.key,
                "the name of a hook is the end of its address: small letters, digits, - and _ only")
            return nil
        }
        guard let fields = entry.value.entries else {
            report.add(
                Code.wrongValue, at: entry.value, "the hook `\(name)` must be a map of settings",
                help: "write { plugin: zendesk, secret: =secrets.NAME }")
            return nil
        }
        for field in fields {
            guard let key = field.key.text, !Self.keys.contains(key) else { continue }
            let near = Similarity.nearest(to: key, among: Self.keys)
            report.add(
                Code.unknownKey, at: field.key, "`\(key)` is not a key of a hook",
                help: near.map { "did you mean `\($0)`?" } ?? "known keys: \(Self.keys.joined(separator: ", "))")
        }
        let node = entry.value
        let plugin = node.value(of: "plugin")?.text ?? name
        guard let manifest = self.manifest(plugin, node.value(of: "plugin") ?? entry.key) else { return nil }
        guard let scheme = scheme(node.value(of: "verify"), plugin, manifest) else { return nil }
        let settings = self.settings(node.value(of: "settings"), manifest, entry.key)
        let hook = Hook(
            name: name, plugin: plugin, secrets: secrets(node, entry.key),
            scheme: toleranced(scheme, node.value(of: "tolerance")), url: url(node.value(of: "url")),
            replayWindow: window(node.value(of: "replay_window")), own: own(node.value(of: "own")),
            words: words(node.value(of: "map"), manifest), settings: settings, manifest: manifest)
        if case .signature(let signature) = hook.scheme.kind, signature.signed.contains(.url), hook.url == nil {
            report.add(
                Code.wrongValue, at: entry.key, "the sender signs the address, so the hook `\(name)` needs `url`",
                help: "write url: https://HOST/hooks/\(name), as the sender has it")
        }
        return hook
    }

    private func manifest(_ plugin: String, _ node: YAMLNode) -> WebhookManifest? {
        if let manifest = surroundings.plugins[plugin] { return manifest }
        let known = surroundings.plugins.keys.sorted()
        let near = Similarity.nearest(to: plugin, among: known)
        report.add(
            Code.unknownPlugin, at: node,
            surroundings.allPlugins.contains(plugin)
                ? "the plugin `\(plugin)` takes no deliveries" : "there is no plugin `\(plugin)`",
            help: near.map { "did you mean `\($0)`?" }
                ?? "plugins that take deliveries: \(known.joined(separator: ", ")); `webhook` is for anything else")
        return nil
    }

    /// The way that the hook names, or one of its own.
    private func scheme(_ node: YAMLNode?, _ plugin: String, _ manifest: WebhookManifest) -> WebhookScheme? {
        guard let node else { return manifest.schemes.first }
        if node.entries != nil { return SchemeReader(report: report).scheme(node, name: "own") }
        let name = node.text ?? ""
        if let scheme = manifest.schemes.first(where: { $0.name == name }) { return scheme }
        let known = manifest.schemes.map(\.name)
        let near = Similarity.nearest(to: name, among: known)
        report.add(
            Code.wrongValue, at: node, "the plugin `\(plugin)` has no way `\(name)` to verify deliveries",
            help: near.map { "did you mean `\($0)`?" }
                ?? "it has \(known.joined(separator: ", ")), or write one of your own")
        return nil
    }

    private func secrets(_ node: YAMLNode, _ key: YAMLNode) -> [String] {
        guard let value = node.value(of: "secret") else {
            report.add(
                Code.secret, at: key, "a hook without a secret would take deliveries from anybody",
                help: "declare one under `secrets`, and write secret: =secrets.NAME")
            return []
        }
        let items = value.items ?? [value]
        if items.isEmpty || items.count > WebhookLimits.secrets {
            report.add(
                Code.secret, at: value, "`secret` must be one secret or a list of at most \(WebhookLimits.secrets)")
        }
        return items.compactMap { item in
            guard let text = item.text, text.hasPrefix("=secrets.") else {
                // Whatever stands here may be the secret itself: it is not repeated.
                report.add(
                    Code.secret, at: item, "secrets are never written down here",
                    help: "declare it under `secrets`, and write =secrets.NAME")
                return nil
            }
            let name = String(text.dropFirst(9))
            guard surroundings.secrets.contains(name) else {
                let near = Similarity.nearest(to: name, among: surroundings.secrets)
                report.add(
                    Code.secret, at: item, "there is no secret `\(name)`",
                    help: near.map { "did you mean =secrets.\($0)?" } ?? "declare it under `secrets`")
                return nil
            }
            return name
        }
    }

    private func toleranced(_ scheme: WebhookScheme, _ node: YAMLNode?) -> WebhookScheme {
        guard let node else { return scheme }
        guard case .signature(var signature) = scheme.kind, var time = signature.time else {
            report.add(Code.wrongValue, at: node, "`tolerance` has no meaning here: the sender's signature has no time")
            return scheme
        }
        guard let duration = duration(node, "tolerance", at: .seconds(86_400)) else { return scheme }
        time.tolerance = duration
        signature.time = time
        return WebhookScheme(name: scheme.name, kind: .signature(signature))
    }

    private func window(_ node: YAMLNode?) -> Duration {
        guard let node else { return Hook.defaultReplayWindow }
        return duration(node, "replay_window", at: .seconds(86_400)) ?? Hook.defaultReplayWindow
    }

    private func duration(_ node: YAMLNode, _ key: String, at most: Duration) -> Duration? {
        guard let duration = node.text.flatMap(DurationText.parse), duration > .zero, duration <= most else {
            report.add(
                Code.wrongValue, at: node,
                "`\(key)` must be a duration of at most \(DurationText.forPeople(most)), such as 5m")
            return nil
        }
        return duration
    }

    private func url(_ node: YAMLNode?) -> String? {
        guard let node else { return nil }
        guard let text = node.text, text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 2000
        else {
            report.add(Code.wrongValue, at: node, "`url` must be the hook's address as the sender has it: https://…")
            return nil
        }
        return text
    }

    /// Ids of accounts; numbers are read as they are written.
    private func own(_ node: YAMLNode?) -> Set<String> {
        guard let node else { return [] }
        guard let items = node.items ?? (node.text == nil ? nil : [node]), items.count <= 100 else {
            report.add(
                Code.wrongValue, at: node,
                "`own` must be the id of the connector's own account, or a list of at most 100")
            return []
        }
        return Set(items.compactMap(\.text))
    }

    private func settings(_ node: YAMLNode?, _ manifest: WebhookManifest, _ key: YAMLNode) -> ValueMap {
        let value = node?.plainValue ?? .map(ValueMap())
        let known = manifest.settings.properties.map(\.name)
        for violation in manifest.settings.violations(of: value) {
            let name = violation.path.split(separator: ".").first.map(String.init) ?? ""
            let near = Similarity.nearest(to: name, among: known)
            report.add(
                Code.wrongValue, at: node?.entry(name)?.key ?? node ?? key, "settings: \(violation)",
                help: known.contains(name) ? nil : near.map { "did you mean `\($0)`?" })
        }
        return manifest.settings.bound(value).map ?? ValueMap()
    }

    /// The manifest's tables with the workspace's words over them.
    private func words(_ node: YAMLNode?, _ manifest: WebhookManifest) -> [String: [String: Value]] {
        var tables = manifest.words
        guard let node else { return tables }
        guard let entries = node.entries else {
            report.add(Code.wrongValue, at: node, "`map` must be a map of tables, is \(node.kindInWords)")
            return tables
        }
        for entry in entries {
            let name = entry.key.text ?? ""
            guard tables[name] != nil else {
                let known = tables.keys.sorted()
                let near = Similarity.nearest(to: name, among: known)
                report.add(
                    Code.unknownTable, at: entry.key, "the plugin has no table `\(name)`",
                    help: near.map { "did you mean `\($0)`?" } ?? "it has \(known.joined(separator: ", "))")
                continue
            }
            if entry.value.isNull { continue }
            guard let words = entry.value.entries, words.count <= WebhookLimits.words else {
                report.add(
                    Code.wrongValue, at: entry.value,
                    "the table `\(name)` must be a map of at most \(WebhookLimits.words) words")
                continue
            }
            for word in words {
                guard let theirs = word.key.text, let ours = word.value.text, !word.value.isNull, !ours.isEmpty else {
                    report.add(Code.wrongValue, at: word.value, "a word stands for one word of ours, in text")
                    continue
                }
                check(ours, word.value, table: name)
                tables[name]?[theirs] = .string(ours)
            }
        }
        return tables
    }

    /// Warns where a word of ours is not one that the rest of the house knows.
    private func check(_ word: String, _ node: YAMLNode, table: String) {
        let known: [String]
        switch table {
        case "status": known = Self.statuses
        case "people" where !word.contains("@"): known = surroundings.people
        case "team": known = surroundings.teams
        default: return
        }
        guard !known.contains(word), !known.isEmpty else { return }
        let near = Similarity.nearest(to: word, among: known)
        let what = table == "status" ? "status of ours" : table == "team" ? "team" : "person"
        report.add([
            Diagnostic(
                severity: .warning, code: Code.unknownWord, file: node.source.path, range: node.range,
                message: "there is no \(what) `\(word)`",
                help: near.map { "did you mean `\($0)`?" } ?? "there are \(known.prefix(20).joined(separator: ", "))")
        ])
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
        }
    }
}
