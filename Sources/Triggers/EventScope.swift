public import Expressions
public import WorkflowModel

/// What a condition sees of an event: each top-level key of its data, what consumers attached, and `event`, the envelope.
public struct EventScope: Scope {
    // One pointer, so that the scope travels without being copied.
    private final class Storage: Sendable {
        let event: Event
        let names: ValueMap
        let now: Timestamp
        let calendars: NamedValues.CalendarLookup?

        init(event: Event, names: ValueMap, now: Timestamp, calendars: NamedValues.CalendarLookup?) {
            self.event = event
            self.names = names
            self.now = now
            self.calendars = calendars
        }
    }

    private let storage: Storage

    /// The scope of `event`, whose data as conditions see it is `names`.
    public init(event: Event, names: ValueMap, now: Timestamp, calendars: NamedValues.CalendarLookup? = nil) {
        storage = Storage(event: event, names: names, now: now, calendars: calendars)
    }

    public var now: Timestamp { storage.now }

    public func value(of name: String) -> Value? {
        if name == "event" { return storage.event.envelope }
        if name == "trigger" { return .map(storage.names) }
        return storage.names[name]
    }

    public func isOpen(calendar: String, at moment: Timestamp) -> Bool? { storage.calendars?(calendar, moment) }
}
