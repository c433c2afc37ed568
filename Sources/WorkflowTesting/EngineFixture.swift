public import InMemoryRunStore
import Logging
public import PluginKit
import Playbooks
public import RunStore
import Synchronization
public import WorkflowEngine
public import WorkflowModel
import YAML

/// An engine with a scripted plugin on a store that outlives it: opened, killed and opened again by a test.
public final class EngineFixture: Sendable {
    /// A playbook of a test that cannot be read.
    public struct Unreadable: Error, CustomStringConvertible {
        /// Its mistakes.
        public let description: String
    }

    /// Where everything is kept.
    public let store: any RunStore
    /// The time.
    public let clock: ManualClock
    /// The outside world.
    public let plugin: ScriptedPlugin
    /// The secrets that actions may look up.
    public let secrets: [String: String]
    private let playbooks: [ActivePlaybook]
    private let heard = Mutex<[Progress]>([])
    private let extra: [any Plugin]
    // One source for all engines of the fixture, so that a second one does not repeat the ids of the first.
    private let entropy = EngineFixture.entropy()

    /// The collections of the scripted plugin, for a store of the test's own.
    public static let collections: [String: CollectionDeclaration] = [
        "test.things": CollectionDeclaration(name: "things", indexes: ["value"])
    ]

    /// A fixture with playbooks given as YAML.
    ///
    /// - Throws: ``Unreadable`` with the mistakes of a playbook.
    public convenience init(
        _ texts: String..., store: any RunStore = InMemoryRunStore(collections: EngineFixture.collections),
        plugin: ScriptedPlugin = ScriptedPlugin(), secrets: [String: String] = [:]
    ) throws {
        try self.init(
            workflows: texts.map(EngineFixture.workflow), store: store, plugin: plugin, secrets: secrets)
    }

    /// A fixture with playbooks given as values.
    public init(
        workflows: [Workflow], store: any RunStore = InMemoryRunStore(collections: EngineFixture.collections),
        plugin: ScriptedPlugin = ScriptedPlugin(), secrets: [String: String] = [:], clock: ManualClock = ManualClock(),
        plugins: [any Plugin] = []
    ) throws {
        self.store = store
        self.plugin = plugin
        self.secrets = secrets
        self.clock = clock
        extra = plugins
        playbooks = workflows.map { EngineFixture.playbook($0, among: workflows, depth: 0) }
    }

    /// A playbook with those that it calls, as the workspace would pin them.
    private static func playbook(_ workflow: Workflow, among workflows: [Workflow], depth: Int) -> ActivePlaybook {
        var callees: [String: ActivePlaybook] = [:]
        for callee in workflows where depth < 12 && workflow.callees.contains(callee.id) {
            callees[callee.id] = playbook(callee, among: workflows, depth: depth + 1)
        }
        return ActivePlaybook(
            workflow: workflow, bundle: "bundle-\(workflow.id)", content: ["id": .string(workflow.id)],
            callees: callees)
    }

    /// Reads a playbook.
    ///
    /// - Throws: ``Unreadable`` with its mistakes.
    public static func workflow(_ text: String) throws -> Workflow {
        let result = PlaybookReader.read(SourceFile(path: "playbook.yaml", text: text), in: .structureOnly)
        guard let workflow = result.workflow else {
            throw Unreadable(description: result.diagnostics.map { "\($0)" }.joined(separator: "\n"))
        }
        return workflow
    }

    /// The plugins.
    ///
    /// - Throws: ``Failure`` when two of them have the same name.
    public var registry: PluginRegistry { get throws { try PluginRegistry([plugin] + extra) } }

    /// Everything that the engines of this fixture have told.
    public var progress: [Progress] { heard.withLock { $0 } }

    /// Opens an engine, as a new process would; with `playbooks` instead of the fixture's own when given.
    ///
    /// - Throws: ``StoreError``, ``EngineError``.
    public func open(
        playbooks others: [ActivePlaybook]? = nil, faults: FaultPlan? = nil,
        change: (inout EngineSettings, inout EngineServices) -> Void = { _, _ in }
    ) async throws -> Engine {
        var settings = EngineSettings(workspaceID: "workspace-1")
        let known = playbooks
        var services = EngineServices(
            registry: try PluginRegistry([plugin] + extra),
            performer: LivePerformer(
                http: NoHTTP(), mail: NoMail(), outbox: NoOutbox(), documents: store, secrets: GivenSecrets(secrets)),
            clock: clock, entropy: entropy,
            workspace: { WorkspaceTables(name: "test", directory: Directory(zone: "UTC")) },
            readBundle: { hash, _ in
                guard let playbook = known.first(where: { $0.bundle == hash }) else {
                    throw Failure(code: "no_bundle", message: "no bundle \(hash)")
                }
                return playbook
            }, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        services.secretNames = secrets.keys.sorted()
        services.progress = { [weak self] progress in self?.heard.withLock { $0.append(progress) } }
        if let faults { services.faults = { try faults($0) } }
        change(&settings, &services)
        return try await Engine.open(
            store: store, playbooks: try ActiveSet(others ?? playbooks), settings: settings, services: services)
    }

    /// Moves the clock from timer to timer until no run waits any more, or for `limit` timers.
    public func runThrough(_ engine: Engine, limit: Int = 1000) async throws {
        for _ in 0..<limit {
            await engine.idle()
            guard let next = try await engine.nextTimer() else { return }
            // What is left are the run's own limits, not waits.
            guard next < clock.now + .seconds(86_400) else { return }
            clock.advance(to: next)
            try await engine.fireDueTimers()
        }
    }

    /// A run with its journal.
    public func run(_ id: RunID) async throws -> (row: RunRecord, journal: [JournalRecord]) {
        try await store.read(view: { reader in
            guard let row = try reader.run(id) else { throw Unreadable(description: "no run \(id)") }
            return (row, try reader.journal(of: id, after: 0))
        })
    }

    /// Random bytes that are the same in every test.
    public static func entropy(seed: UInt64 = 1) -> EngineServices.Entropy {
        let state = Mutex(seed)
        return EntropyBox(state).bytes
    }
}

/// Numbers by SplitMix64.
private final class EntropyBox: Sendable {
    private let state: Mutex<UInt64>

    init(_ state: consuming Mutex<UInt64>) { self.state = state }

    var bytes: EngineServices.Entropy {
        { count in
            (0..<count).map { _ in
                self.state.withLock { state in
                    state &+= 0x9e37_79b9_7f4a_7c15
                    var mixed = state
                    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
                    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
                    return UInt8(truncatingIfNeeded: mixed >> 32)
                }
            }
        }
    }
}

/// Secrets that a test gives.
private struct GivenSecrets: SecretLookup {
    let secrets: [String: String]

    init(_ secrets: [String: String]) { self.secrets = secrets }

    func secret(_ name: String) async throws -> String {
        guard let secret = secrets[name] else { throw Failure.permanent("no_secret", "the secret \(name) is not set") }
        return secret
    }
}

private struct NoHTTP: HTTPClient {
    func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse {
        throw HTTPFailure(code: .other, message: "tests reach no network", afterFirstByte: false)
    }
}

private struct NoMail: MailClient {
    func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure) {
        throw MailFailure(code: .refused, message: "tests reach no network", afterFirstByte: false)
    }
}

private struct NoOutbox: Outbox {
    func deliver(name: String, text: String) throws {}
}
