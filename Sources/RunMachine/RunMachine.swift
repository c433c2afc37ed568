public import Expressions
public import WorkflowModel

/// One run of a playbook as a state machine: what has happened goes in as journal entries, what must be done comes out as commands.
///
/// It has no clock and does no I/O: every method that needs the time takes `now`, and waits are spread by the journal's seed. Use:
///
/// 1. ``start(_:)``, or ``replay(_:)`` and ``recover(now:)`` for a run that was begun before;
/// 2. ``advance(now:)`` gives commands; do them and report each with ``attemptEnded(_:_:now:)`` or ``verified(_:_:now:)``;
/// 3. whatever was decided is in ``takeEntries()``: store it before anything that depends on it;
/// 4. again from 2, until ``state`` says that the run ended or waits.
public struct RunMachine: Sendable {
    /// The moment at which `duration` of the open time of a business calendar has passed since `start`.
    ///
    /// Throws a ``Failure`` when there is no such calendar, or no such moment within two years.
    public typealias BusinessTime =
        @Sendable (_ calendar: String, _ duration: Duration, _ start: Timestamp) throws(Failure) -> Timestamp

    /// What a machine needs besides its playbook.
    public struct Options: Sendable {
        /// Answers `open_now`.
        public var calendars: NamedValues.CalendarLookup?
        /// Counts open time for waits with a `calendar`.
        public var businessTime: BusinessTime?
        /// The names of the declared secrets, for `secrets.NAME` in `with`.
        public var secretNames: [String]
        /// Whether attempts carry the `mock` of their step.
        public var rehearses: Bool
        /// The longest time from start to end.
        public var longest: Duration
        /// The most journal entries.
        public var maximumEntries: Int
        /// How long `always` and `undo` may take when the run is cancelled or takes too long.
        public var longestStopping = Duration.seconds(300)

        /// Options; the limits are those of the documentation.
        public init(
            calendars: NamedValues.CalendarLookup? = nil, secretNames: [String] = [], rehearses: Bool = false,
            longest: Duration = .seconds(30 * 86_400), maximumEntries: Int = 100_000
        ) {
            self.calendars = calendars
            self.secretNames = secretNames
            self.rehearses = rehearses
            self.longest = longest
            self.maximumEntries = maximumEntries
        }
    }

    enum Phase: Sendable {
        case new
        case running
        /// Completed steps are taken back because of this.
        case undoing(Failure)
        /// `on_failure` runs because of this.
        case handling(Failure)
        /// What still runs is waited for; then the run ends.
        case stopping(Ending)
        case ended(RunState)
    }

    /// Why a run ends before its last step.
    enum Ending: Sendable {
        case cause(JournalEntry.StopCause)
        /// A `stop` step; inside `on_failure` the run has failed all the same.
        case stopStep(reason: String?, failure: Failure?)
    }

    /// How a list of steps ended.
    enum LaneEnd: Sendable {
        case well
        case failed(Failure)
        case cancelled
    }

    let playbook: CompiledWorkflow
    let options: Options
    let secrets: ValueMap
    var phase = Phase.new
    var begun: RunStart?
    /// Whether the first values of `vars` are assigned.
    var hasVars = false
    var vars = ValueMap()
    var results = ValueMap()
    /// What is known since the last wait under the names of ``freshNames``.
    var fresh = ValueMap()
    /// When the calls began that `wait_for` may refer to, by the step's id and, inside loops, its iteration.
    var starts: [String: Timestamp] = [:]
    /// The events that have ended a `wait_for`.
    var arrived: Set<Value> = []
    /// The completed steps that have an `undo`, in the order of their ends; each is taken out when its turn comes.
    var undoable: [UndoItem] = []
    /// Whether the steps of ``undoable`` are being taken back.
    var isUndoing = false
    /// When the end of the run must not take longer; nil when nothing limits it.
    var stopsBy: Timestamp?
    /// Whether that time is over.
    var isHurried = false
    var lanes: [Int: Lane] = [:]
    var nextLane = 0
    /// The lane that stands at each step instance.
    var standing: [String: Int] = [:]
    /// Lanes whose step is to be begun or decided about, in order.
    var ready: [Int] = []
    /// Whether events of `stop_when` may have come that nobody has looked at.
    var mayHaveToStop = false
    /// How the outermost lane ended, until the machine has acted on it.
    var rootEnd: LaneEnd?
    var pending: [JournalEntry] = []
    /// The failure that the run ended or will end with.
    public internal(set) var failure: Failure?
    /// What the run gave back, when it ended well.
    public internal(set) var outputs: ValueMap?
    /// Why it was stopped, in words.
    public internal(set) var reason: String?
    /// The number of entries, the pending ones included.
    public internal(set) var entryCount = 0

