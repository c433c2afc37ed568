import PluginKit
import WorkflowModel
import YAML
import Shapes

/// Reads one action of a manifest.
enum ActionReader {
    /// Reads the action `name` of a plugin that emits events of the types `emits`.
    static func read(
        _ name: String, _ node: YAMLNode, emits: [String], _ report: ManifestReport
    ) -> ActionManifest? {
        guard let fields = ManifestFields(node, "the action \(name)", known: ManifestShapes.action.names, report)
        else { return nil }
        let summary = fields.requiredText("summary")
        if fields["effect"] == nil { _ = fields.requiredText("effect") }
        let effect = fields.choice("effect", Effect.self)
        if let effect, effect != .write {
            for key in ["idempotent", "on_uncertain"] {
                guard let entry = node.entry(key) else { continue }
                report.add(
                    ManifestCode.misplaced, at: entry.key, "\(key) is for actions whose effect is write",
                    help: "leave it out: a \(effect.rawValue) action may always run again")
            }
        }
        var input = Schema(types: ["object"])
        input.allowsOthers = false
        if let node = fields["input"] {
            input = ManifestSchemas.read(node, "input", mustBeObject: true, report) ?? Schema(types: ["object"])
        }
        var output = Schema.anything
        if let node = fields["output"] {
            output = ManifestSchemas.read(node, "output", mustBeObject: false, report) ?? .anything
        }
        let examples = self.examples(fields["examples"], of: name, input: input, output: output, report)
        let retry = fields["retry"].flatMap { self.retry($0, report) }
        let types = fields.texts("emits", form: emits.contains, of: "event types that the plugin's own `emits` has")
        let echoes = fields.texts(
            "echoes", form: ManifestReader.isEventType, of: "event types such as ticket.updated")
        let inputs = Set(input.properties.map(\.name))
        let onceBy = fields.texts("once_by", form: inputs.contains, of: "names of inputs")
        let sets = fields.texts("sets", form: inputs.contains, of: "names of inputs")
        let target = fields["target"].flatMap { node -> String? in
            if let name = node.text, inputs.contains(name) { return name }
            report.add(ManifestCode.wrongValue, at: node, "target must be the name of an input")
            return nil
        }
        guard let summary, let effect else { return nil }
        var action = ActionManifest(
            name: name, summary: summary, effect: effect, input: input, output: output, examples: examples,
            isIdempotent: fields.flag("idempotent") ?? false,
            onUncertain: fields.choice("on_uncertain", ActionCall.OnUncertain.self) ?? .ask, retry: retry,
            timeout: fields.duration("timeout"), errors: errors(fields["errors"], report))
        action.emits = types
        action.echoes = echoes
        action.onceBy = onceBy
        action.sets = sets
        action.target = target
        return action
    }

    private static func retry(_ node: YAMLNode, _ report: ManifestReport) -> RetryPolicy? {
        guard let fields = ManifestFields(node, "retry", known: ManifestShapes.retry.names, report) else { return nil }
        var policy = RetryPolicy()
        if let attempts = fields.count("attempts", in: 1...100) { policy.attempts = attempts }
        if let backoff = fields.choice("backoff", RetryPolicy.Backoff.self) { policy.backoff = backoff }
        if let initial = fields.duration("initial") { policy.initial = initial }
        if let maximum = fields.duration("max") { policy.maximum = maximum }
        if let jitter = fields.choice("jitter", RetryPolicy.Jitter.self) { policy.jitter = jitter }
        if policy.maximum < policy.initial {
            report.add(ManifestCode.wrongValue, at: node, "the longest wait (max) is shorter than the first (initial)")
        }
        return policy
    }

    private static func examples(
        _ node: YAMLNode?, of action: String, input: Schema, output: Schema, _ report: ManifestReport
    ) -> [ActionManifest.Example] {
        guard let node else { return [] }
        guard let items = node.items else {
            report.add(ManifestCode.wrongKind, at: node, "examples must be a list")
            return []
        }
        return items.compactMap { item in
            guard
                let fields = ManifestFields(
                    item, "an example of \(action)", known: ManifestShapes.example.names, report)
            else { return nil }
            let title = fields.requiredText("title")
            var with: Value = .map(ValueMap())
            if let node = fields["with"] {
                ManifestSchemas.check(node, against: input, "with", report)
                with = node.plainValue
            } else {
                for name in input.required {
                    report.add(ManifestCode.example, at: item, "with: \(name): is missing")
                }
            }
            var result = Value.null
            if let node = fields["output"] {
                ManifestSchemas.check(node, against: output, "output", report)
                result = node.plainValue
            } else {
                report.add(ManifestCode.missingKey, at: item, "an example of \(action) needs the key output")
            }
            return title.map { ActionManifest.Example(title: $0, with: with, output: result) }
        }
    }

    private static func errors(_ node: YAMLNode?, _ report: ManifestReport) -> [ActionManifest.NamedText] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            report.add(ManifestCode.wrongKind, at: node, "errors must be a mapping of codes to their meaning")
            return []
        }
        return entries.compactMap { entry in
            guard let code = entry.key.text, let text = entry.value.text, !text.isEmpty else {
                report.add(ManifestCode.wrongValue, at: entry.value, "an error's meaning must be text")
                return nil
            }
            return ActionManifest.NamedText(code, text)
        }
    }
}
