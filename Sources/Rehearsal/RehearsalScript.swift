public import WorkflowModel

/// What the world does while a rehearsed run waits: events arrive, and people answer. Without it waits time out.
public struct RehearsalScript: Sendable {
    /// An event that comes while the run is under way.
    public struct Arrival: Sendable {
        /// What comes.
        public enum Content: Sendable {
            /// This event, at the time of its arrival.
            case event(Event)
            /// The sample event of a type, about what the run is about.
            case sample(type: String)
        }

        /// How long after the start of the run.
        public var after: Duration
        /// What comes.
        public var content: Content

        /// `content` comes `after` the start.
        public init(after: Duration, _ content: Content) {
            self.after = after
            self.content = content
        }
    }

    /// What people answer to a question, as soon as it is asked.
    public enum Answer: Sendable, Hashable {
        /// An approval.
        case approve
        /// A rejection.
        case reject
        /// The fields of a form; those that are not given are made up.
        case fields(ValueMap)
        /// Nobody answers.
        case nobody
    }

    /// The events, in any order.
    public var arrivals: [Arrival] = []
    /// The answers, by the id of the step that asks.
    public var answers: [String: Answer] = [:]

    /// Nothing comes and nobody answers.
    public init() {}
}

/// A moment of a rehearsed run at which the world decides how it goes on.
public struct ChoicePoint: Sendable, Hashable {
    /// The step that waits or asks.
    public var step: String
    /// What may happen, in words; the last is that its time is over.
    public var options: [String]
    /// Which of them happened.
    public var chosen: Int
    /// What became of it, when that is not what was meant.
    public var note: String?

    /// What happened, in words.
    public var choice: String { options[chosen] }
}

/// Something that a script let happen.
public struct Happening: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// What, in words.
    public var text: String
}
