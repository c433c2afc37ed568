import Logging
public import PluginKit
public import WorkflowModel

/// Runs the actions of plugins as the engine would: inputs validated and filled with defaults, changes in a transaction, outputs
/// validated. Nothing of it reaches the network or the clock.
///
/// Change its properties before a call to change the world that the call sees.
public struct PluginBench: Sendable {
    /// An output that does not fit its schema: a fault of the plugin.
    public struct OutputMismatch: Error, CustomStringConvertible {
        /// Which output, and what is wrong with it.
        public let description: String
    }

    /// The plugins on the bench.
    public let plugins: [any Plugin]
    /// The documents, the emitted events and the timers.
    public var shelf: DocumentShelf
    /// The start of the step.
    public var now = Samples.now
    /// People, teams, on-call, services and lists.
    public var directory = Samples.directory
    /// The lookup tables.
    public var tables: [LookupTable] = []
    /// The SLA policies.
    public var policies: PolicyTable?
    /// The channels of the workspace.
    public var channels = ValueMap()
    /// Settings by plugin.
    public var settings: [String: Value] = [:]
    /// The texts of templates by name.
    public var templates: [String: String] = [:]
    /// The names that the playbook sees.
    public var names = ValueMap()
    /// The event that started the run.
    public var event: Event?
    /// What the run is about.
    public var subject: String?
    /// The playbook's id.
    public var playbook = "test-playbook"
    /// The run.
    public var run = RunID("run_test")
    /// The instance of the step.
    public var step = StepKey(StepPath("steps[0]"))
    /// The attempt of a write, from 1.
    public var attempt = 1
    /// The key of a write.
    public var idempotencyKey = "key-1"
    /// The secrets that a call may look up.
    public var secrets = SecretBook()
    /// Answers requests from a script.
    public let http = ScriptedHTTPClient()
    /// Takes mails.
    public let mail = RecordingMailClient()
    /// Takes files.
    public let outbox = MemoryOutbox()

    /// A bench for these plugins.
    ///
    /// - Parameter others: Manifests of plugins whose collections are there too, but whose actions are not.
    public init(_ plugins: any Plugin..., others: [PluginManifest] = []) {
        self.plugins = plugins
        shelf = DocumentShelf(plugins.map(\.manifest) + others)
    }

    /// What a call sees of the world.
    public func context(of plugin: String) -> ActionContext {
        ActionContext(
            now: now, run: run, playbook: playbook, step: step, subject: subject, event: event, names: names,
            workspace: workspace, settings: settings[plugin] ?? .null, templates: templates,
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The workspace's tables.
    public var workspace: WorkspaceTables {
        WorkspaceTables(
            name: "test", directory: directory,
            tables: Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { $1 }), channels: channels,
            policies: policies)
    }

    /// What a read, or the rehearsal of a write, is given. A rehearsal gets neither HTTP nor secrets.
    public func readContext(of plugin: String, rehearsal: Bool = false) -> ReadContext {
        ReadContext(
            action: context(of: plugin), http: rehearsal ? nil : http, documents: shelf,
            secrets: rehearsal ? SecretBook() : secrets, timeout: .seconds(30))
    }

    /// What a write is given.
    public func writeContext(of plugin: String) -> WriteContext {
        WriteContext(
            action: context(of: plugin), idempotencyKey: idempotencyKey, attempt: attempt, http: http, mail: mail,
            outbox: outbox, documents: shelf, secrets: secrets, timeout: .seconds(30))
    }

    /// Runs `action` (`ticket.update`) with the inputs `with`, as a step would.
    ///
    /// - Throws: ``WorkflowModel/Failure`` as the step would fail; ``OutputMismatch`` when the output does not fit the manifest.
    @discardableResult
    public func run(_ action: String, with: Value = [:]) async throws -> Value {
        let entry = try self.entry(action)
        let input = try validated(with, entry.manifest)
        let plugin = entry.plugin.name
        let output: Value
        switch entry.action {
        case .pure(let pure): output = try pure.run(input, in: context(of: plugin))
        case .read(let read): output = try await read.run(input, in: readContext(of: plugin))
        case .state(let state):
            let context = context(of: plugin)
            output = try shelf.transaction(of: plugin) { try state.run(input, on: $0, in: context) }
        case .write(let write):
            let result: ActionResult
            do {
                result = try await write.perform(input, in: writeContext(of: plugin))
            } catch let partial as PartialFailure {
                try shelf.transaction(of: plugin) { try partial.change($0) }
                throw partial.failure
            }
            try shelf.transaction(of: plugin) { store in
                try result.change?(store)
                for event in result.emitted { try store.emit(event) }
            }
            output = result.output
        }
        try check(output, entry)
        return output
    }

    /// Rehearses a write as a dry run would.
    public func rehearse(_ action: String, with: Value = [:]) async throws -> Rehearsal {
        let entry = try self.entry(action)
        guard case .write(let write) = entry.action else {
            throw OutputMismatch(description: "\(action) is no write: only writes are rehearsed")
        }
        let input = try validated(with, entry.manifest)
        let rehearsal = try await write.rehearse(input, in: readContext(of: entry.plugin.name, rehearsal: true))
        try check(rehearsal.output, entry)
        return rehearsal
    }

    /// Asks a write whether it has happened.
    public func verify(_ action: String, with: Value = [:]) async throws -> Verification {
        let entry = try self.entry(action)
        guard case .write(let write) = entry.action else { return .unknown }
        return try await write.verify(try validated(with, entry.manifest), in: writeContext(of: entry.plugin.name))
    }

    /// Gives `event` to the consumers that want it, each after the other, as accepting it would.
    ///
    /// - Returns: the facts attached to it.
    @discardableResult
    public func accept(_ event: Event) throws -> ValueMap {
        var facts = ValueMap()
        for (plugin, consumer) in try PluginRegistry(plugins).consumers(of: event.type) {
            let attached = try shelf.transaction(of: plugin) {
                try consumer.consume(event, on: $0, now: now, workspace: workspace)
            }
            facts = facts.merging(attached)
        }
        shelf.record(event)
        return facts
    }

    private func entry(_ action: String) throws -> PluginRegistry.Entry {
        guard let entry = try PluginRegistry(plugins)[action] else {
            throw OutputMismatch(description: "there is no action \(action) on this bench")
        }
        return entry
    }

    private func validated(_ with: Value, _ manifest: ActionManifest) throws -> ActionInput {
        if let violation = manifest.input.violations(of: with).first {
            throw Failure.invalidInput(violation.description)
        }
        return ActionInput(manifest.input.bound(with).map ?? ValueMap())
    }

    private func check(_ output: Value, _ entry: PluginRegistry.Entry) throws {
        let violations = entry.manifest.output.violations(of: output)
        guard violations.isEmpty else {
            throw OutputMismatch(
                description: "the output of \(entry.fullName) does not fit its schema: "
                    + violations.map(\.description).joined(separator: "; "))
        }
    }
}
