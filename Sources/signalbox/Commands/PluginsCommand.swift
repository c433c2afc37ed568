import ArgumentParser
import PluginHost
import PluginKit
import Projections
import WorkflowModel

/// `signalbox plugins`: what actions there are, and how each is used.
struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "List the actions that playbooks can use.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// All plugins with their actions.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all plugins and their actions.")

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let console = output.console
            let registry = try WorkspacePlugins.load(place.workspace).registry
            for plugin in registry.plugins.map(\.manifest) {
                console.line(console.paint.bold("\(plugin.name) \(plugin.version)") + "  \(plugin.summary)")
                var table = TextTable()
                for action in plugin.actions {
                    table.add(["\(plugin.name).\(action.name)", action.effect.rawValue, action.summary])
                }
                for line in table.lines(indent: 2) { console.line(line) }
                console.line()
            }
            console.line("signalbox plugins show ACTION prints inputs, outputs and examples.")
            console.json(.list(registry.plugins.map { PluginJSON.whole($0.manifest) }))
        }
    }

    /// One action, or all actions of a plugin.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an action's inputs, outputs, effect and examples.")

        @Argument(help: "An action such as notify.send, or a plugin such as notify.")
        var name: String

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let console = output.console
            let registry = try WorkspacePlugins.load(place.workspace).registry
            if let connector = registry.plugins.compactMap({ $0 as? DeclarativePlugin }).first(where: {
                $0.manifest.name == name
            }) {
                console.line(
                    console.paint.bold("\(name) \(connector.manifest.version)") + "  \(connector.manifest.summary)")
                for line in HookText.lines(connector, console.paint) { console.line(line) }
                return console.json(PluginJSON.whole(connector.manifest))
            }
            if let plugin = registry.plugins.map(\.manifest).first(where: { $0.name == name }) {
                for action in plugin.actions {
                    for line in PluginText.lines(plugin, action, console.paint) { console.line(line) }
                    console.line()
                }
                return console.json(PluginJSON.whole(plugin))
            }
            guard let entry = registry[name] else {
                let known = registry.entries.keys.sorted() + registry.plugins.map(\.manifest.name)
                let near = Similarity.nearest(to: name, among: known)
                throw CommandFailure(
                    .failed, "there is no action \(name)",
                    help: near.map { "did you mean \($0)?" } ?? "signalbox plugins lists them all")
            }
            for line in PluginText.lines(entry.plugin, entry.manifest, console.paint) { console.line(line) }
            console.json(PluginJSON.action(entry.manifest, of: entry.plugin.name))
        }
    }
}

/// Manifests as text for people.
enum PluginText {
    static func lines(_ plugin: PluginManifest, _ action: ActionManifest, _ paint: Paint) -> [String] {
        var lines = [
            paint.bold("\(plugin.name).\(action.name)") + "  \(action.summary)", "", "effect   \(effect(action))",
        ]
        if let timeout = action.timeout { lines.append("timeout  \(DurationText.forPeople(timeout)) an attempt") }
        if let retry = action.retry {
            lines.append("retry    \(retry.attempts) attempts, unless the step says otherwise")
        }
        lines += ["", "inputs"] + fields(action.input, paint)
        lines += ["", "outputs (steps.ID.…)"] + fields(action.output, paint, isOutput: true)
        if !action.errors.isEmpty {
            var table = TextTable()
            for error in action.errors { table.add([error.name, error.text]) }
            lines += ["", "failures"] + table.lines(indent: 2)
        }
        for example in action.examples {
            lines += ["", "example: \(example.title)", "  - uses: \(plugin.name).\(action.name)"]
            if let with = example.with.map, !with.isEmpty {
                lines.append("    with:")
                for entry in with { lines.append("      \(entry.key.jsonText): \(yaml(entry.value))") }
            }
            lines.append(paint.dim("  gives"))
            lines += ValueText.block(example.output, indent: 4).map { paint.dim($0) }
        }
        return lines
    }

    private static func effect(_ action: ActionManifest) -> String {
        switch action.effect {
        case .pure: "pure: computes, touches nothing"
        case .read: "read: looks, changes nothing"
        case .state: "state: changes only what Signalbox itself keeps"
        case .write:
            "write: changes the outside world; "
                + (action.isIdempotent
                    ? "may be repeated without harm" : "when in doubt: \(action.onUncertain.rawValue)")
        }
    }

    private static func fields(_ schema: Schema, _ paint: Paint, isOutput: Bool = false) -> [String] {
        guard !schema.properties.isEmpty else { return ["  any"] }
        var table = TextTable()
        add(schema, to: &table, paint, isOutput: isOutput, depth: 0)
        return table.lines(indent: 2)
    }

    /// The fields of a map, and below a list of maps those of its elements.
    private static func add(_ schema: Schema, to table: inout TextTable, _ paint: Paint, isOutput: Bool, depth: Int) {
        for property in schema.properties {
            var notes: [String] = []
            if !isOutput, schema.required.contains(property.name) { notes.append("required") }
            if let allowed = property.schema.allowed {
                notes.append("one of " + allowed.map { $0.string ?? JSONWriter.text($0) }.joined(separator: ", "))
            }
            if let value = property.schema.defaultValue {
                notes.append("default \(value.string ?? JSONWriter.text(value))")
            }
            let about = [
                property.schema.description, notes.isEmpty ? nil : paint.dim("(\(notes.joined(separator: "; ")))"),
            ]
            table.add([
                String(repeating: "  ", count: depth) + property.name, type(property.schema),
                about.compactMap { $0 }.joined(separator: " "),
            ])
            let inner = property.schema.items.first ?? property.schema
            if depth < 2 { add(inner, to: &table, paint, isOutput: isOutput, depth: depth + 1) }
        }
    }

    private static func type(_ schema: Schema) -> String {
        if let format = schema.format { return format }
        let names = schema.types.filter { $0 != "null" }.map { name in
            switch name {
            case "string": "text"
            case "integer": "whole number"
            case "boolean": "true/false"
            case "array": schema.items.first.map { "list of \(type($0))" } ?? "list"
            case "object": "map"
            default: name
            }
        }
        return names.isEmpty ? "any" : names.joined(separator: " or ")
    }

    /// A value as one would write it in a playbook, on one line.
    private static func yaml(_ value: Value) -> String {
        guard let text = value.string else { return JSONWriter.text(value) }
        let isPlain =
            !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || " -_.=/,".contains($0) }
            && text.first != "-" && text.first != " "
        return isPlain ? text : JSONWriter.text(value)
    }
}