    /// A machine that has seen nothing.
    public init(_ playbook: CompiledWorkflow, options: Options = Options()) {
        self.playbook = playbook
        self.options = options
        secrets = ValueMap(strings: options.secretNames.map { ($0, .secret(SecretText(secret: $0))) })
    }

    // MARK: In

    /// Begins the run.
    public mutating func start(_ start: RunStart) {
        guard case .new = phase else { return }
        record(.started(start))
        mayHaveToStop = true
    }

    /// Takes in what was stored, without deciding anything anew.
    ///
    /// - Throws: ``JournalError`` when an entry does not fit the playbook.
    public mutating func replay(_ entries: some Sequence<JournalEntry>) throws(JournalError) {
        for entry in entries {
            entryCount += 1
            guard apply(entry) else {
                throw JournalError(
                    sequence: entryCount,
                    message:
                        "\(entry.kind)\(entry.step.map { " of \($0)" } ?? "") does not fit the playbook at this point")
            }
        }
        mayHaveToStop = true
        for (id, lane) in lanes.sorted(by: { $0.key < $1.key })
        where lane.waitingRounds != nil || lane.isCalling { ready.append(id) }
        // A lane stands in the queue once for every step that it came to; only the last arrival counts.
        var seen = Set<Int>()
        ready = ready.reversed().filter { lanes[$0] != nil && seen.insert($0).inserted }.reversed()
    }

    /// Says that no attempt is under way any more: what was intended and has no outcome is uncertain. To be called once after a
    /// ``replay(_:)`` by a new executor.
    public mutating func recover(now: Timestamp) {
        for (_, lane) in lanes.sorted(by: { $0.key < $1.key }) {
            guard case .call(let call) = lane.activity, case .running = call.phase, let step = lane.step else {
                continue
            }
            record(
                .uncertain(
                    step: lane.key(of: step).description, attempt: call.attempt,
                    Failure(
                        code: "interrupted",
                        message: "Signalbox was stopped while the action ran, so it is not known whether it happened",
                        kind: .uncertain, step: step.label, place: step.place)))
        }
    }

    /// Ends the run before its last step: what is under way is waited for, then `always` and `undo` run, nothing else.
    public mutating func cancel(by person: String, reason: String?, now: Timestamp) {
        switch phase {
        case .running, .undoing, .handling:
            record(.stopping(.cancelled(by: person, reason: reason), until: now + options.longestStopping))
        case .new, .stopping, .ended: break
        }
    }

    /// Ends the run as its caller is being ended.
    public mutating func stop(_ cause: JournalEntry.StopCause, now: Timestamp) {
        switch phase {
        case .running, .undoing, .handling: record(.stopping(cause, until: now + options.longestStopping))
        case .new, .stopping, .ended: break
        }
    }

    /// What is known now, asked for by ``Command/refresh(step:names:known:)``. What comes for a step that does not wait for it is
    /// ignored.
    public mutating func refreshed(_ key: String, _ names: ValueMap, now: Timestamp) {
        guard let id = standing[key] else { return }
        if isRefreshing(id) { return record(.refreshed(step: key, names)) }
        guard let lane = lanes[id], lane.isLooking, let rounds = lane.waitingRounds else { return }
        lanes[id]?.isLooking = false
        var known = self
        known.fresh = fresh.merging(names)
        do throws(Failure) {
            guard try known.isDone(lane, rounds, now: now) else { return }
        } catch {
            // It is asked again when the wait is over, and fails the step then.
            return
        }
        record(.woken(step: key))
        record(.refreshed(step: key, names))
    }

