import PluginKit
import WorkflowModel

/// The plugin `bench` with the trivial step of the workloads: `bench.step` gives back its inputs and 120 letters.
struct StepPlugin: Plugin {
    let manifest = PluginManifest(
        name: "bench", version: "1.0.0", summary: "The trivial step of the workloads",
        actions: [
            ActionManifest(
                name: "step", summary: "Gives back its inputs and 120 letters", effect: .pure, input: .anything,
                output: .anything)
        ])

    let actions: [String: Action] = ["step": .pure(Step())]

    private struct Step: PureAction {
        private static let letters = Value.string(String(repeating: "o", count: 120))

        func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
            var output = input.values
            output["o"] = Self.letters
            return .map(output)
        }
    }
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
