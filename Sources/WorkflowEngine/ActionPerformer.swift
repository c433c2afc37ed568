public import PluginKit
public import WorkflowModel

/// What a call is, beside its input and context.
public struct CallDetails: Sendable {
    /// The action's full name, `notify.send`.
    public var action: String
    /// What its plugin says of it.
    public var manifest: ActionManifest
    /// The same for all attempts of a write; empty for other effects.
    public var idempotencyKey: String
    /// From 1.
    public var attempt: Int
    /// How long the attempt may take.
    public var timeout: Duration
    /// The output that the playbook gives for rehearsals.
    public var mock: Value?

    /// The details of a call.
    public init(
        action: String, manifest: ActionManifest, idempotencyKey: String = "", attempt: Int, timeout: Duration,
        mock: Value? = nil
    ) {
        self.action = action
        self.manifest = manifest
        self.idempotencyKey = idempotencyKey
        self.attempt = attempt
        self.timeout = timeout
        self.mock = mock
    }
}

/// The one place through which steps reach the outside. Live runs have ``LivePerformer``; a rehearsal brings its own, which
/// never calls ``WriteAction/perform(_:in:)``, so that there is no way from a rehearsal to a write.
public protocol ActionPerformer: Sendable {
    /// An output to take instead of running a `pure` or `state` action; nil to run it.
    func assumedOutput(of call: CallDetails) -> Value?
    /// Looks outside.
    func read(
        _ action: any ReadAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Value
    /// Does a write, or what stands for it.
    func write(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> ActionResult
    /// Asks whether an earlier attempt happened.
    func verify(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Verification
}

extension ActionPerformer {
    /// Nothing is assumed.
    public func assumedOutput(of call: CallDetails) -> Value? { nil }
}

/// Calls actions for real.
public struct LivePerformer: ActionPerformer {
    private let http: any HTTPClient
    private let mail: any MailClient
    private let outbox: any Outbox
    private let documents: any DocumentSource
    private let secrets: any SecretLookup

    /// A performer with these ways out.
    public init(
        http: any HTTPClient, mail: any MailClient, outbox: any Outbox, documents: any DocumentSource,
        secrets: any SecretLookup
    ) {
        self.http = http
        self.mail = mail
        self.outbox = outbox
        self.documents = documents
        self.secrets = secrets
    }

    /// Runs the action; secrets that it looked up are taken out of what it gives back.
    public func read(
        _ action: any ReadAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Value {
        let used = UsedSecrets(secrets)
        do {
            let output = try await action.run(
                input,
                in: ReadContext(
                    action: context, http: http, documents: documents, secrets: used, timeout: call.timeout))
            return used.hidden(in: output)
        } catch { throw used.hidden(in: error) }
    }

    /// Performs the action; secrets that it looked up are taken out of what it gives back.
    public func write(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> ActionResult {
        let used = UsedSecrets(secrets)
        do {
            var result = try await action.perform(input, in: writeContext(call, context, used))
            result.output = used.hidden(in: result.output)
            for index in result.emitted.indices {
                if case .map(let data) = used.hidden(in: .map(result.emitted[index].data)) {
                    result.emitted[index].data = data
                }
            }
            return result
        } catch { throw used.hidden(in: error) }
    }

    /// Asks the action; secrets that it looked up are taken out of what it gives back.
    public func verify(
        _ action: any WriteAction, _ input: ActionInput, _ call: CallDetails, in context: ActionContext
    ) async throws -> Verification {
        let used = UsedSecrets(secrets)
        do {
            switch try await action.verify(input, in: writeContext(call, context, used)) {
            case .done(let output): return .done(used.hidden(in: output))
            case .notDone: return .notDone
            case .unknown: return .unknown
            }
        } catch { throw used.hidden(in: error) }
    }

    private func writeContext(_ call: CallDetails, _ context: ActionContext, _ used: UsedSecrets) -> WriteContext {
        WriteContext(
            action: context, idempotencyKey: call.idempotencyKey, attempt: call.attempt, http: http, mail: mail,
            outbox: outbox, documents: documents, secrets: used, timeout: call.timeout)
    }
}