    /// A person settles an uncertain write.
    ///
    /// - Parameter step: the step's id, path or key in the journal.
    /// - Throws: ``Failure`` when no write of that step waits for a person; the message names those that do.
    public mutating func resolve(
        _ step: String, as resolution: JournalEntry.Resolution, by person: String, output: Value? = nil
    ) throws(Failure) {
        let waiting = attentions
        guard let found = waiting.first(where: { $0.key == step || $0.label == step }) else {
            let names = waiting.map(\.key).joined(separator: ", ")
            throw Failure(
                code: "not_waiting",
                message: names.isEmpty
                    ? "no step of this run waits for a decision"
                    : "step \(step) does not wait for a decision; waiting: \(names)")
        }
        record(.resolved(step: found.key, as: resolution, by: person, output: output))
    }

    /// Something may have arrived: what waits for events looks again at the next ``advance(now:)``.
    public mutating func lookAgain() {
        mayHaveToStop = true
        for (id, lane) in lanes.sorted(by: { $0.key < $1.key }) where RunMachine.canHear(lane) { ready.append(id) }
    }

    /// The events asked for by ``Command/listen(step:types:since:subject:)``, in the order of their acceptance.
    public mutating func heard(_ key: String, _ events: [HeardEvent], now: Timestamp) {
        guard let id = standing[key], let lane = lanes[id],
            case .pause(.listening(_, _, let due, _)) = lane.activity, let step = lane.step,
            case .listen(let listen) = step.kind
        else { return }
        lanes[id]?.isLooking = false
        for heard in events where fits(heard, listen.options, lane, now: now) {
            // A wait that begins at the very moment at which an event ended the one before it waits for another.
            if !listen.looksBack, lane.arrivedBefore.contains(RunMachine.identity(.map(heard.event))) { continue }
            return record(.arrived(step: key, .map(heard.event)))
        }
        if due <= now { record(.fired(step: key, lateBy: now - due)) }
    }

    /// The events asked for by ``Command/watch(types:)``, in the order of their acceptance: the first of `stop_when` ends the run.
    public mutating func heardStop(_ events: [HeardEvent], now: Timestamp) {
        guard case .running = phase else { return }
        guard let event = events.first(where: { fits($0, playbook.stopWhen, nil, now: now) })?.event else { return }
        record(
            .stopping(
                .event(type: event["type"]?.string ?? "", id: event["id"]?.string ?? ""),
                until: now + options.longestStopping))
    }

    // MARK: Out

    /// The entries decided since the last call, to be stored in this order.
    public mutating func takeEntries() -> [JournalEntry] {
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
    }

    /// Whether there are entries that nobody has taken.
    public var hasEntries: Bool { !pending.isEmpty }

    /// Where the run stands.
    public var state: RunState {
        switch phase {
        case .new: return .queued
        case .ended(let state): return state
        case .running, .undoing, .handling, .stopping: break
        }
        var isWaiting = false
        var needsAttention = false
        for lane in lanes.values {
            switch lane.activity {
            case .ready: return active
            case .call(let call):
                switch call.phase {
                case .waiting: isWaiting = true
                case .attention: needsAttention = true
                case .again, .running, .uncertain, .verifying: return active
                }
            case .pause(.waiting), .pause(.listening), .pause(.asking): isWaiting = true
            case .sub(.beginning): return active
            case .sub(.waiting): isWaiting = true
            case .pause(.refreshing), .pause(.consulting), .pause(.settled): return active
            case .rounds(let rounds):
                switch rounds.phase {
                case .waiting: isWaiting = true
                case .refreshing, .asking: return active
                case .round: break
                }
            case .branch, .choice, .parallel, .loop, .attempt, .reaction, .ending: break
            }
        }
        if needsAttention { return .needsAttention }
        return isWaiting && active == .running ? .waiting : active
    }

    private var active: RunState { if case .stopping = phase { .stopping } else { .running } }

    /// When the next wait of a step is over; nil when none waits.
    public var nextDue: Timestamp? { waits.map(\.due).min() }

    /// The steps that wait, for another attempt or because the playbook says so, by their key.
    public var waits: [(key: String, due: Timestamp)] {
        lanes.values.compactMap { lane in
            guard let due = lane.due, let step = lane.step else { return nil }
            return (lane.key(of: step).description, due)
        }
    }

