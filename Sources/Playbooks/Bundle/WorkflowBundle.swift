public import Templates
public import WorkflowModel
import YAML

/// A playbook with everything that its meaning depends on. A run is pinned to its bundle: it goes on by the text with which it began,
/// whatever happens to the files.
public struct WorkflowBundle: Sendable, Hashable {
    /// The playbook's id.
    public var playbook: String
    /// Its file, relative to the workspace.
    public var file: String
    /// The file's text.
    public var text: String
    /// The texts of the templates that it names and of those that they put in: by name.
    public var templates: [String: String]
    /// The versions of the plugins that it uses, by name.
    public var plugins: [String: String]
    /// The hash of the settings that it reads; nil when it reads none.
    public var settingsHash: String?
    /// The workspace's defaults as written (``PlaybookDefaults/written``); null for none.
    public var defaults: Value

    /// The bundles of the playbooks that it calls, by id.
    public var callees: [String: WorkflowBundle]

    /// A bundle of these parts.
    public init(
        playbook: String, file: String, text: String, templates: [String: String] = [:],
        plugins: [String: String] = [:], settingsHash: String? = nil, defaults: Value = .null,
        callees: [String: WorkflowBundle] = [:]
    ) {
        self.callees = callees
        self.playbook = playbook
        self.file = file
        self.text = text
        self.templates = templates
        self.plugins = plugins
        self.settingsHash = settingsHash
        self.defaults = defaults
    }

    /// The bundle of `workflow`, read from `text`. Of `templates` (as ``templates``, all of the workspace) and `plugins` (name to version)
    /// those are taken that the playbook needs.
    public init(
        of workflow: Workflow, text: String, templates: [String: String] = [:], plugins: [String: String] = [:],
        settingsHash: String? = nil, defaults: PlaybookDefaults = PlaybookDefaults(),
        callees: [String: WorkflowBundle] = [:]
    ) {
        let workflow = workflow.applying(defaults)
        let named = workflow.namedTexts
        let used = Set(workflow.actionNames.map { String($0.prefix { $0 != "." }) })
        self.init(
            playbook: workflow.id, file: workflow.file, text: text,
            templates: workflow.choosesTemplates ? templates : Self.needed(named, of: templates),
            plugins: plugins.filter { used.contains($0.key) },
            settingsHash: settingsHash, defaults: defaults.written,
            callees: callees.filter { workflow.callees.contains($0.key) })
    }

    /// The templates of `names`, and all that they put in.
    private static func needed(_ names: Set<String>, of templates: [String: String]) -> [String: String] {
        var needed: [String: String] = [:]
        var open = Array(names)
        while let name = open.popLast() {
            guard needed[name] == nil, let text = templates[name] else { continue }
            needed[name] = text
            do throws(TemplateError) {
                open += try MessageTemplate(name: name, text: text).partials.map(\.name)
            } catch {
                // A template that cannot be read is refused by the check of the workspace; here it just names no others.
                continue
            }
        }
        return needed
    }

    /// The templates, ready to be printed.
    ///
    /// - Throws: ``TemplateError`` when one cannot be read, which the check of a workspace rules out.
    public func templateLibrary() throws(TemplateError) -> TemplateLibrary {
        var found: [MessageTemplate] = []
        for (name, text) in templates.sorted(by: { $0.key < $1.key }) {
            found.append(try MessageTemplate(name: name, text: text))
        }
        return try TemplateLibrary(found)
    }

    /// The bundle as a value, always in the same order, as the store keeps it.
    public var value: Value {
        var map: ValueMap = [
            "format": 1, "playbook": .string(playbook), "file": .string(file), "text": .string(text),
            "templates": Self.map(templates), "plugins": Self.map(plugins),
            "settings": settingsHash.map(Value.string) ?? .null, "defaults": defaults,
        ]
        if !callees.isEmpty {
            map["callees"] = .map(
                ValueMap(strings: callees.sorted { $0.key < $1.key }.map { ($0.key, $0.value.value) }))
        }
        return .map(map)
    }

    /// Reads what ``value`` gives; nil when it is no bundle, or one of a later format.
    public init?(_ value: Value) {
        guard value["format"]?.int == 1, let playbook = value["playbook"]?.string, let file = value["file"]?.string,
            let text = value["text"]?.string, let templates = value["templates"].flatMap(Self.texts),
            let plugins = value["plugins"].flatMap(Self.texts)
        else { return nil }
        var callees: [String: WorkflowBundle] = [:]
        for entry in value["callees"]?.map ?? ValueMap() {
            guard let name = entry.key.string, let callee = WorkflowBundle(entry.value) else { return nil }
            callees[name] = callee
        }
        self.init(
            playbook: playbook, file: file, text: text, templates: templates, plugins: plugins,
            settingsHash: value["settings"]?.string, defaults: value["defaults"] ?? .null, callees: callees)
    }

    /// The bundle's identity: `digest` of its canonical JSON text as UTF-8. The file's name is no part of it, so that moving a playbook
    /// makes no new version.
    public func hash(using digest: ([UInt8]) -> String) -> String { digest(JSONWriter.data(Self.identity(value))) }

    private static func identity(_ value: Value) -> Value {
        guard case .map(var map) = value else { return value }
        map["file"] = nil
        if let callees = map["callees"]?.map {
            map["callees"] = .map(
                ValueMap(strings: callees.map { ($0.key.string ?? "", identity($0.value)) }))
        }
        return .map(map)
    }

    /// The workflow of the bundle with the defaults of its time, checked for its structure alone: names were checked when the run began.
    public func workflow() -> PlaybookReader.Result {
        let (workflow, diagnostics) = PlaybookReader.read(SourceFile(path: file, text: text), in: .structureOnly)
        return (workflow?.applying(PlaybookDefaults(written: defaults)), diagnostics)
    }

    private static func map(_ texts: [String: String]) -> Value {
        .map(ValueMap(strings: texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private static func texts(_ value: Value) -> [String: String]? {
        guard case .map(let map) = value else { return nil }
        var texts: [String: String] = [:]
        for entry in map {
            guard let name = entry.key.string, let text = entry.value.string else { return nil }
            texts[name] = text
        }
        return texts
    }
}

extension Workflow {
    /// The full names of the actions that the playbook calls.
    public var actionNames: Set<String> {
        Set(allSteps.compactMap { step in if case .call(let call) = step.kind { call.action } else { nil } })
    }

    /// Whether an expression chooses a template: then any of the workspace's may be meant.
    public var choosesTemplates: Bool {
        allSteps.contains { step in
            guard case .call(let call) = step.kind else { return false }
            return call.with.contains { input in
                switch (input.name, input.source) {
                case ("template", .expression), ("template", .text): true
                default: false
                }
            }
        }
    }

    /// The texts that stand as they are in inputs named `template`, in any depth: the templates that the playbook names.
    public var namedTexts: Set<String> {
        var found: Set<String> = []
        func visit(_ name: String, _ source: ValueSource) {
            switch source {
            case .literal(let value): collect(name, value)
            case .list(let items): for item in items { visit(name, item) }
            case .map(let fields): for field in fields { visit(field.name, field.source) }
            case .expression, .text: break
            }
        }
        func collect(_ name: String, _ value: Value) {
            switch value {
            case .string(let text): if name == "template" { found.insert(text) }
            case .list(let items): for item in items { collect(name, item) }
            case .map(let map): for entry in map { collect(entry.key.jsonText, entry.value) }
            default: break
            }
        }
        for step in allSteps {
            if case .call(let call) = step.kind { for input in call.with { visit(input.name, input.source) } }
        }
        return found
    }
}
