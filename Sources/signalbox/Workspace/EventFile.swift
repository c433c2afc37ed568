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
        let values = try values(bytes, name)
        guard !values.isEmpty else {
            throw CommandFailure(
                .failed, "\(name) has no event",
                help: "an event is a JSON object with specversion, id, source, type and data")
        }
        return try values.map { line, value in
            do throws(EventError) {
                return try Event(cloudEvent: value, now: now)
            } catch {
                throw CommandFailure(.failed, "\(name), line \(line): \(error)")
            }
        }
    }

    private static func values(_ bytes: [UInt8], _ name: String) throws -> [(line: Int, value: Value)] {
        do throws(JSONError) {
            let whole = try JSON.parse(bytes)
            if let list = whole.list { return list.map { (1, $0) } }
            return [(1, whole)]
        } catch {
            // More than one object: one a line. A single object that is broken is reported as it is.
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let filled = lines.enumerated().filter { !$0.element.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 } }
            guard filled.count > 1, let first = filled.first, (try? JSON.parse(first.element)) != nil else {
                throw CommandFailure(.failed, bytes.isEmpty ? "\(name) is empty" : "\(name), \(error)")
            }
            return try filled.map { number, line in
                do throws(JSONError) {
                    return (number + 1, try JSON.parse(line))
                } catch {
                    throw CommandFailure(
                        .failed, "\(name), line \(number + 1), column \(error.column): \(error.message)")
                }
            }
        }
    }
}
