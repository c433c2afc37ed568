public import Calendars
public import Expressions
public import Logging
public import PluginKit
public import RunMachine
public import RunStore
public import WorkflowModel

/// The engine's numbers and names.
public struct EngineSettings: Sendable {
    /// The workspace's id: part of every idempotency key, so that two workspaces never share one.
    public var workspaceID: String
    /// Makes the address of a run's page; nil when there is none.
    public var runURL: (@Sendable (RunID) -> String)?
    /// How many runs are worked on at the same time. Those that wait for the disk share commits, so more than there are cores pay.
    public var maximumRuns = 256
    /// The time limit of an attempt when neither playbook nor manifest has one.
    public var attemptTimeout = Duration.seconds(30)
    /// The largest output of an action, in bytes.
    public var maximumOutput = 1 << 20
    /// The longest time from a run's start to its end.
    public var longestRun = Duration.seconds(30 * 86_400)
    /// The most journal entries of a run.
    public var maximumEntries = 100_000
    /// Whether the result of each `pure` and `read` step is committed by itself instead of with the next commit.
    public var commitsEveryStep = false
    /// How often requests of other processes are looked for.
    public var requestInterval = Duration.milliseconds(50)
    /// When playbooks that say nothing themselves are stopped because they fail or begin too often.
    public var breaker = BreakerSetting.off
    /// How many runs of a playbook may begin for one subject; nil for any number.
    public var subjectLimit: SubjectLimit?
    /// Whether `mock` values of steps reach the performer.
    public var rehearses = false

    /// Whether schedules fire.
    public var keepsSchedules = true

    /// Settings with the defaults of the documentation.
    public init(workspaceID: String) { self.workspaceID = workspaceID }
}

/// How many runs of one playbook may begin for one subject: what goes beyond is taken for a loop.
public struct SubjectLimit: Sendable, Hashable {
    /// How many.
    public var runs: Int
    /// In what span, which slides; also how long the playbook then rests for the subject.
    public var per: Duration

    /// A limit.
    public init(runs: Int, per: Duration) {
        self.runs = runs
        self.per = per
    }
}

/// What the engine needs from the rest of the process.
public struct EngineServices: Sendable {
    /// Gives that many random bytes.
    public typealias Entropy = @Sendable (_ count: Int) -> [UInt8]

    /// The plugins.
    public var registry: PluginRegistry
    /// The way of steps to the outside.
    public var performer: any ActionPerformer
    /// All time comes from it.
    public var clock: any EngineClock
    /// Random bytes, for ids and seeds.
    public var entropy: Entropy
    /// The workspace's tables as they are now.
    public var workspace: @Sendable () -> WorkspaceTables
    /// Each plugin's settings; secrets in them are references.
    public var pluginSettings: [String: Value] = [:]
    /// The names of the declared secrets.
    public var secretNames: [String] = []
    /// Answers `open_now`.
    public var calendars: NamedValues.CalendarLookup?
    /// Counts the open time of business calendars, for waits.
    public var businessTime: RunMachine.BusinessTime?
    /// The business calendars, for schedules that keep to one.
    public var businessCalendars: Schedule.CalendarLookup?
    /// What is known now, for runs that have waited.
    public var facts: any FactSource
    /// Reads the playbook of an older bundle back, for runs that began with it.
    public var readBundle: @Sendable (_ hash: String, _ content: Value) throws -> ActivePlaybook
    /// Rehearses a run of `mode: shadow`; without it such runs are only recorded.
    public var shadowRunner: ShadowRunner?
    /// Acts on requests that the engine does not know itself, in the transaction that stores the answer, which it returns; nil for
    /// an unknown kind. A ``WorkflowModel/Failure`` or ``EngineError`` that it throws undoes what it did and is the answer.
    public var requestHandler: (@Sendable (RequestRecord, any StoreTransaction) throws -> Value?)?
    /// Reads the workspace anew because a person asks for it, and gives the answer as ``RequestAnswer`` says; nil where it is read once.
    public var reload: (@Sendable (_ person: String, _ typist: String?) async -> Value)?
    /// What actions log to.
    public var log: Logger
    /// What monitoring is told.
    public var metrics = EngineMetrics.none
    /// Where all tasks of the engine run; nil for the system's own threads. A simulation brings one that decides the order.
    public var executor: (any TaskExecutor)?
    /// Told what happens.
    public var progress: (@Sendable (Progress) -> Void)?
    /// Called at each point around commits; what it throws ends the worker as a crash would. For tests.
    public var faults: (@Sendable (FaultPoint) throws -> Void)?

    /// Services of these parts.
    public init(
        registry: PluginRegistry, performer: any ActionPerformer, clock: any EngineClock = SystemClock(),
        entropy: @escaping Entropy = EngineServices.systemEntropy,
        workspace: @escaping @Sendable () -> WorkspaceTables,
        readBundle: @escaping @Sendable (_ hash: String, _ content: Value) throws -> ActivePlaybook, log: Logger
    ) {
        self.registry = registry
        facts = KnownFacts(registry)
        self.performer = performer
        self.clock = clock
        self.entropy = entropy
        self.workspace = workspace
        self.readBundle = readBundle
        self.log = log
    }

    /// Begins a task of the engine. Every task of the engine begins here, so that ``executor`` has them all.
    @discardableResult
    func spawn(_ work: sending @escaping @isolated(any) () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor, operation: work)
    }

    /// The system's random numbers.
    public static let systemEntropy: Entropy = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
