public import CoreMetrics
public import RunStore
import WorkflowModel

/// What the engine tells monitoring: every name, unit and label is in this file, and in `docs/operations.md`. Labels have few
/// values that are known beforehand: none is the name of a run, a step, a playbook, a subject or a person.
///
/// All handles are made when it is made, so that noting something costs a call. Without a factory nothing is kept.
public final class EngineMetrics: Sendable {
    /// A metric that the engine has.
    public struct Definition: Sendable, Hashable {
        /// The name, with the unit at its end.
        public var name: String
        /// One line for people.
        public var help: String
        /// The upper bounds of a histogram's buckets; empty for others.
        public var bounds: [Double] = []
    }

    /// Keeps nothing.
    public static let none = EngineMetrics(factory: NOOPMetricsHandler.instance)

    private static let seconds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    /// All metrics, in the order of the documentation.
    public static let definitions: [Definition] = [
        Definition(name: "signalbox_events_total", help: "Events by what became of them"),
        Definition(name: "signalbox_matches_total", help: "Playbooks that an event concerned, by what became of that"),
        Definition(name: "signalbox_runs_started_total", help: "Runs that a worker has begun"),
        Definition(name: "signalbox_runs_ended_total", help: "Runs that have ended, by state"),
        Definition(name: "signalbox_steps_total", help: "Steps that have ended, by outcome"),
        Definition(name: "signalbox_step_retries_total", help: "Attempts that failed and are made again"),
        Definition(name: "signalbox_needs_attention_total", help: "Writes that a person must settle"),
        Definition(name: "signalbox_warnings_total", help: "What a person should know and stopped nothing"),
        Definition(name: "signalbox_runs_stalled_total", help: "Runs that stopped because the store failed"),
        Definition(name: "signalbox_requests_answered_total", help: "Requests of other processes with an answer"),
        Definition(
            name: "signalbox_request_answer_seconds", help: "From a request to its answer", bounds: seconds),
        Definition(
            name: "signalbox_event_to_first_step_seconds", help: "From an event to the call of its run's first step",
            bounds: seconds),
        Definition(
            name: "signalbox_attempt_duration_seconds", help: "Attempts of steps, from the call to what it gave",
            bounds: seconds),
        Definition(
            name: "signalbox_timer_lag_seconds", help: "From the time of a timer until it fired", bounds: seconds),
        Definition(
            name: "signalbox_commit_duration_seconds", help: "Commits, until they are on disk",
            bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]),
        Definition(
            name: "signalbox_commit_changes", help: "Changes that share a commit",
            bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]),
        Definition(name: "signalbox_commits_failed_total", help: "Commits that failed; nothing of them is stored"),
        Definition(
            name: "signalbox_reloads_total", help: "Times that the workspace was read anew, by what became of it"),
        Definition(
            name: "signalbox_workspace_refused",
            help: "1 while the files of the workspace have mistakes and the former ones are gone by, else 0"),
        Definition(name: "signalbox_runs_in_line", help: "Runs that wait for a worker"),
        Definition(name: "signalbox_runs_at_work", help: "Runs that a worker has or that are in line"),
        Definition(name: "signalbox_writes_waiting", help: "Changes that wait for the writer of the store"),
        Definition(
            name: "signalbox_oldest_pending_seconds", help: "Age of the oldest run that should be worked on and is not"),
        Definition(name: "signalbox_runs_needing_attention", help: "Runs that wait for a person, at most 1,000"),
        Definition(name: "signalbox_asks_open", help: "Questions without an answer, at most 1,000"),
    ]

    private let events: [EventOutcome: Counter]
    private let matches: [MatchRecord.Outcome: Counter]
    private let runsStarted, retries, attention, warnings, stalled, requests, failedCommits: Counter
    private let runsEnded: [RunState: Counter]
    private let steps: [StepStatus: Counter]
    private let requestAnswer, firstStep, timerLag, commitDuration: CoreMetrics.Timer
    private let attempts: [Effect: CoreMetrics.Timer]
    private let commitChanges: Recorder
    private let reloads: [ReloadOutcome: Counter]
    private let workspaceRefused: Gauge
    private let inLine, atWork, writesWaiting, oldestPending, needingAttention, asksOpen: Gauge

    private enum EventOutcome: String, CaseIterable {
        case accepted, duplicate, refused
    }

    private enum ReloadOutcome: String, CaseIterable {
        case done, refused
    }

    /// Metrics that `factory` keeps.
    public init(factory: any MetricsFactory) {
        func counter(_ name: String) -> Counter { Counter(label: "signalbox_\(name)_total", factory: factory) }
        func counters<Label: RawRepresentable<String> & Hashable>(
            _ name: String, _ label: String, _ values: [Label]
        ) -> [Label: Counter] {
            var counters: [Label: Counter] = [:]
            for value in values {
                counters[value] = Counter(
                    label: "signalbox_\(name)_total", dimensions: [(label, value.rawValue)], factory: factory)
            }
            return counters
        }
        func timer(_ name: String, _ labels: [(String, String)] = []) -> CoreMetrics.Timer {
            CoreMetrics.Timer(label: "signalbox_\(name)_seconds", dimensions: labels, factory: factory)
        }
        func gauge(_ name: String) -> Gauge { Gauge(label: "signalbox_\(name)", factory: factory) }
        events = counters("events", "outcome", EventOutcome.allCases)
        matches = counters("matches", "outcome", MatchRecord.Outcome.allCases)
        runsStarted = counter("runs_started")
        runsEnded = counters("runs_ended", "state", RunState.allCases.filter(\.isFinal))
        steps = counters("steps", "outcome", StepStatus.allCases)
        retries = counter("step_retries")
        attention = counter("needs_attention")
        warnings = counter("warnings")
        stalled = counter("runs_stalled")
        requests = counter("requests_answered")
        failedCommits = counter("commits_failed")
        requestAnswer = timer("request_answer")
        firstStep = timer("event_to_first_step")
        timerLag = timer("timer_lag")
        commitDuration = timer("commit_duration")
        var attempts: [Effect: CoreMetrics.Timer] = [:]
        for effect in Effect.allCases {
            attempts[effect] = timer("attempt_duration", [("effect", effect.rawValue)])
        }
        self.attempts = attempts
        commitChanges = Recorder(label: "signalbox_commit_changes", factory: factory)
        reloads = counters("reloads", "outcome", ReloadOutcome.allCases)
        workspaceRefused = gauge("workspace_refused")
        workspaceRefused.record(0)
        inLine = gauge("runs_in_line")
        atWork = gauge("runs_at_work")
        writesWaiting = gauge("writes_waiting")
        oldestPending = gauge("oldest_pending_seconds")
        needingAttention = gauge("runs_needing_attention")
        asksOpen = gauge("asks_open")
    }

    // MARK: What happens

    /// What came of events and their matches; told after the commit.
    func accepted(_ dispatch: Dispatch) {
        for receipt in dispatch.receipts {
            let outcome: EventOutcome =
                receipt.refusal != nil ? .refused : receipt.isDuplicate ? .duplicate : .accepted
            events[outcome]?.increment()
            for match in receipt.matches { matches[match.outcome]?.increment() }
        }
    }

    func note(_ progress: Progress) {
        switch progress {
        case .runStarted(_, let resumed): if !resumed { runsStarted.increment() }
        case .runEnded(let run): runsEnded[run.state]?.increment()
        case .stepEnded(_, _, let status, _, _): steps[status]?.increment()
        case .stepRetries: retries.increment()
        case .needsAttention: attention.increment()
        case .warning: warnings.increment()
        case .runStalled: stalled.increment()
        case .requestAnswered(_, _, let waited):
            requests.increment()
            record(waited, in: requestAnswer)
        default: break
        }
    }

    func firstStep(after duration: Duration) { record(duration, in: firstStep) }

    func attempt(_ effect: Effect, took duration: Duration) {
        if let timer = attempts[effect] { record(duration, in: timer) }
    }

    func timerFired(after duration: Duration) { record(duration, in: timerLag) }

    /// Notes that the workspace was read anew, and whether it is gone by; when it is not, whether that is for its mistakes.
    public func reloaded(isRefused: Bool, hasMistakes: Bool = true) {
        reloads[isRefused ? .refused : .done]?.increment()
        if !isRefused || hasMistakes { workspaceRefused.record(isRefused ? 1 : 0) }
    }

    /// Notes a commit; the observer of the store.
    public func committed(_ report: CommitReport) {
        guard report.failure == nil else { return failedCommits.increment() }
        record(report.duration, in: commitDuration)
        commitChanges.record(Int64(report.changes))
    }

    /// A clock that was put back gives negative durations; they count as none.
    private func record(_ duration: Duration, in timer: CoreMetrics.Timer) {
        let (seconds, attoseconds) = duration.components
        timer.recordNanoseconds(max(0, seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000))
    }

    // MARK: How it stands

    /// What is looked at when somebody wants to know.
    struct Sample: Sendable {
        var inLine, atWork, writesWaiting: Int
        var oldestPending: Duration
        var needingAttention, asksOpen: Int
    }

    func note(_ sample: Sample) {
        inLine.record(sample.inLine)
        atWork.record(sample.atWork)
        writesWaiting.record(sample.writesWaiting)
        oldestPending.record(sample.oldestPending / .seconds(1))
        needingAttention.record(sample.needingAttention)
        asksOpen.record(sample.asksOpen)
    }
}

extension Engine {
    /// Looks at how things stand and notes it in the gauges of ``EngineServices/metrics``: call it before they are read.
    ///
    /// - Throws: ``StoreError``.
    public func sampleMetrics() async throws {
        let (core, now) = (core, core.services.clock.now)
        let sample = try await core.store.read(view: { reader in
            var pending = Duration.zero
            if let first = try reader.runnable(generation: core.generation, now: now, limit: 1).first,
                let run = try reader.run(first)
            {
                pending = max(.zero, now - (run.wakesAt ?? run.createdAt))
            }
            return EngineMetrics.Sample(
                inLine: core.lineLength, atWork: core.runsAtWork, writesWaiting: core.store.writeLoad.waiting,
                oldestPending: pending,
                needingAttention: try reader.runs(RunQuery(states: [.needsAttention], limit: 1000)).count,
                asksOpen: try reader.asks(AskQuery(states: [.open], limit: 1000)).count)
        })
        core.services.metrics.note(sample)
    }
}
