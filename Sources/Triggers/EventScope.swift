public import Expressions
public import WorkflowModel

/// What a condition sees of an event: each top-level key of its data, what consumers attached, and `event`, the envelope.
public struct EventScope: Scope {
    // One pointer, so that the scope travels without being copied.
    private final class Storage: Sendable {
        let event: Event?
        let names: ValueMap
        let now: Timestamp
        let calendars: NamedValues.CalendarLookup?
        let inputs: ValueMap?

        init(
            event: Event?, names: ValueMap, inputs: ValueMap?, now: Timestamp, calendars: NamedValues.CalendarLookup?
        ) {
            self.event = event
            self.names = names
            self.inputs = inputs
            self.now = now
            self.calendars = calendars
        }
    }

    private let storage: Storage

    /// The scope of `event`, whose data as conditions see it is `names`.
    public init(event: Event, names: ValueMap, now: Timestamp, calendars: NamedValues.CalendarLookup? = nil) {
        storage = Storage(event: event, names: names, inputs: nil, now: now, calendars: calendars)
    }

    /// The scope of a run's gates: of the event that it is for, if there is one, and of what a person gave.
    public init(
        event: Event?, names: ValueMap, inputs: ValueMap, now: Timestamp, calendars: NamedValues.CalendarLookup? = nil
    ) {
        storage = Storage(event: event, names: names, inputs: inputs, now: now, calendars: calendars)
    }

    /// The time that `now()` gives.
    public var now: Timestamp { storage.now }

    /// The event, `trigger`, or a field of the event's data; nil for an unknown name.
    public func value(of name: String) -> Value? {
        if name == "event" { return storage.event?.envelope }
        if name == "trigger" { return .map(storage.names) }
        if name == "inputs", let inputs = storage.inputs { return .map(inputs) }
        return storage.names[name]
    }

    /// Whether the calendar is open at `moment`; nil when it is not known.
    public func isOpen(calendar: String, at moment: Timestamp) -> Bool? { storage.calendars?(calendar, moment) }
}
