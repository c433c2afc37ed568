import WorkflowModel

/// Answers requests, one JSON object a line, as they come: `{"id": …}` with what `answer` gives, or with an `error`.
enum RequestLines {
    /// The longest line.
    private static let limit = 4 * 1_048_576

    /// Reads standard input to its end.
    ///
    /// - Parameter answer: Gives the name and the value of the answer. What it throws becomes the error of that line alone.
    static func answer(_ answer: (Value) throws -> (name: String, value: Value)) throws {
        var lines = try InputLines("-", lineLimit: limit)
        while true {
            do {
                guard let line = try lines.next() else { return }
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
                Console.standardOutput(JSONWriter.text(reply(to: line, answer)) + "\n")
            } catch let tooLong as InputLines.TooLong {
                let error = "line \(tooLong.number) is longer than \(limit / 1_048_576) MiB"
                Console.standardOutput(JSONWriter.text(["id": nil, "error": .string(error)]) + "\n")
            }
        }
    }

    private static func reply(
        to line: ArraySlice<UInt8>, _ answer: (Value) throws -> (name: String, value: Value)
    ) -> Value {
        var id = Value.null
        do {
            let request = try JSON.parse(line, maximumDepth: 64)
            guard request.map != nil else { throw CommandFailure(.failed, "a request must be a JSON object") }
            id = request["id"] ?? .null
            let (name, value) = try answer(request)
            var reply = ValueMap()
            reply["id"] = id
            reply[.string(name)] = value
            return .map(reply)
        } catch let failure as CommandFailure {
            return ["id": id, "error": .string(failure.message)]
        } catch {
            return ["id": id, "error": .string("\(error)")]
        }
    }
}

/// Reads what a request must or may hold.
struct RequestFields {
    let request: Value

    func text(_ name: String) throws -> String {
        guard let text = try optionalText(name) else { throw CommandFailure(.failed, "the request has no \"\(name)\"") }
        return text
    }

    func optionalText(_ name: String) throws -> String? {
        guard let value = request[name], value != .null else { return nil }
        guard let text = value.string else { throw CommandFailure(.failed, "\"\(name)\" must be a text") }
        return text
    }

    func moment(_ name: String) throws -> Timestamp {
        guard let moment = try optionalMoment(name) else {
            throw CommandFailure(.failed, "the request has no \"\(name)\"")
        }
        return moment
    }

    func optionalMoment(_ name: String) throws -> Timestamp? {
        guard let text = try optionalText(name) else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw CommandFailure(.failed, "\"\(name)\" must be a time such as 2026-11-22T08:00:00Z")
        }
        return moment
    }

    func count(_ name: String, unless absent: Int, upTo limit: Int) throws -> Int {
        guard let value = request[name], value != .null else { return absent }
        guard let count = value.int, (0...Int64(limit)).contains(count) else {
            throw CommandFailure(.failed, "\"\(name)\" must be a whole number from 0 to \(limit)")
        }
        return Int(count)
    }
}
