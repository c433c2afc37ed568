public import Playbooks
public import PluginKit
import PluginHost
public import Shapes
public import WorkflowModel
import Workspaces

/// The JSON Schemas by which editors complete, explain and check the files of a workspace.
///
/// They are made from the tables that the readers use. What they refuse `check` refuses, too; it knows more than a schema can say, so
/// the reverse does not hold.
public enum EditorSchemas {
    /// The shapes of `signalbox.yaml`, with those of hooks and of what playbooks share with it.
    public static let settings = ShapeLibrary(
        SettingsShapes.shapes[0],
        Array(SettingsShapes.shapes.dropFirst()) + [ManifestShapes.hook]
            + ManifestShapes.library.shapes.filter { ["proof", "timestamp"].contains($0.id) }
            + PlaybookShapes.library.shapes.dropFirst())

    /// The schema of a playbook.
    ///
    /// - Parameter environment: the actions, events and names that there are; of what it does not know any name is allowed.
    public static func playbook(_ environment: CheckEnvironment) -> Value {
        ShapeSchema(PlaybookShapes.library, names: names(environment)).schema(title: "Signalbox playbook")
    }

    /// The schema of `signalbox.yaml`.
    ///
    /// - Parameters:
    ///   - environment: as for a playbook, for the steps of `defaults`.
    ///   - plugins: the manifests, for the settings of plugins.
    public static func settings(_ environment: CheckEnvironment, plugins: [PluginManifest]) -> Value {
        var names = names(environment)
        names[.plugin] = plugins.map { ShapeNames.Entry($0.name, $0.summary, input: $0.configuration) }
        return ShapeSchema(settings, names: names).schema(title: "Signalbox settings (signalbox.yaml)")
    }

    /// The schema of `plugin.yaml`.
    public static func plugin() -> Value {
        ShapeSchema(ManifestShapes.library).schema(title: "Signalbox plugin manifest (plugin.yaml)")
    }

    /// The schema of an event of `type` as a CloudEvents envelope in JSON, with `data` as its data.
    public static func event(_ type: String, data: Schema) -> Value {
        EventSchema.envelope(type, data: data)
    }

    /// What an environment knows of names, in alphabetical order.
    public static func names(_ environment: CheckEnvironment) -> ShapeNames {
        var names = ShapeNames()
        names[.action] = environment.actions.map { actions in
            actions.values.sorted { $0.name < $1.name }
                .map { ShapeNames.Entry($0.name, $0.summary, input: $0.input) }
        }
        names[.event] = environment.events.map { events in
            events.sorted { $0.key < $1.key }.map { ShapeNames.Entry($0.key, $0.value.description ?? "") }
        }
        names[.calendar] = environment.calendars.map { $0.sorted().map { ShapeNames.Entry($0) } }
        names[.playbook] = environment.callable.map { playbooks in
            playbooks.sorted { $0.key < $1.key }.map { ShapeNames.Entry($0.key, input: $0.value.inputSchema) }
        }
        return names
    }
}

/// Writes the schemas of events.
enum EventSchema {
    static func envelope(_ type: String, data: Schema) -> Value {
        func text(_ description: String) -> Value {
            [
                "type": "string", "minLength": 1, "maxLength": .int(Int64(Event.maximumAttributeLength)),
                "description": .string(description),
            ]
        }
        return [
            "$schema": .string(ShapeSchema.draft), "title": .string("Event \(type)"),
            "description": "A CloudEvents 1.0 envelope in JSON.", "type": "object",
            "properties": [
                "specversion": ["const": "1.0", "description": "The version of CloudEvents."],
                "id": text("Names the event, so that the same event is acted on once."),
                "source": text("Names the sender; source and id together are accepted once."),
                "type": ["const": .string(type), "description": "What happened."],
                "subject": text("What it is about, such as `ticket:4711`."),
                "time": ["type": "string", "format": "date-time", "description": "When it happened."],
                "datacontenttype": text("`application/json`, if it is there at all."),
                "data": value(data),
            ],
            "required": ["specversion", "id", "source", "type", "data"],
        ]
    }

    /// A schema with formats that JSON Schema knows; a duration is told by a pattern.
    private static func value(_ schema: Schema) -> Value {
        var bare = schema
        (bare.properties, bare.items, bare.others, bare.format) = ([], [], [], nil)
        guard case .map(var map) = SchemaJSON.value(bare) else { return .map(ValueMap()) }
        switch schema.format {
        case "duration": map["pattern"] = .string(ShapeSchema.durationOrNone)
        case let format? where ["date-time", "email", "uri"].contains(format): map["format"] = .string(format)
        default: break
        }
        if !schema.properties.isEmpty {
            map["properties"] = .map(ValueMap(strings: schema.properties.map { ($0.name, value($0.schema)) }))
        }
        if let items = schema.items.first { map["items"] = value(items) }
        if let others = schema.others.first { map["additionalProperties"] = value(others) }
        return .map(map)
    }
}
