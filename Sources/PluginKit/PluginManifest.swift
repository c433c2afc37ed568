public import WorkflowModel

/// What a plugin says of itself in `plugin.yaml`.
public struct PluginManifest: Sendable, Hashable {
    /// The plugin's name, the first part of its actions' names.
    public var name: String
    /// The plugin's version, for people and the record of a bundle.
    public var version: String
    /// One line for people.
    public var summary: String
    /// The settings that `plugins: NAME:` of `signalbox.yaml` may hold.
    public var configuration: Schema
    /// The actions, in the order written.
    public var actions: [ActionManifest]
    /// The types of the events that it emits.
    public var emits: [String]
    /// The types of the events that it takes in; `ticket.*` for a family.
    public var consumes: [String]
    /// The document collections that it keeps.
    public var collections: [CollectionDeclaration]
    /// The lookup tables that it looks at although no playbook names them.
    public var tables: [String] = []

    /// A manifest of these parts.
    public init(
        name: String, version: String, summary: String, configuration: Schema = .anything,
        actions: [ActionManifest] = [], emits: [String] = [], consumes: [String] = [],
        collections: [CollectionDeclaration] = []
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.configuration = configuration
        self.actions = actions
        self.emits = emits
        self.consumes = consumes
        self.collections = collections
    }

    /// The action of this short name.
    public func action(_ name: String) -> ActionManifest? { actions.first { $0.name == name } }
}

/// What a plugin says of one action.
public struct ActionManifest: Sendable, Hashable {
    /// One use of the action.
    public struct Example: Sendable, Hashable {
        /// What the example shows, in a few words.
        public var title: String
        /// The inputs as a playbook would write them.
        public var with: Value
        /// The output that they give.
        public var output: Value

        /// An example.
        public init(title: String, with: Value, output: Value) {
            self.title = title
            self.with = with
            self.output = output
        }
    }

    /// The short name, `send`.
    public var name: String
    /// One line for people.
    public var summary: String
    /// What a call does to the world; decides how the engine treats it.
    public var effect: Effect
    /// What `with:` may hold, after its expressions are evaluated.
    public var input: Schema
    /// What the step's output is like, for expressions that use it.
    public var output: Schema
    /// Uses of the action, each with its output.
    public var examples: [Example]
    /// Whether a write with the same key may be repeated without harm.
    public var isIdempotent: Bool
    /// What to do with an uncertain write when the playbook does not say.
    public var onUncertain: ActionCall.OnUncertain
    /// Retries when the playbook does not say; nil for none.
    public var retry: RetryPolicy?
    /// The time limit of one attempt; nil for the engine's default.
    public var timeout: Duration?
    /// The failure codes that it gives, with their meaning.
    public var errors: [NamedText]
    /// The types of the events that a call leads to, for advice about playbooks that start themselves.
    public var emits: [String] = []
    /// The types of the events in which another system may report the call's change back.
    public var echoes: [String] = []
    /// The inputs by which a call that comes again is recognised and changes nothing; ``target`` counts when it is left out.
    public var onceBy: [String] = []
    /// The inputs that each set a field of what the call is about, for advice about playbooks that contradict each other.
    public var sets: [String] = []
    /// The input that names what the call is about; what the run is about when it is not given.
    public var target: String?

    /// A code and what it means.
    public struct NamedText: Sendable, Hashable {
        /// The code of the failure.
        public var name: String
        /// What it means, for people.
        public var text: String

        /// `name` means `text`.
        public init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// An action's manifest.
    public init(
        name: String, summary: String, effect: Effect, input: Schema, output: Schema, examples: [Example] = [],
        isIdempotent: Bool = false, onUncertain: ActionCall.OnUncertain = .ask, retry: RetryPolicy? = nil,
        timeout: Duration? = nil, errors: [NamedText] = []
    ) {
        self.name = name
        self.summary = summary
        self.effect = effect
        self.input = input
        self.output = output
        self.examples = examples
        self.isIdempotent = isIdempotent
        self.onUncertain = onUncertain
        self.retry = retry
        self.timeout = timeout
        self.errors = errors
    }
}

/// A collection of documents that a plugin keeps.
public struct CollectionDeclaration: Sendable, Hashable {
    /// The short name, `tickets`; others read it as `ticket.tickets`.
    public var name: String
    /// The fields that queries may use, dotted for nested ones (`requester.id`).
    public var indexes: [String]
    /// The text fields that full-text search covers; empty for none.
    public var search: [String]

    /// A declaration.
    public init(name: String, indexes: [String] = [], search: [String] = []) {
        self.name = name
        self.indexes = indexes
        self.search = search
    }
}
