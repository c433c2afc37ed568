import Digests
import Logging
import PluginKit
import RunMachine
import RunStore
import WorkflowModel

/// Makes calls out of attempts: finds the action, checks the input, gives it its context, and judges what comes back.
struct StepExecutor: Sendable {
    /// An attempt that is ready to be made.
    struct Call: Sendable {
        var attempt: Attempt
        var entry: PluginRegistry.Entry
        var input: ActionInput
        var context: ActionContext
        var details: CallDetails
    }

    let services: EngineServices
    let settings: EngineSettings
    let run: RunRecord
    let event: Event?
    let templates: [String: String]

    /// The call of `attempt`.
    ///
    /// - Throws: a permanent ``Failure`` when the action is not there or its input does not fit.
    func prepare(_ attempt: Attempt, now: Timestamp) throws(Failure) -> Call {
        guard let entry = services.registry[attempt.action] else {
            throw Failure(
                code: "unknown_action", message: "no plugin of this installation has the action \(attempt.action)")
        }
        var values = attempt.input
        if !attempt.isInputFinal {
            values = try ActionCheck(entry, settings.maximumOutput).input(values)
        }
        var log = services.log
        log[metadataKey: "run"] = "\(run.id)"
        log[metadataKey: "step"] = "\(attempt.label)"
        let context = ActionContext(
            now: attempt.startedAt, run: run.id, playbook: run.playbook, step: attempt.step, subject: run.subject,
            event: event, names: attempt.names, workspace: services.workspace(),
            settings: services.pluginSettings[entry.plugin.name] ?? .null, templates: templates, log: log)
        var timeout = attempt.timeout ?? settings.attemptTimeout
        if let deadline = attempt.deadline { timeout = max(.zero, min(timeout, deadline - now)) }
        let details = CallDetails(
            action: attempt.action, manifest: entry.manifest,
            idempotencyKey: attempt.effect == .write ? attempt.idempotencyKey ?? idempotencyKey(attempt) : "",
            attempt: attempt.number, timeout: timeout, mock: attempt.mock)
        return Call(
            attempt: attempt, entry: entry, input: ActionInput(values.map ?? ValueMap()), context: context,
            details: details)
    }

    /// The same for all attempts of a step, different for every other step, run and workspace.
    private func idempotencyKey(_ attempt: Attempt) -> String {
        SHA256.hex(
            of: [settings.workspaceID, run.id.text, attempt.key, attempt.isUndo ? "undo" : "do"].joined(
                separator: "\u{0}"))
    }

    /// Runs a `pure` action.
    func runPure(_ action: any PureAction, _ call: Call) -> AttemptOutcome {
        do {
            if let assumed = services.performer.assumedOutput(of: call.details) { return .succeeded(assumed) }
            return judge(try action.run(call.input, in: call.context), call)
        } catch {
            return .failed(StepExecutor.failure(error, effect: .pure))
        }
    }

    /// Runs a `state` action inside `transaction`.
    ///
    /// - Throws: ``Failure`` when the step fails, which must undo the transaction; ``StoreError`` when the store does.
    func runState(_ action: any StateAction, _ call: Call, in transaction: any StoreTransaction) throws -> Value {
        if let assumed = services.performer.assumedOutput(of: call.details) { return assumed }
        let output: Value
        do {
            output = try action.run(
                call.input, on: transaction.pluginStore(of: call.entry.plugin.name), in: call.context)
        } catch let error as StoreError where error.code != .misuse {
            throw error
        } catch {
            throw StepExecutor.failure(error, effect: .state)
        }
        switch judge(output, call) {
        case .succeeded(let output, _): return output
        case .failed(let failure): throw failure
        }
    }

    /// Makes an attempt of a `read` or `write` action, or asks whether a write happened.
    func call(_ call: Call, verifying: Bool) async -> AttemptResult {
        do {
            switch call.entry.action {
            case .read(let action):
                return .read(try await services.performer.read(action, call.input, call.details, in: call.context))
            case .write(let action) where verifying:
                return .verified(
                    try await services.performer.verify(action, call.input, call.details, in: call.context))
            case .write(let action):
                return .written(
                    try await services.performer.write(action, call.input, call.details, in: call.context))
            case .pure, .state: return .failed(Failure(code: "engine", message: "the action is not called this way"))
            }
        } catch {
            return .failed(error)
        }
    }

    /// What an output means: a write has happened whatever it says, so its output is kept and what is wrong with it noted.
    func judge(_ output: Value, _ call: Call) -> AttemptOutcome {
        let isWrite = call.attempt.effect == .write
        do {
            return .succeeded(try ActionCheck(call.entry, settings.maximumOutput).output(output))
        } catch {
            guard isWrite else { return .failed(error) }
            guard error.code != ActionCheck.tooLarge else {
                return .succeeded(.map([:]), note: error.message + "; it was left out")
            }
            return .succeeded(call.entry.manifest.output.bound(output), note: error.message)
        }
    }

    /// A thrown error as a failure: what is no ``Failure`` is a defect of the action, and of a write nobody knows.
    static func failure(_ error: any Error, effect: Effect) -> Failure {
        if let failure = error as? Failure { return failure }
        if let partial = error as? PartialFailure { return partial.failure }
        if error is CancellationError {
            return Failure(
                code: "interrupted", message: "the attempt was interrupted",
                kind: effect == .write ? .uncertain : .transient)
        }
        return Failure(code: "unexpected", message: "\(error)", kind: effect == .write ? .uncertain : .permanent)
    }
}
