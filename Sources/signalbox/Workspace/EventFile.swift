import CloudEvents
import WorkflowModel

/// Reads files of events: one JSON object, a JSON list, or one object a line.
enum EventFile {
    /// The largest file that is read whole.
    static let fileLimit = 64 * 1_048_576

    /// The events of a file (or `-`), all of them good.
    ///
    /// - Throws: ``CommandFailure`` with the line of the first that is not.
    static func read(_ path: String, now: Timestamp) throws -> [Event] {
        let bytes = try InputFile.read(path, limit: fileLimit)
        let name = path == "-" ? "standard input" : path
        guard !CloudEventReader.isBlank(bytes) else { throw CommandFailure(.failed, "\(name) is empty") }
        let events: [Event]
        do throws(CloudEventRefusal) {
            events = try CloudEventReader(now: now, maximumEventBytes: .max).anything(bytes)
        } catch {
            throw CommandFailure(.failed, "\(name), \(error.line == nil ? "line 1, " : "")\(error)")
        }
        guard !events.isEmpty else {
            throw CommandFailure(
                .failed, "\(name) has no event",
                help: "an event is a JSON object with specversion, id, source, type and data")
        }
        return events
    }
}
