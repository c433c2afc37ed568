import ArgumentParser
import Expressions
import Foundation
import WorkflowModel
import Workspaces

/// `signalbox eval`: evaluates an expression, or many, one a line.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate an expression, to try it out.",
        discussion: """
            signalbox eval 'ticket.priority in ["P1", "P2"]' --vars ticket.json

            With --ndjson every line of standard input is {"id": …, "expr": "…", "vars": {…}}, and every answer is \
            {"id": …, "value": …} or {"id": …, "error": "…"}, in the same order.
            """)

    @Argument(help: "The expression.")
    var expression: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A JSON file (or -) with an object: its keys are the names in the expression.", valueName: "file"))
    var vars: String?

    @Flag(help: "Read one request a line from standard input.")
    var ndjson = false

    @Flag(help: "Read and write values with their types: {\"type\": \"int\", \"value\": \"5\"}.")
    var typed = false

    @Option(name: .long, help: "The moment that `now` means, such as 2026-11-22T08:00:00Z.")
    var now: String?

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    /// The longest line and the largest file of variables.
    private static let inputLimit = 4 * 1_048_576

    func validate() throws {
        if ndjson, expression != nil || vars != nil {
            throw ValidationError("--ndjson takes its expressions from standard input.")
        }
        if !ndjson, expression == nil { throw ValidationError("Give an expression, or --ndjson.") }
        if let now, Timestamp(rfc3339: now) == nil {
            throw ValidationError("--now must be a time such as 2026-11-22T08:00:00Z.")
        }
    }

    func run() async throws {
        let moment = now.flatMap { Timestamp(rfc3339: $0) } ?? WallClock.now()
        if ndjson { return try answerLines(at: moment) }
        let calendars = calendars(for: expression ?? "")
        guard let expression else { return }
        var names = ValueMap()
        if let vars {
            let bytes = try InputFile.read(vars, limit: Self.inputLimit)
            let value: Value
            do throws(JSONError) {
                value = try JSON.parse(bytes)
            } catch {
                throw CommandFailure(.failed, "\(vars): \(error)")
            }
            guard case .map(let map) = value else {
                throw CommandFailure(.failed, "\(vars): the variables must be a JSON object")
            }
            names = try untyped(map)
        }
        let console = output.console
        do {
            let value = try Program(parsing: expression).evaluate(NamedValues(names, now: moment, calendars: calendars))
            console.line(JSONWriter.text(encoded(value)))
            console.json(["value": encoded(value)])
        } catch let error as ExpressionError {
            complain(error.message, error.range, error.help, in: expression)
            throw ExitStatus.failed
        } catch let error as EvaluationError {
            complain(error.message, error.range, nil, in: expression)
            throw ExitStatus.failed
        }
    }

    private func complain(_ message: String, _ range: Range<Int>, _ help: String?, in expression: String) {
        let console = output.console
        console.json([
            "error": .string(message), "from": .int(Int64(range.lowerBound)), "to": .int(Int64(range.upperBound)),
        ])
        guard console.format == .text else { return }
        Console.complain(message, help: help)
        // Only a one-line text can be underlined with spaces.
        if !expression.contains("\n") {
            let marks = String(repeating: "^", count: max(1, range.count))
            Console.standardError("    \(expression)\n    \(String(repeating: " ", count: range.lowerBound))\(marks)\n")
        }
    }

    /// The workspace's calendars, looked for only when the expression asks for one.
    private func calendars(for expression: String) -> NamedValues.CalendarLookup? {
        guard expression.contains("open_now") else { return nil }
        guard let workspace = WorkspaceLoader.load(place.workspace).workspace else { return nil }
        return { name, instant in workspace.isOpen(calendar: name, at: instant) }
    }

    private func encoded(_ value: Value) -> Value { typed ? CELJSON.typed(value) : CELJSON.value(value) }

    private func untyped(_ vars: ValueMap) throws -> ValueMap {
        guard typed else { return vars }
        var names = ValueMap()
        for entry in vars {
            guard let value = CELJSON.untyped(entry.value) else {
                throw CommandFailure(
                    .failed, "\(entry.key.jsonText) is no typed value such as {\"type\": \"int\", \"value\": \"5\"}")
            }
            names[entry.key] = value
        }
        return names
    }

    private func answerLines(at moment: Timestamp) throws {
        var lines = try InputLines("-", lineLimit: Self.inputLimit)
        var programs: [String: Program] = [:]
        while true {
            do {
                guard let line = try lines.next() else { return }
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
                Console.standardOutput(JSONWriter.text(answer(line, at: moment, &programs)) + "\n")
            } catch let tooLong as InputLines.TooLong {
                Console.standardOutput(
                    JSONWriter.text([
                        "id": nil,
                        "error": .string("line \(tooLong.number) is longer than \(Self.inputLimit / 1_048_576) MiB"),
                    ]) + "\n")
            }
        }
    }

    private func answer(_ line: ArraySlice<UInt8>, at moment: Timestamp, _ programs: inout [String: Program]) -> Value {
        var id = Value.null
        do {
            let request = try JSON.parse(line, maximumDepth: 256)
            id = request["id"] ?? .null
            guard let text = request["expr"]?.string else {
                throw CommandFailure(.failed, "the request has no \"expr\" text")
            }
            let names = try untyped(request["vars"]?.map ?? ValueMap())
            let program: Program
            if let known = programs[text] {
                program = known
            } else {
                program = try Program(parsing: text)
                if programs.count >= 1000 { programs.removeAll() }
                programs[text] = program
            }
            let scope = NamedValues(names, now: moment, calendars: calendars(for: text))
            return ["id": id, "value": encoded(try program.evaluate(scope))]
        } catch let failure as CommandFailure {
            return ["id": id, "error": .string(failure.message)]
        } catch {
            return ["id": id, "error": .string("\(error)")]
        }
    }
}
