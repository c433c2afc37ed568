public import Templates
public import WorkflowModel

/// What a playbook is checked against: the actions, events, people and names of a workspace. A part that is nil is not checked, so an
/// empty environment asks for the playbook's structure alone.
public struct CheckEnvironment: Sendable {
    /// The actions by full name (`notify.send`).
    public var actions: [String: ActionSignature]? {
        didSet { types = SchemaTyping() }
    }
    /// The schema of each known event type's data. Types that are not here are accepted with untyped data.
    public var events: [String: Schema]? {
        didSet { types = SchemaTyping() }
    }
    /// The types that the schemas describe.
    private(set) var types = SchemaTyping()
    /// People, teams, on-call schedules, services and lists.
    public var directory: Directory? {
        didSet { people = Set((directory?.people ?? []).flatMap { [$0.id] + ($0.email.map { [$0] } ?? []) }) }
    }
    /// The ids and addresses of the directory's people, for checks that take no time.
    private(set) var people: Set<String> = []
    /// The names that each template uses, with those of the templates that it puts in.
    public var templates: [String: [NameUse]]?
    /// The names of lookup tables.
    public var tables: Set<String>?
    /// The columns of lookup tables, by the table's name; a table that is not there has columns that nobody knows.
    public var tableColumns: [String: [String]] = [:]
    /// The names of chat and mail channels.
    public var channels: Set<String>?
    /// The names of the secrets that are declared.
    public var secrets: Set<String>?
    /// The ids of the workspace's playbooks.
    public var playbooks: Set<String>?
    /// What is known of the playbooks that can be called, by id.
    public var callable: [String: CallablePlaybook]?
    /// The names of business calendars.
    public var calendars: Set<String>?
    /// The names of queues.
    public var queues: Set<String>?

    /// Whether the check also gives advice (SB19xx) and reads the comments that allow warnings.
    public var givesAdvice = false
    /// Codes of other parts of the product that a comment may allow.
    public var otherCodes: Set<String> = []
    /// The names of the workspace's parts of which it is asked whether something uses them.
    public var partNames: Set<String> = []
    /// Those of them that plugins use although no playbook names them.
    public var impliedParts: Set<String> = []
    /// What playbooks take when they say nothing themselves.
    public var defaults = PlaybookDefaults()
    /// The age at which a run is ended.
    public var runTime = Duration.seconds(30 * 86_400)

    /// An environment in which nothing is checked but the playbook itself.
    public init() {}

    /// The environment of structure alone.
    public static let structureOnly = CheckEnvironment()

    /// Takes in the event types of `catalog` with their schemas, and `others` that plugins emit and nothing more is known of.
    public mutating func know(_ catalog: EventCatalog, others: some Sequence<String> = []) {
        var known = events ?? [:]
        for type in catalog.types { known[type.name] = type.schema }
        for name in others where known[name] == nil { known[name] = .anything }
        events = known
    }
}

/// What a playbook's check must know of an action.
public struct ActionSignature: Sendable, Hashable {
    /// The full name, `notify.send`.
    public var name: String
    /// `pure`, `read`, `state` or `write`.
    public var effect: String
    /// What `with` may hold.
    public var input: Schema
    /// What `steps.ID` holds afterwards.
    public var output: Schema
    /// One line for people.
    public var summary: String
    /// The types of the events that a call leads to.
    public var emits: [String] = []
    /// The types of the events in which another system may report the call's change back.
    public var echoes: [String] = []
    /// The inputs by which a call that comes again is recognised and changes nothing; ``target`` counts when it is left out.
    public var onceBy: [String] = []
    /// The inputs that each set a field of what the call is about.
    public var sets: [String] = []
    /// The input that names what the call is about.
    public var target: String?
    /// Whether it is tried again when the playbook does not say.
    public var hasRetry = true
    /// Whether an attempt has a time limit of the action's own.
    public var hasTimeout = true

    /// The signature of an action.
    public init(
        name: String, effect: String = "write", input: Schema = .anything, output: Schema = .anything,
        summary: String = ""
    ) {
        self.name = name
        self.effect = effect
        self.input = input
        self.output = output
        self.summary = summary
    }
}
