/// `wait` or `wait_until`.
public struct WaitStep: Sendable, Hashable {
    /// What ends the wait.
    public enum End: Sendable, Hashable {
        /// `wait`: this much time has passed.
        case after(Duration)
        /// `wait_until`: the moment has come.
        case at(ExpressionText)
    }

    /// What ends the wait.
    public var end: End
    /// `calendar`: the business calendar whose open time is counted by ``End/after(_:)``; nil for all time.
    public var calendar: String?

    /// A wait until `end`.
    public init(_ end: End, calendar: String? = nil) {
        self.end = end
        self.calendar = calendar
    }
}

/// `wait_for`: waits for an event.
public struct ListenStep: Sendable, Hashable {
    /// One kind of event that ends the wait.
    public struct Option: Sendable, Hashable {
        /// The event types.
        public var types: [String]
        /// What must hold for the event; nil when nothing must.
        public var condition: ExpressionText?
        /// `of`: the id of the step that must have produced what the event is about; nil for any.
        public var step: String?

        /// Events of `types` under `condition`, about what `step` has produced.
        public init(types: [String], condition: ExpressionText? = nil, of step: String? = nil) {
            self.types = types
            self.condition = condition
            self.step = step
        }
    }

    /// What the events must be about.
    public enum Subject: Sendable, Hashable {
        /// What the run is about.
        case own
        /// Anything.
        case any
        /// What the expression says: `ticket:T-1`.
        case given(ExpressionText)
    }

    /// Stands for every subject where a subject is stored.
    public static let anySubject = "*"

    /// Any of these ends the wait.
    public var options: [Option]
    /// The id of the step since whose start events count; nil for the earliest start of the steps named by `of`, and without such
    /// for the start of the wait.
    public var since: String?
    /// What the events must be about.
    public var subject: Subject
    /// How long to wait.
    public var timeout: Duration
    /// The business calendar whose open time `timeout` counts; nil for all time.
    public var calendar: String?

    /// A wait for one of `options`.
    public init(
        options: [Option], since: String? = nil, subject: Subject = .own, timeout: Duration, calendar: String? = nil
    ) {
        self.calendar = calendar
        self.options = options
        self.since = since
        self.subject = subject
        self.timeout = timeout
    }

    /// The types of all options, each once, in order.
    public var types: [String] {
        var types: [String] = []
        for type in options.flatMap(\.types) where !types.contains(type) { types.append(type) }
        return types
    }
}
