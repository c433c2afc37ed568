public import Calendars
public import Expressions
public import Logging
public import PluginKit
public import RunMachine
public import RunStore
public import WorkflowModel

/// What a rehearsal plays in: plugins, tables, and what the workspace keeps, seen through an overlay that is thrown away.
public struct RehearsalSetting: Sendable {
    /// The plugins.
    public var registry: PluginRegistry
    /// The document collections of the plugins by full name.
    public var collections: [String: CollectionDeclaration]
    /// The workspace's tables.
    public var tables: WorkspaceTables
    /// Each plugin's settings; secrets in them are references.
    public var pluginSettings: [String: Value] = [:]
    /// The names of the declared secrets; their values are never looked up.
    public var secretNames: [String] = []
    /// Answers `open_now`; nil when there are no calendars.
    public var calendars: NamedValues.CalendarLookup?
    /// Counts the open time of business calendars; nil when there are none.
    public var businessTime: RunMachine.BusinessTime?
    /// The business calendars, for schedules that keep to one; nil when there are none.
    public var businessCalendars: Schedule.CalendarLookup?
    /// What the workspace keeps; nil for an empty one.
    public var base: (any StoreSnapshot)?
    /// The way of `read` actions to other systems; nil refuses it.
    public var http: (any HTTPClient)?
    /// The workspace's id, so that keys look as they would.
    public var workspaceID: String
    /// The sample event of a type, for scripts; nil when there is none.
    public var sampleEvent: @Sendable (_ type: String) -> Event? = { _ in nil }
    /// What actions log to.
    public var log: Logger

    /// A setting of these parts.
    public init(
        registry: PluginRegistry, collections: [String: CollectionDeclaration], tables: WorkspaceTables,
        workspaceID: String, log: Logger
    ) {
        self.registry = registry
        self.collections = collections
        self.tables = tables
        self.workspaceID = workspaceID
        self.log = log
    }
}
