public import Expressions
public import PluginKit
public import RunStore
public import WorkflowEngine
public import WorkflowModel

/// What the API works with: values from the process around it.
public struct APIServices: Sendable {
    /// Does an action of a plugin that only looks, outside of any run; gives its output.
    public typealias Look = @Sendable (_ action: String, _ input: ValueMap) async throws -> Value

    /// All time comes from it.
    public var clock: any EngineClock
    /// What is looked at.
    public var store: any RunStore
    /// Carries decisions to the executor.
    public var requests: RequestClient
    /// The plugins.
    public var registry: PluginRegistry
    /// The playbooks as they are active now.
    public var playbooks: @Sendable () -> ActiveSet
    /// The people of the workspace as they are now.
    public var directory: @Sendable () -> Directory
    /// Answers `open_now` when conditions are explained.
    public var calendars: NamedValues.CalendarLookup?
    /// Does what only looks.
    public var look: Look
    /// What has changed, as it changes.
    public var feed: ChangeFeed
    /// The name of the workspace.
    public var workspace: String
    /// The version of the program.
    public var version: String
    /// How long a decision may take until the executor has it on disk.
    public var answerTime = Duration.seconds(20)

    /// Services of these parts.
    public init(
        store: any RunStore, requests: RequestClient, registry: PluginRegistry,
        playbooks: @escaping @Sendable () -> ActiveSet, directory: @escaping @Sendable () -> Directory,
        calendars: NamedValues.CalendarLookup? = nil, look: @escaping Look, feed: ChangeFeed, workspace: String,
        version: String, clock: any EngineClock = SystemClock()
    ) {
        self.clock = clock
        self.store = store
        self.requests = requests
        self.registry = registry
        self.playbooks = playbooks
        self.directory = directory
        self.calendars = calendars
        self.look = look
        self.feed = feed
        self.workspace = workspace
        self.version = version
    }
}
