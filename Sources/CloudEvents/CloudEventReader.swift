public import WorkflowModel

/// Reads events from bytes: one JSON object, a list of them, or one a line. What it gives is all there was; the first mistake refuses
/// all of it, with its place.
public struct CloudEventReader: Sendable {
    /// The time of events that have none.
    public var now: Timestamp
    /// The largest event, in bytes of its JSON text or of its data.
    public var maximumEventBytes: Int
    /// The most events that are read.
    public var maximumEvents: Int
    /// How deep objects and lists of an event may nest, its own object included.
    public static let maximumDepth = 64

    /// A reader.
    public init(now: Timestamp, maximumEventBytes: Int = 1 << 20, maximumEvents: Int = .max) {
        self.now = now
        self.maximumEventBytes = maximumEventBytes
        self.maximumEvents = maximumEvents
    }

    /// The event of one JSON object.
    public func event(_ bytes: some Collection<UInt8>) throws(CloudEventRefusal) -> Event {
        try event(bytes, at: nil, line: nil)
    }

    /// The events of a JSON list, in its order; one that is no list is refused.
    public func list(_ bytes: some Collection<UInt8>) throws(CloudEventRefusal) -> [Event] {
        let value = try value(bytes)
        guard let items = value.list else {
            throw CloudEventRefusal(.unreadable, "a batch must be a JSON list, is \(value.kindForPeople)")
        }
        return try events(items, of: bytes.count)
    }

    /// The event of a JSON object, or the events of a list.
    public func objectOrList(_ bytes: some Collection<UInt8>) throws(CloudEventRefusal) -> [Event] {
        let value = try value(bytes)
        if let items = value.list { return try events(items, of: bytes.count) }
        try checkSize(bytes.count, nil, nil)
        return [try event(value, at: nil, line: nil)]
    }

    /// The events of a text with one JSON object a line; lines of white space are none.
    public func lines(_ bytes: some Collection<UInt8>) throws(CloudEventRefusal) -> [Event] {
        var events: [Event] = []
        var (line, start) = (1, bytes.startIndex)
        while start != bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            let text = bytes[start..<end]
            if !CloudEventReader.isBlank(text) {
                try checkCount(events.count + 1)
                events.append(try event(text, at: events.count, line: line))
            }
            line += 1
            start = end == bytes.endIndex ? end : bytes.index(after: end)
        }
        return events
    }

    /// The events of a file: a JSON object, a list, or one object a line, whichever it is.
    public func anything(_ bytes: some Collection<UInt8>) throws(CloudEventRefusal) -> [Event] {
        do throws(CloudEventRefusal) {
            return try objectOrList(bytes)
        } catch {
            // A single object that is broken is told as it is; more than one are one a line, if the first of them is one.
            guard error.kind == .unreadable, isOneALine(bytes) else { throw error }
            return try lines(bytes)
        }
    }

    /// Whether the first line that has something is JSON, and another one follows it.
    private func isOneALine(_ bytes: some Collection<UInt8>) -> Bool {
        let filled = bytes.split(separator: 0x0A).lazy.filter { !CloudEventReader.isBlank($0) }
        guard let first = filled.first, filled.dropFirst().first != nil else { return false }
        do throws(CloudEventRefusal) {
            _ = try value(first)
            return true
        } catch {
            return false
        }
    }

    /// Whether there is nothing but white space.
    public static func isBlank(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 || $0 == 0x0A }
    }

    /// The event of a value.
    public func event(_ value: Value, at place: Int?, line: Int?) throws(CloudEventRefusal) -> Event {
        do throws(EventError) {
            return try Event(cloudEvent: value, now: now)
        } catch {
            throw CloudEventRefusal(error, event: place, line: line)
        }
    }

    private func event(
        _ bytes: some Collection<UInt8>, at place: Int?, line: Int?
    ) throws(CloudEventRefusal) -> Event {
        try checkSize(bytes.count, place, line)
        return try event(try value(bytes, at: place, line: line ?? 1), at: place, line: line)
    }

    private func events(_ items: [Value], of size: Int) throws(CloudEventRefusal) -> [Event] {
        try checkCount(items.count)
        var events: [Event] = []
        events.reserveCapacity(items.count)
        for (place, item) in items.enumerated() {
            // Only a list that is larger than an event may be can hold one that is.
            if size > maximumEventBytes { try checkSize(JSONWriter.data(item).count, place, nil) }
            events.append(try event(item, at: place, line: nil))
        }
        return events
    }

    private func value(
        _ bytes: some Collection<UInt8>, at place: Int? = nil, line: Int = 1
    ) throws(CloudEventRefusal) -> Value {
        do throws(JSONError) {
            return try JSON.parse(bytes, maximumDepth: Self.maximumDepth)
        } catch {
            throw CloudEventRefusal(error, event: place, firstLine: line)
        }
    }

    func checkSize(_ size: Int, _ place: Int?, _ line: Int?) throws(CloudEventRefusal) {
        guard size > maximumEventBytes else { return }
        throw CloudEventRefusal(
            .eventTooLarge, "is larger than \(maximumEventBytes) bytes (limits: event_bytes in signalbox.yaml)",
            event: place, line: line)
    }

    private func checkCount(_ count: Int) throws(CloudEventRefusal) {
        guard count > maximumEvents else { return }
        throw CloudEventRefusal(
            .tooManyEvents, "there are more than \(maximumEvents) events; send them in several requests")
    }
}
