import PluginKit
import Synchronization
import WorkflowEngine
import WorkflowModel

/// Stands for the outside in a rehearsal. It asks writes what they would do and has nothing to do it with: no outbox, no mail,
/// no way to `perform`.
final class RehearsalPerformer: ActionPerformer {
    private let documents: any DocumentSource
    private let http: (any HTTPClient)?
    private let written = Mutex<[RehearsedWrite]>([])

    /// A performer that looks at `documents`, and by `http` at other systems; nil refuses that.
    init(documents: any DocumentSource, http: (any HTTPClient)?) {
        self.documents = documents
        self.http = http
    }

    /// What would have been sent so far, in order.
    var writes: [RehearsedWrite] { written.withLock { $0 } }

    func assumedOutput(of call: CallDetails) -> Value? { call.mock }

    func read(
        _ action: any ReadAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Value {
        if let mock = call.mock { return mock }
        return try await action.run(input, in: readContext(call, context, http: http))
    }

    func write(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> ActionResult {
        guard let run = context.run, let step = context.step else {
            throw Failure.permanent("no_run", "\(call.action) is rehearsed in a run only")
        }
        // A write that is asked what it would do gets no way out at all, not even to look.
        let rehearsal = try await action.rehearse(input, in: readContext(call, context, http: nil))
        let output = call.mock ?? rehearsal.output
        let write = RehearsedWrite(
            run: run, step: step.description, action: call.action, summary: rehearsal.summary,
            sent: rehearsal.sent, output: output, isMocked: call.mock != nil)
        written.withLock { $0.append(write) }
        return ActionResult(output)
    }

    func verify(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Verification { .unknown }

    private func readContext(
        _ call: CallDetails, _ context: ActionContext, http: (any HTTPClient)?
    ) -> ReadContext {
        ReadContext(
            action: context, http: http, documents: documents, secrets: RefusedSecrets(), timeout: call.timeout)
    }
}

/// A rehearsal shows the names of secrets and never looks one up.
private struct RefusedSecrets: SecretLookup {
    func secret(_ name: String) async throws -> String {
        throw Failure.permanent("rehearsal", "the secret \(name) is not looked up in a rehearsal")
    }
}
