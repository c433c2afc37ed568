public import WorkflowModel

/// What an expression sees of the world while it is evaluated.
public protocol Scope: Sendable {
    /// The value of a name; nil when there is no such name.
    func value(of name: String) -> Value?
    /// The moment that `now`, `ago` and `open_now` mean.
    var now: Timestamp { get }
    /// Whether the calendar is open at that moment; nil when no calendar has this name.
    func isOpen(calendar: String, at: Timestamp) -> Bool?
}

/// A scope of named values. Copies share their storage until one is changed.
public struct NamedValues: Scope {
    /// Answers whether the calendar of a name is open at a moment; nil for an unknown calendar.
    public typealias CalendarLookup = @Sendable (_ calendar: String, _ at: Timestamp) -> Bool?

    // One pointer, so that the scope fits into an existential without an allocation per evaluation.
    private final class Storage: Sendable {
        let values: ValueMap
        let now: Timestamp
        let calendars: CalendarLookup?

        init(values: ValueMap, now: Timestamp, calendars: CalendarLookup?) {
            self.values = values
            self.now = now
            self.calendars = calendars
        }
    }

    private var storage: Storage

    /// A scope of `values` at the moment `now`; without `calendars` every calendar is unknown.
    public init(_ values: ValueMap, now: Timestamp, calendars: CalendarLookup? = nil) {
        storage = Storage(values: values, now: now, calendars: calendars)
    }

    /// The names and their values.
    public var values: ValueMap { storage.values }

    /// The moment that the scope was made for.
    public var now: Timestamp { storage.now }

    /// The value of `name`; nil when there is none.
    public func value(of name: String) -> Value? { storage.values[name] }

    /// What the calendar lookup says; nil without one.
    public func isOpen(calendar: String, at moment: Timestamp) -> Bool? { storage.calendars?(calendar, moment) }

    /// Reads, sets, or with nil removes the value of a name.
    public subscript(name: String) -> Value? {
        get { storage.values[name] }
        set {
            var values = storage.values
            values[name] = newValue
            storage = Storage(values: values, now: storage.now, calendars: storage.calendars)
        }
    }

    /// This scope with one more name, or another value for it.
    public func with(_ name: String, _ value: Value) -> NamedValues {
        var copy = self
        copy[name] = value
        return copy
    }

    /// This scope with all names of `values` over its own.
    public func with(_ values: ValueMap) -> NamedValues {
        NamedValues(storage.values.merging(values), now: storage.now, calendars: storage.calendars)
    }

    /// This scope at another moment.
    public func at(_ now: Timestamp) -> NamedValues {
        NamedValues(storage.values, now: now, calendars: storage.calendars)
    }
}
