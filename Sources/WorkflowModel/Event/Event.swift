/// Something that happened: a CloudEvents 1.0 envelope with JSON data, and what Signalbox knows about it besides.
public struct Event: Sendable, Hashable {
    /// Where an event comes from, seen from us.
    public enum Origin: String, Sendable, Hashable {
        /// Somebody or something else.
        case outside
        /// An echo of one of our own writes; fires nothing unless a trigger asks for it.
        case own
    }

    /// Unique for its ``source``; the pair is accepted once.
    public var id: String
    /// What produced it, a URI reference.
    public var source: String
    /// What kind of thing happened: `ticket.created`.
    public var type: String
    /// What it is about: `ticket:4711`. Named by the event type when the sender does not.
    public var subject: String?
    /// When it happened.
    public var time: Timestamp
    /// The data: each top-level key is a name in conditions and steps.
    public var data: ValueMap
    /// Further CloudEvents attributes.
    public var attributes: ValueMap
    /// Whether it is an echo of our own.
    public var origin: Origin
    /// How many runs stand between this event and one from outside; cut at 10.
    public var depth: Int
    /// The run that emitted it, if one did.
    public var causedBy: RunID?

    /// The deepest chain of causes.
    public static let maximumDepth = 10

    /// The type of the event with which a schedule starts a playbook.
    public static let scheduleFired = "schedule.fired"

    /// An event of these parts.
    public init(
        id: String, source: String, type: String, subject: String? = nil, time: Timestamp, data: ValueMap = ValueMap(),
        attributes: ValueMap = ValueMap(), origin: Origin = .outside, depth: Int = 0, causedBy: RunID? = nil
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject ?? EventCatalog.standard.subject(ofType: type, data: data)
        self.time = time
        self.data = data
        self.attributes = attributes
        self.origin = origin
        self.depth = depth
        self.causedBy = causedBy
    }

    /// The envelope as the name `event` shows it in expressions, and as a CloudEvents JSON object.
    public var envelope: Value {
        var map: ValueMap = [
            "specversion": "1.0", "id": .string(id), "source": .string(source), "type": .string(type),
            "subject": subject.map(Value.string) ?? .null, "time": .timestamp(time),
        ]
        for entry in attributes { map[entry.key] = entry.value }
        if origin == .own { map["origin"] = .string(origin.rawValue) }
        if depth > 0 { map["depth"] = .int(Int64(depth)) }
        if let causedBy { map["causedby"] = .string(causedBy.text) }
        map["data"] = .map(data)
        return .map(map)
    }
}

/// An event that a plugin or the engine wants to happen; the engine gives it id, source, depth and cause.
public struct EventDraft: Sendable, Hashable {
    /// The event's type.
    public var type: String
    /// Its subject; nil when the type names it from the data.
    public var subject: String?
    /// Its data.
    public var data: ValueMap
    /// A key that makes the event's id, so that the same happening is emitted once; nil lets the engine make one from run and step.
    public var key: String?

    /// A draft of these parts.
    public init(type: String, subject: String? = nil, data: ValueMap, key: String? = nil) {
        self.type = type
        self.subject = subject
        self.data = data
        self.key = key
    }
}
