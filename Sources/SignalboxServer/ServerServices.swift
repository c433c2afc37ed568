public import Logging
public import PluginKit
public import Prometheus
public import RESTInterface
public import RunStore
public import WorkflowEngine

/// What a server needs of the process around it. It names no store and no plugin: they come in as values.
public struct ServerServices: Sendable {
    /// Takes in events and acts.
    public var engine: Engine
    /// What is looked at; changes go through the engine.
    public var store: any RunStore
    /// Says who makes a request.
    public var callers: any CallerSource
    /// The plugins.
    public var registry: PluginRegistry
    /// All time comes from it.
    public var clock: any EngineClock
    /// Where lines of the log go.
    public var log: Logger
    /// What `/metrics` shows, and keeps what the server measures.
    public var metrics: PrometheusRegistry
    /// The hooks, with their secrets.
    public var hooks = HookBook()
    /// The name of the workspace.
    public var workspace: String
    /// The version of the program.
    public var version: String
    /// The REST interface; nil for a server without one.
    public var api: API?

    /// Services of these parts.
    public init(
        engine: Engine, store: any RunStore, callers: any CallerSource, registry: PluginRegistry,
        clock: any EngineClock = SystemClock(), log: Logger, metrics: PrometheusRegistry, workspace: String,
        version: String, api: API? = nil
    ) {
        self.api = api
        self.engine = engine
        self.store = store
        self.callers = callers
        self.registry = registry
        self.clock = clock
        self.log = log
        self.metrics = metrics
        self.workspace = workspace
        self.version = version
    }
}
