public import PluginKit
public import WorkflowModel

/// Manifests as JSON: what `signalbox plugins` and the REST API give.
public enum PluginJSON {
    /// A plugin with its actions.
    public static func whole(_ plugin: PluginManifest) -> Value {
        [
            "plugin": .string(plugin.name), "version": .string(plugin.version), "summary": .string(plugin.summary),
            "emits": .list(plugin.emits.map(Value.string)), "consumes": .list(plugin.consumes.map(Value.string)),
            "actions": .list(plugin.actions.map { action($0, of: plugin.name) }),
        ]
    }

    /// An action of the plugin `plugin`.
    public static func action(_ action: ActionManifest, of plugin: String) -> Value {
        [
            "action": .string("\(plugin).\(action.name)"), "summary": .string(action.summary),
            "effect": .string(action.effect.rawValue), "idempotent": .bool(action.isIdempotent),
            "on_uncertain": .string(action.onUncertain.rawValue), "input": SchemaJSON.value(action.input),
            "output": SchemaJSON.value(action.output),
            "examples": .list(
                action.examples.map { ["title": .string($0.title), "with": $0.with, "output": $0.output] }),
            "errors": .map(ValueMap(strings: action.errors.map { ($0.name, .string($0.text)) })),
        ]
    }
}
