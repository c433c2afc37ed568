import WorkflowModel

/// The plugins of this process, in the order in which their consumers take events in. Made once, by the executable.
public struct PluginRegistry: Sendable {
    /// An action with all that is known of it.
    public struct Entry: Sendable {
        /// `notify.send`.
        public let fullName: String
        /// What the action's plugin says of itself.
        public let plugin: PluginManifest
        /// What the plugin says of the action.
        public let manifest: ActionManifest
        /// The implementation.
        public let action: Action
    }

    /// Why plugins do not fit together.
    public struct Conflict: Error, Sendable, CustomStringConvertible {
        /// Which plugin or action, and what is wrong with it.
        public let description: String
    }

    /// The plugins, in the order given.
    public let plugins: [any Plugin]
    /// Full name to entry.
    public let entries: [String: Entry]
    private let consumers: [Consumer]

    /// A plugin that takes events in, and which.
    private struct Consumer: Sendable {
        let plugin: String
        let consumer: any EventConsumer
        /// Types word for word.
        let types: Set<String>
        /// What other types begin with: `ticket.`, or nothing for all.
        let starts: [String]

        init?(_ plugin: any Plugin) {
            guard let consumer = plugin.consumer else { return nil }
            let manifest = plugin.manifest
            self.plugin = manifest.name
            self.consumer = consumer
            types = Set(manifest.consumes)
            starts = manifest.consumes.compactMap { pattern in
                pattern == "*" ? "" : pattern.hasSuffix(".*") ? String(pattern.dropLast()) : nil
            }
        }

        func takes(_ type: String) -> Bool {
            starts.contains { type.utf8.starts(with: $0.utf8) } || types.contains(type)
        }
    }

    /// A registry of `plugins`.
    ///
    /// - Throws: ``Conflict`` when names clash, an action of a manifest has no implementation or one of another effect, or an
    ///   implementation stands in no manifest.
    public init(_ plugins: [any Plugin]) throws(Conflict) {
        var entries: [String: Entry] = [:]
        var names = Set<String>()
        for plugin in plugins {
            let manifest = plugin.manifest
            guard names.insert(manifest.name).inserted else {
                throw Conflict(description: "two plugins are named \(manifest.name)")
            }
            for action in manifest.actions {
                let fullName = "\(manifest.name).\(action.name)"
                guard let implementation = plugin.actions[action.name] else {
                    throw Conflict(description: "\(fullName) is in the manifest but not implemented")
                }
                guard implementation.effect == action.effect else {
                    throw Conflict(
                        description:
                            "\(fullName) is declared as \(action.effect.rawValue) but implemented as \(implementation.effect.rawValue)"
                    )
                }
                entries[fullName] = Entry(
                    fullName: fullName, plugin: manifest, manifest: action, action: implementation)
            }
            for name in plugin.actions.keys where manifest.action(name) == nil {
                throw Conflict(description: "\(manifest.name).\(name) is implemented but not in the manifest")
            }
        }
        self.plugins = plugins
        self.entries = entries
        consumers = plugins.compactMap(Consumer.init)
    }

    /// The action of this full name.
    public subscript(fullName: String) -> Entry? { entries[fullName] }

    /// The consumers whose plugin consumes events of `type`, in order, with their plugin's name.
    public func consumers(of type: String) -> [(plugin: String, consumer: any EventConsumer)] {
        consumers.compactMap { $0.takes(type) ? ($0.plugin, $0.consumer) : nil }
    }
}
