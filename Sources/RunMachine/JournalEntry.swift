public import WorkflowModel

/// One thing that has happened in a run. The journal is the list of them; a run's whole state follows from it.
///
/// `step` is always the key of a step's instance, ``StepKey/description``.
public enum JournalEntry: Sendable, Hashable {
    /// A choice that the machine made by evaluating something; a replay follows it.
    public enum Decision: Sendable, Hashable {
        /// The step's `if` is false.
        case skip
        /// The branch taken by `if`/`then`/`else`.
        case then, otherwise
        /// All branches of `parallel` begin.
        case parallel
        /// The elements of `for_each`.
        case loop([Value])
        /// The case of `switch` that is taken, from 0; nil for `default`.
        case choose(Int?)
        /// The steps of `try` begin.
        case attempt
        /// Round `number`, from 1, of `repeat` begins.
        case round(Int, at: Timestamp)
        /// There are no more rounds; whether `until` has come to hold.
        case roundsEnd(isDone: Bool)
        /// The steps of `on_timeout`, and of `on_reject`, begin.
        case onTimeout, onReject
    }

    /// How an uncertain write is settled.
    public enum Resolution: String, Sendable, Hashable, CaseIterable {
        /// It has happened.
        case done
        /// It is called again.
        case retry
        /// It is left; the step fails with `uncertain`.
        case skip
    }

    /// Why a run is being ended before its last step.
    public enum StopCause: Sendable, Hashable {
        /// A person cancelled it.
        case cancelled(by: String, reason: String?)
        /// It ran longer than a run may.
        case timedOut
        /// Its journal reached the limit.
        case tooLong
        /// An event of `stop_when` has arrived.
        case event(type: String, id: String)
    }

    case started(RunStart)
    /// Variables were assigned: by `vars` at the start, or by a `set` step.
    case assigned(step: String?, ValueMap)
    case decided(step: String, Decision)
    /// A write is about to be called. `input` is given with the first attempt and stays the same.
    case intended(
        step: String, attempt: Int, key: String, input: Value?, startedAt: Timestamp, mayBeDuplicate: Bool)
    /// The step ended well. `note` is a warning for people.
    case completed(step: String, attempt: Int, output: Value, startedAt: Timestamp, note: String?)
    /// An attempt failed and there will be another at `due`.
    case retried(step: String, attempt: Int, Failure, due: Timestamp, startedAt: Timestamp, mayBeDuplicate: Bool)
    /// A `wait` begins, or the wait between two rounds.
    case waiting(step: String, due: Timestamp)
    /// A `wait_for` begins: events of `types` that were accepted at `since` or later count, until `due`. `subject` is what they must
    /// be about, ``ListenStep/anySubject`` for anything, nil for what the run is about.
    case listening(step: String, types: [String], since: Timestamp, due: Timestamp, subject: String? = nil)
    /// An event that a `wait_for` waited for, with its data, as `event` shows it.
    case arrived(step: String, Value)
    /// A question was put to people.
    case asked(step: String, AskOpening)
    /// One of them has answered.
    case answered(step: String, AskAnswer)
    /// They are reminded, for the `number`th time; the next reminder is at `next`.
    case reminded(step: String, number: Int, next: Timestamp?)
    /// The time to answer is over.
    case expired(step: String, lateBy: Duration)
    /// A run of another playbook was made for the step.
    case called(step: String, playbook: String, run: RunID, inputs: ValueMap, at: Timestamp)
    /// The called run has ended.
    case returned(step: String, run: RunID, RunState, outputs: Value?, Failure?)
    /// A wait is over: for another attempt, or one of the playbook.
    case fired(step: String, lateBy: Duration)
    /// An event about the run's subject has made the `until` of `repeat` true before the wait was over.
    case woken(step: String)
    /// What is known now under the names that the event had given: facts are not stale after a wait.
    case refreshed(step: String, ValueMap)
    /// The step failed for good.
    case failed(step: String, attempt: Int, Failure, startedAt: Timestamp)
    /// A write ended without a known outcome.
    case uncertain(step: String, attempt: Int, Failure)
    /// A person must settle the write.
    case needsAttention(step: String, Failure)
    case resolved(step: String, as: Resolution, by: String, output: Value?)
    /// A `stop` step was reached.
    case stopped(step: String, reason: String?)
    /// The run is being ended. What must still run may take until `until`; nil in journals of earlier versions: without a limit.
    case stopping(StopCause, until: Timestamp? = nil)
    /// That time is over: nothing more begins.
    case hurried
    /// Completed steps are taken back, last first: because of the failure that has left the playbook, or because the run is being
    /// ended.
    case undoing(Failure?)
    /// A failure has left the playbook and `on_failure` begins.
    case handling(Failure)
    case ended(RunState, outputs: ValueMap?, Failure?, reason: String?)

    /// The format version that this code writes.
    public static let version = 1

    /// The name of the entry's kind, as stored.
    public var kind: String {
        switch self {
        case .started: "started"
        case .assigned: "assigned"
        case .decided: "decided"
        case .intended: "intended"
        case .completed: "completed"
        case .retried: "retried"
        case .waiting: "waiting"
        case .listening: "listening"
        case .arrived: "arrived"
        case .asked: "asked"
        case .answered: "answered"
        case .reminded: "reminded"
        case .expired: "expired"
        case .called: "called"
        case .returned: "returned"
        case .fired: "fired"
        case .woken: "woken"
        case .refreshed: "refreshed"
        case .failed: "failed"
        case .uncertain: "uncertain"
        case .needsAttention: "needs_attention"
        case .resolved: "resolved"
        case .stopped: "stopped"
        case .stopping: "stopping"
        case .hurried: "hurried"
        case .undoing: "undoing"
        case .handling: "handling"
        case .ended: "ended"
        }
    }

    /// The step that it is about.
    public var step: String? {
        switch self {
        case .started, .stopping, .hurried, .undoing, .handling, .ended: nil
        case .assigned(let step, _): step
        case .decided(let step, _), .intended(let step, _, _, _, _, _), .completed(let step, _, _, _, _),
            .retried(let step, _, _, _, _, _), .waiting(let step, _), .listening(let step, _, _, _, _),
            .arrived(let step, _),
            .asked(let step, _), .answered(let step, _), .reminded(let step, _, _), .expired(let step, _),
            .fired(let step, _), .woken(let step), .refreshed(let step, _),
            .called(let step, _, _, _, _), .returned(let step, _, _, _, _),
            .failed(let step, _, _, _),
            .uncertain(let step, _, _), .needsAttention(let step, _), .resolved(let step, _, _, _),
            .stopped(let step, _):
            step
        }
    }
}

/// A stored journal that this version cannot read, or that does not fit its playbook.
public struct JournalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The entry's place in the run, from 1.
    public var sequence: Int
    /// What is wrong with it.
    public var message: String

    /// An error about entry `sequence`.
    public init(sequence: Int, message: String) {
        self.sequence = sequence
        self.message = message
    }

    /// `journal entry 7: …`.
    public var description: String { "journal entry \(sequence): \(message)" }
}
