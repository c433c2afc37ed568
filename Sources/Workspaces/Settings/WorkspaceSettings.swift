public import Playbooks
public import WorkflowModel

/// What `signalbox.yaml` says.
public struct WorkspaceSettings: Sendable, Hashable {
    /// The workspace's name, part of every idempotency key.
    public var name: String
    /// The zone of whatever has none of its own, an IANA name.
    public var zone: String
    /// The channels, by name, with their settings; secrets in them are references.
    public var channels: [String: Value] = [:]
    /// Where each secret comes from.
    public var secrets: [String: SecretSource] = [:]
    /// The settings of plugins, by plugin; secrets in them are references.
    public var plugins: [String: Value] = [:]
    /// What playbooks take when they say nothing themselves.
    public var defaults = PlaybookDefaults()
    /// How long things are kept.
    public var retention = Retention()
    /// What a run may take.
    public var limits = RunLimits()
    /// How `signalbox serve` listens.
    public var server = ServerSettings()

    /// How long things are kept.
    public struct Retention: Sendable, Hashable {
        /// Ended runs with their journals.
        public var runs = Duration.seconds(90 * 86_400)
        /// The identities of events, by which one that comes again is recognised.
        public var events = Duration.seconds(365 * 86_400)
    }

    /// What a run may take.
    public struct RunLimits: Sendable, Hashable {
        /// The size of an event, in bytes.
        public var eventBytes = 1 << 20
        /// The size of an action's output, in bytes.
        public var outputBytes = 1 << 20
        /// The age of a run.
        public var runTime = Duration.seconds(30 * 86_400)
        /// The entries of a run's journal.
        public var journalEntries = 100_000
        /// When playbooks that say nothing themselves are stopped because they fail or begin too often.
        public var breaker = BreakerSetting.on(BreakerRule())
        /// How many runs of a playbook may begin for one subject in a span of time; nil for any number.
        public var runsPerSubject: SubjectRuns? = SubjectRuns(runs: 200, per: .seconds(600))
    }

    /// How many runs of a playbook may begin for one subject.
    public struct SubjectRuns: Sendable, Hashable {
        /// How many.
        public var runs: Int
        /// In what span.
        public var per: Duration
    }

    /// Settings with defaults for all but name and zone.
    public init(name: String, zone: String) {
        self.name = name
        self.zone = zone
    }
}
