/// A trigger by the clock: `schedule`.
public struct ScheduleTrigger: Sendable, Hashable {
    /// When it fires.
    public enum Times: Sendable, Hashable {
        /// A cron expression.
        case cron(String)
        /// A recurrence rule (RFC 5545), and the local time or date from which it counts.
        case rrule(String, start: String)

        /// In one line: the expression, or the rule with its start.
        public var text: String {
            switch self {
            case .cron(let text): text
            case .rrule(let text, let start): "\(text) from \(start)"
            }
        }
    }

    /// What becomes of fires at which nobody executed.
    public enum CatchUp: String, Sendable, Hashable, CaseIterable {
        /// They are passed over, and the next fire says how many.
        case skip
        /// The last one is made up for, and says how many were passed over. The default.
        case latest
        /// Each is made up for, up to a limit.
        case all
    }

    /// Which times of its calendar a schedule keeps to.
    public enum OpenTimes: String, Sendable, Hashable, CaseIterable {
        /// The open hours. The default.
        case hours = "open_hours"
        /// The days that have open hours, whatever the time of day.
        case days = "open_days"
    }

    /// When it fires.
    public var times: Times
    /// An IANA zone; nil for the workspace's.
    public var zone: String?
    /// What becomes of missed fires.
    public var catchUp: CatchUp
    /// What a fire does while the run of an earlier one has not ended: as a `concurrency` of its own; nil for the playbook's.
    public var overlap: ConcurrencyRule.IfBusy?
    /// The business calendar that it keeps to: it does not fire while that is closed; nil for always.
    public var calendar: String?
    /// Which times of ``calendar`` it keeps to.
    public var within = OpenTimes.hours
    /// Where it is written.
    public var place: SourcePlace

    /// A schedule.
    public init(
        times: Times, zone: String? = nil, catchUp: CatchUp = .latest, overlap: ConcurrencyRule.IfBusy? = nil,
        place: SourcePlace
    ) {
        self.times = times
        self.zone = zone
        self.catchUp = catchUp
        self.overlap = overlap
        self.place = place
    }
}

extension Workflow {
    /// The key of the slot that the fires of its schedules share when they have an `overlap`.
    public var scheduleKey: String { "schedule:\(id)" }

    /// The `overlap` of the schedule at `position` among the triggers, or with nil of the first that has one, as a rule of concurrency.
    public func overlap(ofTrigger position: Int?) -> ConcurrencyRule? {
        for schedule in schedules where position == nil || schedule.position == position {
            if let overlap = schedule.trigger.overlap { return ConcurrencyRule(ifBusy: overlap) }
        }
        return nil
    }
}
