import PluginKit
import Synchronization
import WorkflowModel

/// The plugin `bench` with the trivial steps of the workloads: `bench.step` (pure) and `bench.write` (a write that goes nowhere) give
/// back their inputs and 120 letters.
struct StepPlugin: Plugin {
    let manifest = PluginManifest(
        name: "bench", version: "1.0.0", summary: "The trivial steps of the workloads",
        actions: [
            ActionManifest(
                name: "step", summary: "Gives back its inputs and 120 letters", effect: .pure, input: .anything,
                output: .anything),
            ActionManifest(
                name: "write", summary: "Gives back its inputs and 120 letters", effect: .write, input: .anything,
                output: .anything),
        ])

    let actions: [String: Action]

    /// - Parameter record: notes when each write is called.
    init(record: CallRecord? = nil) { actions = ["step": .pure(Step()), "write": .write(Write(record: record))] }

    private static let letters = Value.string(String(repeating: "o", count: 120))

    private static func output(_ input: ActionInput) -> Value {
        var output = input.values
        output["o"] = letters
        return .map(output)
    }

    private struct Step: PureAction {
        func run(_ input: ActionInput, in context: ActionContext) throws -> Value { output(input) }
    }

    private struct Write: WriteAction {
        let record: CallRecord?

        func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult {
            if let record, let number = input.values["n"]?.int { record.note(Int(number)) }
            return ActionResult(output(input))
        }

        func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal {
            Rehearsal(summary: "Would give back its inputs", sent: .map(input.values), output: output(input))
        }
    }
}

/// When each of a number of calls came, by the monotonic clock.
final class CallRecord: Sendable {
    private let state: Mutex<(times: [Double], count: Int)>

    init(_ calls: Int) { state = Mutex((Array(repeating: 0, count: calls), 0)) }

    func note(_ number: Int) {
        let now = Meter.wall()
        state.withLock { state in
            guard state.times.indices.contains(number), state.times[number] == 0 else { return }
            state.times[number] = now
            state.count += 1
        }
    }

    /// How many have come.
    var count: Int { state.withLock(\.count) }
    /// The time of each, 0 for one that has not come.
    var times: [Double] { state.withLock(\.times) }
}

/// The ways out that the workloads must not take.
struct NoWayOut: HTTPClient, MailClient, Outbox, SecretLookup {
    func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse {
        throw HTTPFailure(code: .other, message: "workloads reach no network", afterFirstByte: false)
    }

    func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure) {
        throw MailFailure(code: .refused, message: "workloads send no mail", afterFirstByte: false)
    }

    func deliver(name: String, text: String) throws { throw WorkloadError("workloads deliver nothing") }

    func secret(_ name: String) async throws -> String { throw WorkloadError("workloads have no secrets") }
}