    /// The writes that were intended and are not settled: the step's key, the idempotency key, and whether an earlier attempt may
    /// have happened.
    public var openWrites: [(key: String, idempotencyKey: String, isUnsettled: Bool)] {
        lanes.values.compactMap { lane in
            guard case .call(let call) = lane.activity, let write = call.key, let step = lane.step else { return nil }
            return (lane.key(of: step).description, write, call.isUnsettled)
        }
    }

    /// The writes that a person must settle: key, what people call the step, and why.
    public var attentions: [(key: String, label: String, failure: Failure)] {
        lanes.sorted { $0.key < $1.key }.compactMap { _, lane in
            guard case .call(let call) = lane.activity, case .attention(let failure) = call.phase, let step = lane.step
            else { return nil }
            return (lane.key(of: step).description, step.label, failure)
        }
    }

    /// When the run is ended because it took too long, or, while it is being ended, when nothing more may begin.
    public var endsAtLatest: Timestamp? {
        if case .stopping = phase { return isHurried ? nil : stopsBy }
        return begun.map { $0.at + longest }
    }

    /// The longest time from start to end: the playbook's, but never more than everybody's.
    var longest: Duration { min(playbook.workflow.timeout ?? options.longest, options.longest) }

    /// The results of the steps outside of loops, as `steps` shows them.
    public var stepResults: ValueMap { results }

    /// Whether the list of steps that `step` stands in, by its key, ends with it.
    public func isEnding(step key: String) -> Bool { standing[key].flatMap { lanes[$0] }?.isStopping ?? true }

    /// Whether the step with this key is the next to begin in its list.
    public func stands(at key: String) -> Bool {
        if let id = standing[key], case .ready? = lanes[id]?.activity { true } else { false }
    }

    /// Whether an event can end what the step with this key waits for.
    public func isListening(step key: String) -> Bool {
        standing[key].flatMap { lanes[$0] }.map(RunMachine.canHear) ?? false
    }

    /// Whether events can still end the run.
    public var canBeStopped: Bool { if case .running = phase { !playbook.stopWhen.isEmpty } else { false } }

    /// Whether the run is being ended before its last step.
    public var isStopping: Bool { if case .stopping = phase { true } else { false } }

    // MARK: Inside

    /// Takes in something new: it will be stored, and the state follows.
    mutating func record(_ entry: JournalEntry) {
        pending.append(entry)
        entryCount += 1
        let fits = apply(entry)
        assert(fits, "the machine recorded \(entry.kind), which does not fit its own state")
    }

    func scope(of lane: Lane?, now: Timestamp, withSecrets: Bool = false) -> MachineScope {
        var steps = results
        if let lane { for layer in layers(of: lane).reversed() { steps = steps.merging(layer) } }
        let trigger = begun?.names ?? ValueMap()
        var event = Value.null
        if var envelope = begun?.event {
            envelope["data"] = .map(trigger)
            event = .map(envelope)
        }
        var shown: Value?
        if case .handling(let failure) = phase { shown = failure.value }
        if let failure = lane?.failure { shown = failure.value }
        return MachineScope(
            trigger: trigger, fresh: fresh, event: event, events: begun?.events.map(Value.list), vars: vars,
            inputs: begun?.inputs ?? ValueMap(), steps: steps,
            run: [
                "id": begun.map { .string($0.run.text) } ?? .null,
                "url": begun?.url.map(Value.string) ?? begun.map { .string($0.run.text) } ?? .null,
                "started_at": begun.map { .timestamp($0.at) } ?? .null,
            ],
            failure: shown, locals: lane?.locals ?? [], secrets: withSecrets ? secrets : nil, now: now,
            calendars: options.calendars)
    }

    /// The results of the iterations around a lane, innermost first.
    func layers(of lane: Lane) -> [ValueMap] {
        var layers: [ValueMap] = []
        var next: Lane? = lane
        while let current = next {
            if let results = current.results { layers.append(results) }
            next = current.parent.flatMap { lanes[$0] }
        }
        return layers
    }
}
