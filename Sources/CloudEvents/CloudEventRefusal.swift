import WorkflowModel

/// Why events cannot be read from what came: what is wrong, and where.
public struct CloudEventRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The content type, or the encoding, is none in which events can be read.
        case unsupportedContentType = "unsupported_content_type"
        /// The bytes are not what the content type says they are.
        case unreadable
        /// It can be read, and is no event as CloudEvents 1.0 and Signalbox want one.
        case badEvent = "bad_event"
        /// One event is larger than may be.
        case eventTooLarge = "event_too_large"
        /// There are more events than may come at a time.
        case tooManyEvents = "too_many_events"
    }

    /// The kind.
    public var kind: Kind
    /// What is wrong and what to do, in words.
    public var message: String
    /// The position of the event among those that came, from 0; nil when it is about all of them.
    public var event: Int?
    /// The line of the body, from 1, when it is known.
    public var line: Int?
    /// The column in bytes, from 1, when it is known.
    public var column: Int?
    /// The attribute that is wrong, when it is one.
    public var attribute: String?

    /// A refusal.
    public init(
        _ kind: Kind, _ message: String, event: Int? = nil, line: Int? = nil, column: Int? = nil,
        attribute: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.event = event
        self.line = line
        self.column = column
        self.attribute = attribute
    }

    init(_ error: JSONError, event: Int? = nil, firstLine: Int = 1) {
        self.init(
            .unreadable, error.message, event: event, line: error.line + firstLine - 1, column: error.column)
    }

    init(_ error: EventError, event: Int? = nil, line: Int? = nil) {
        self.init(.badEvent, error.description, event: event, line: line, attribute: error.attribute)
    }

    /// `event 3, line 4, column 7: …`, as far as the place is known; the first event is 1 in it.
    public var description: String {
        var place: [String] = []
        if let event { place.append("event \(event + 1)") }
        if let line { place.append("line \(line)") }
        if let column { place.append("column \(column)") }
        return place.isEmpty ? message : place.joined(separator: ", ") + ": " + message
    }
}
