import CloudEvents
import Synchronization
import WorkflowModel

/// Events from a file or a stream, some at a time, bad ones put aside with their line.
struct EventSource {
    /// A line that is no event.
    struct Refused: Sendable {
        let line: Int
        let reason: String
    }

    /// An event whose data is not as its type says.
    struct Doubtful: Sendable {
        let event: String
        let doubts: [String]
    }

    /// The lines that were no events so far.
    private(set) var refused: [Refused] = []
    /// Events that are accepted although something about them is doubtful; the first hundred.
    private(set) var doubtful: [Doubtful] = []
    private let now: Timestamp
    /// The largest event, in bytes.
    private let limit: Int
    private var lines: InputLines?
    private var ready: [Event] = []

    /// The events of `path`, or of standard input for `-`, each of at most `limit` bytes: NDJSON is read as it comes, anything else
    /// whole.
    init(_ path: String, limit: Int) throws {
        now = WallClock.now()
        self.limit = limit
        var lines = try InputLines(path, lineLimit: limit)
        var head: [[UInt8]] = []
        // The first line that has something tells: a whole object is NDJSON.
        while let line = try EventSource.line(&lines) {
            head.append(Array(line))
            if CloudEventReader.isBlank(line) { continue }
            if (try? JSON.parse(line)) != nil, line.first != 0x5B {
                self.lines = lines
                take(line, number: lines.number)
                return
            }
            break
        }
        var size = head.reduce(0) { $0 + $1.count + 1 }
        while let line = try EventSource.line(&lines) {
            head.append(Array(line))
            size += line.count + 1
            guard size <= EventFile.fileLimit else {
                throw CommandFailure(
                    .failed, "\(path) is larger than \(EventFile.fileLimit / 1_048_576) MiB and not one event a line")
            }
        }
        let bytes = Array(head.joined(separator: [0x0A]))
        guard !CloudEventReader.isBlank(bytes) else { return }
        do throws(JSONError) {
            let value = try JSON.parse(bytes)
            for item in value.list ?? [value] {
                if bytes.count > limit, JSONWriter.data(item).count > limit {
                    refused.append(Refused(line: 1, reason: EventSource.tooLong(limit)))
                } else {
                    take(item, line: 1)
                }
            }
        } catch {
            // No JSON as a whole, and the first line is none: perhaps only that line is bad.
            guard head.count > 1 else {
                refused.append(Refused(line: error.line, reason: "column \(error.column): \(error.message)"))
                return
            }
            var good: [(Int, Value)] = []
            for (number, line) in head.enumerated() {
                if let value = try? JSON.parse(line), value.map != nil { good.append((number + 1, value)) }
            }
            guard !good.isEmpty else {
                refused.append(Refused(line: error.line, reason: "column \(error.column): \(error.message)"))
                return
            }
            for (number, line) in head.enumerated() { take(line[...], number: number + 1) }
        }
    }

    private static func tooLong(_ limit: Int) -> String {
        "is larger than \(limit) bytes (limits: event_bytes in signalbox.yaml)"
    }

    private static func line(_ lines: inout InputLines) throws -> ArraySlice<UInt8>? {
        do {
            return try lines.next()
        } catch let tooLong as InputLines.TooLong {
            throw CommandFailure(
                .failed, "line \(tooLong.number) is longer than an event may be (limits: event_bytes)")
        }
    }

    /// The next events, at most `limit`; none at the end. What has come is not held back for what may come.
    mutating func next(limit: Int) throws -> [Event] {
        while ready.count < limit, let lines {
            if !ready.isEmpty, !lines.hasMore(within: 20) { break }
            do {
                guard let line = try self.lines?.next() else {
                    self.lines = nil
                    break
                }
                take(line, number: self.lines?.number ?? 0)
            } catch let tooLong as InputLines.TooLong {
                refused.append(
                    Refused(line: tooLong.number, reason: EventSource.tooLong(limit)))
            }
        }
        let chunk = Array(ready.prefix(limit))
        ready.removeFirst(chunk.count)
        return chunk
    }

    private mutating func take(_ line: ArraySlice<UInt8>, number: Int) {
        if CloudEventReader.isBlank(line) { return }
        do throws(JSONError) {
            take(try JSON.parse(line), line: number)
        } catch {
            refused.append(Refused(line: number, reason: "column \(error.column): \(error.message)"))
        }
    }

    private mutating func take(_ value: Value, line: Int) {
        do throws(CloudEventRefusal) {
            let event = try CloudEventReader(now: now).event(value, at: nil, line: nil)
            ready.append(event)
            guard doubtful.count < 100 else { return }
            let doubts = EventDoubts.of(event, from: value)
            if !doubts.isEmpty { doubtful.append(Doubtful(event: "\(event.type) \(event.id)", doubts: doubts)) }
        } catch {
            refused.append(Refused(line: line, reason: error.message))
        }
    }
}

/// An event source that a task reads while its owner keeps it.
final class EventSourceBox: Sendable {
    private let inner: Mutex<EventSource>

    init(_ source: EventSource) { inner = Mutex(source) }

    var source: EventSource { inner.withLock { $0 } }

    func next(limit: Int) throws -> [Event] { try inner.withLock { try $0.next(limit: limit) } }
}
