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

    /// A wait until `end`.
    public init(_ end: End) { self.end = end }
}

/// `wait_for`: waits for an event of the run's subject.
public struct ListenStep: Sendable, Hashable {
    /// One kind of event that ends the wait.
    public struct Option: Sendable, Hashable {
        /// The event types.
        public var types: [String]
        /// What must hold for the event; nil when nothing must.
        public var condition: ExpressionText?

        /// Events of `types` under `condition`.
        public init(types: [String], condition: ExpressionText? = nil) {
            self.types = types
            self.condition = condition
        }
    }

    /// Any of these ends the wait.
    public var options: [Option]
    /// The id of the step since whose start events count; nil for the start of the wait.
    public var since: String?
    /// How long to wait.
    public var timeout: Duration

    /// A wait for one of `options`.
    public init(options: [Option], since: String? = nil, timeout: Duration) {
        self.options = options
        self.since = since
        self.timeout = timeout
    }

    /// The types of all options, each once, in order.
    public var types: [String] {
        var types: [String] = []
        for type in options.flatMap(\.types) where !types.contains(type) { types.append(type) }
        return types
    }
}
