public import WorkflowModel

/// A group of verbs behind one manifest, written in Swift. External plugins stand behind the same manifest and give the same
/// ``Action`` values.
public protocol Plugin: Sendable {
    /// What it can do, from its `plugin.yaml`.
    var manifest: PluginManifest { get }
    /// The implementation of each action of the manifest, by its short name (`send`).
    var actions: [String: Action] { get }
    /// What takes in events for it; nil when it consumes none.
    var consumer: (any EventConsumer)? { get }
    /// The ways to other systems that these settings describe, each with a trial that changes nothing there.
    ///
    /// - Parameters:
    ///   - settings: the plugin's own settings from `signalbox.yaml`.
    ///   - channels: the workspace's channels, name to settings.
    func connections(settings: Value, channels: ValueMap) -> [ConnectionCheck]
}

extension Plugin {
    /// None: the plugin takes in no events.
    public var consumer: (any EventConsumer)? { nil }
    /// None: the plugin speaks to no other system.
    public func connections(settings: Value, channels: ValueMap) -> [ConnectionCheck] { [] }
}

/// One verb, by what it does to the world. The engine treats each kind differently, so the kind is a type and not a flag.
public enum Action: Sendable {
    case pure(any PureAction)
    case read(any ReadAction)
    case state(any StateAction)
    case write(any WriteAction)

    /// The effect that the manifest must declare for it.
    public var effect: Effect {
        switch self {
        case .pure: .pure
        case .read: .read
        case .state: .state
        case .write: .write
        }
    }
}

/// Computes from its input and the workspace's tables alone.
public protocol PureAction: Sendable {
    /// The output for `input`.
    ///
    /// - Throws: ``Failure``; any other error counts as permanent.
    func run(_ input: ActionInput, in context: ActionContext) throws -> Value
}

/// Looks outside, or at what Signalbox keeps, and changes nothing.
public protocol ReadAction: Sendable {
    /// The output for `input`. Runs again after a crash if its result was not stored.
    ///
    /// - Throws: ``Failure``; any other error counts as permanent.
    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value
}

/// Changes only what Signalbox itself keeps. Runs inside the transaction that stores its outcome, so that it happens once.
public protocol StateAction: Sendable {
    /// The output for `input`; changes go to `store`. What it throws undoes its changes.
    ///
    /// - Throws: ``Failure``; any other error counts as permanent.
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value
}

/// Changes the outside world. Its intent is on disk before it is called; see `docs/architecture.md` for what a crash means.
public protocol WriteAction: Sendable {
    /// Does it. The same ``WriteContext/idempotencyKey`` comes with every attempt.
    ///
    /// - Throws: ``Failure``; ``FailureClass/uncertain`` when it may have happened. Any other error counts as uncertain.
    ///   ``PartialFailure`` keeps documents about what has happened all the same.
    func perform(_ input: ActionInput, in context: WriteContext) async throws -> ActionResult

    /// What would be sent, and the output to assume. Must not reach the outside: it gets nothing to do that with.
    func rehearse(_ input: ActionInput, in context: ReadContext) async throws -> Rehearsal

    /// Whether an earlier attempt with this key has happened.
    func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification
}

extension WriteAction {
    /// Not known: without a way to ask, an uncertain write stays uncertain.
    public func verify(_ input: ActionInput, in context: WriteContext) async throws -> Verification { .unknown }
}

/// What a write gives back.
public struct ActionResult: Sendable {
    /// The output, for `steps.ID`.
    public var output: Value
    /// Events to emit with the outcome.
    public var emitted: [EventDraft]
    /// Changes to the plugin's own documents, made in the transaction that stores the outcome.
    public var change: (@Sendable (any PluginStore) throws -> Void)?

    /// A result.
    public init(
        _ output: Value, emitted: [EventDraft] = [], change: (@Sendable (any PluginStore) throws -> Void)? = nil
    ) {
        self.output = output
        self.emitted = emitted
        self.change = change
    }
}

/// What a write throws that has failed after a part of it happened: its failure, and what is to be kept of that part.
public struct PartialFailure: Error, Sendable {
    /// Why the attempt failed; decides what follows, as if it were thrown itself.
    public var failure: Failure
    /// Changes to the plugin's own documents, made in the transaction that stores the failure.
    public var change: @Sendable (any PluginStore) throws -> Void

    /// A failure with what is to be kept.
    public init(_ failure: Failure, change: @escaping @Sendable (any PluginStore) throws -> Void) {
        self.failure = failure
        self.change = change
    }
}

/// What a write would do.
public struct Rehearsal: Sendable, Hashable {
    /// One line for people: "Would send a mail to two people".
    public var summary: String
    /// The exact message or request, secrets redacted, as a map of fields in reading order.
    public var sent: Value
    /// The output to assume.
    public var output: Value

    /// A rehearsal.
    public init(summary: String, sent: Value, output: Value) {
        self.summary = summary
        self.sent = sent
        self.output = output
    }
}

/// Whether an uncertain write has happened.
public enum Verification: Sendable, Hashable {
    /// It has, with this output.
    case done(Value)
    case notDone
    case unknown
}
