/// What stands between a condition that holds and a run: how often and how many at once. Every part is optional, and what is not
/// there lets everything through.
public struct PlaybookGates: Sendable, Hashable {
    /// `ignore_repeats_for`, `collect_for` or `only_if`.
    public var repeats: RepeatRule?
    /// `throttle`.
    public var throttle: ThrottleRule?
    /// `concurrency`.
    public var concurrency: ConcurrencyRule?
    /// `breaker`; nil takes the workspace's.
    public var breaker: BreakerSetting?

    /// No gates.
    public init() {}

    /// Whether an event's key must be looked at at all: the breaker has none.
    public var hasKeys: Bool { repeats != nil || throttle != nil || concurrency != nil }

    /// Whether a run may be of several events: then its steps see `events`.
    public var collects: Bool { if case .collect? = repeats?.kind { true } else { false } }
}

/// What a playbook makes of events that come again and again.
public struct RepeatRule: Sendable, Hashable {
    /// How repeats are told from news.
    public enum Kind: Sendable, Hashable {
        /// `ignore_repeats_for`: after an event that was acted on, the others of this span are ignored.
        case ignore(Duration)
        /// `collect_for`: acts once, so long after the first, on all that have come by then.
        case collect(Duration)
        /// `only_if`: acts at the last of so many within a span, and then counts from zero.
        case onlyIf(count: Int, within: Duration)
    }

    /// How repeats are told from news.
    public var kind: Kind
    /// `group_by`: what events must have in common to be repeats; nil is the subject.
    public var key: ExpressionText?

    /// The most events that a collection keeps; the number of the others is told.
    public static let mostCollected = 1000
    /// The most bytes of events that a collection keeps.
    public static let largestCollection = 4 << 20

    /// A rule.
    public init(_ kind: Kind, key: ExpressionText? = nil) {
        self.kind = kind
        self.key = key
    }
}

/// How many runs may begin in a span of time: `throttle`.
public struct ThrottleRule: Sendable, Hashable {
    /// What becomes of those above the limit.
    public enum Excess: String, Sendable, Hashable, CaseIterable {
        /// They are recorded and not acted on.
        case suppress
    }

    /// What is counted together; nil is the subject.
    public var key: ExpressionText?
    /// How many may begin, 1 to 1,000.
    public var limit: Int
    /// The span, which slides.
    public var per: Duration
    /// What becomes of the others.
    public var over: Excess

    /// A rule.
    public init(key: ExpressionText? = nil, limit: Int, per: Duration, over: Excess = .suppress) {
        self.key = key
        self.limit = limit
        self.per = per
        self.over = over
    }
}

/// How many runs may be at work at once: `concurrency`.
public struct ConcurrencyRule: Sendable, Hashable {
    /// What becomes of an event while the slot is full.
    public enum IfBusy: String, Sendable, Hashable, CaseIterable {
        /// Its run is made and waits until a run of the slot has ended; the oldest goes first.
        case wait
        /// It is recorded and not acted on.
        case skip
        /// The runs at work are cancelled, and its run begins when they have ended.
        case replace
        /// Its run begins all the same.
        case runToo = "run_too"
    }

    /// What shares a slot; nil is the subject.
    public var key: ExpressionText?
    /// What becomes of an event while the slot is full.
    public var ifBusy: IfBusy
    /// How many may be at work at once, 1 to 100.
    public var limit: Int

    /// The most runs that wait for one slot.
    public static let longestLine = 900

    /// A rule.
    public init(key: ExpressionText? = nil, ifBusy: IfBusy = .wait, limit: Int = 1) {
        self.key = key
        self.ifBusy = ifBusy
        self.limit = limit
    }
}

/// `breaker` of a playbook or of `limits`.
public enum BreakerSetting: Sendable, Hashable {
    /// `breaker: off`.
    case off
    /// When it opens.
    case on(BreakerRule)

    /// The rule, when it is on.
    public var rule: BreakerRule? { if case .on(let rule) = self { rule } else { nil } }
}

/// When a playbook is stopped because something must be wrong with it, and for how long.
public struct BreakerRule: Sendable, Hashable {
    /// Opens when more than this share of the runs that ended have failed, 0 to 1.
    public var failedShare = 0.5
    /// So many runs must have ended before the share is looked at.
    public var atLeast = 20
    /// The span in which runs ended.
    public var within = Duration.seconds(600)
    /// Opens when more runs than this have begun; nil for no limit.
    public var runs: Int?
    /// The span in which runs began.
    public var per = Duration.seconds(300)
    /// How long it stays open before one run is let through to see.
    public var coolDown = Duration.seconds(600)

    /// The rule of playbooks and workspaces that say nothing.
    public init() {}
}
