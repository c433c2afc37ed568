import ArgumentParser
import Calendars
import WorkflowModel

/// `signalbox calendar`: questions about business calendars, one a line.
struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Answer many questions about business hours.",
        discussion: """
            Every line of standard input is {"id": …, "calendar": {"tz": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]]}, \
            "holidays": ["2026-12-25"], "special": {"2026-12-24": [["09:00", "12:00"]]}}, "op": "add", \
            "from": "2026-11-23T08:00:00Z", "seconds": 3600}, and every answer is {"id": …, "result": …} or \
            {"id": …, "error": "…"}, in the same order.

            add: the moment at which the seconds of open time have passed. elapsed: the open seconds from `from` to `to`. is_open, \
            next_open: at `from`.
            """)

    @Flag(help: "Read one request a line from standard input.")
    var ndjson = false

    func validate() throws {
        if !ndjson { throw ValidationError("Give --ndjson, and the questions on standard input.") }
    }

    func run() async throws {
        var known: [String: BusinessCalendar] = [:]
        try RequestLines.answer { request in
            guard let value = request["calendar"] else {
                throw CommandFailure(.failed, "the request has no \"calendar\"")
            }
            let key = JSONWriter.text(value)
            let calendar: BusinessCalendar
            if let found = known[key] {
                calendar = found
            } else {
                calendar = try BusinessCalendar(value)
                if known.count >= 100 { known.removeAll() }
                known[key] = calendar
            }
            return ("result", try answer(RequestFields(request: request), calendar))
        }
    }

    private func answer(_ fields: RequestFields, _ calendar: BusinessCalendar) throws -> Value {
        let operation = try fields.text("op")
        let from = try fields.moment("from")
        switch operation {
        case "add": return .string(try calendar.add(seconds(fields.request["seconds"]), to: from).rfc3339)
        case "elapsed":
            let (seconds, attoseconds) = try calendar.elapsed(from: from, to: fields.moment("to")).components
            return attoseconds == 0 ? .int(seconds) : .double(Double(seconds) + Double(attoseconds) / 1e18)
        case "is_open": return .bool(calendar.isOpen(at: from))
        case "next_open": return .string(try calendar.nextOpen(at: from).rfc3339)
        default:
            throw CommandFailure(
                .failed, "there is no op \"\(operation.prefix(40))\"; it is one of add, elapsed, is_open, next_open")
        }
    }

    private func seconds(_ value: Value?) throws -> Duration {
        switch value {
        case .int(let seconds): return .seconds(seconds)
        case .double(let seconds) where abs(seconds) < 9e9: return .nanoseconds(Int64((seconds * 1e9).rounded()))
        default: throw CommandFailure(.failed, "\"seconds\" must be a number")
        }
    }
}
