import Expressions
import PluginKit
import RunMachine
public import RunStore
import Synchronization
public import Triggers
public import WorkflowModel

/// A playbook that the engine knows, with what its runs are pinned to.
public struct ActivePlaybook: Sendable {
    /// The playbook.
    public var workflow: Workflow
    /// The hash of its bundle.
    public var bundle: String
    /// The bundle as the store keeps it.
    public var content: Value
    /// The texts of its templates, by name.
    public var templates: [String: String]
    /// The playbooks that it calls, as they were when it was read, by id.
    public var callees: [String: ActivePlaybook]

    /// A playbook with its bundle.
    public init(
        workflow: Workflow, bundle: String, content: Value, templates: [String: String] = [:],
        callees: [String: ActivePlaybook] = [:]
    ) {
        self.callees = callees
        self.workflow = workflow
        self.bundle = bundle
        self.content = content
        self.templates = templates
    }
}

/// The playbooks that events are matched against.
public struct ActiveSet: Sendable {
    /// In the order of matching.
    public let playbooks: [ActivePlaybook]
    /// Decides which of them an event fires.
    public let matcher: Matcher

    /// A set of `playbooks`, one for each id.
    ///
    /// - Throws: ``EngineError`` naming the playbook whose condition cannot be planned.
    public init(_ playbooks: [ActivePlaybook]) throws(EngineError) {
        var matchable: [MatchablePlaybook] = []
        matchable.reserveCapacity(playbooks.count)
        for playbook in playbooks {
            do throws(CompiledCondition.Unplannable) {
                matchable.append(try MatchablePlaybook(workflow: playbook.workflow, bundle: playbook.bundle))
            } catch {
                throw EngineError(
                    .badPlaybook, "playbook \(playbook.workflow.id), \(error.place): \(error.error.message)")
            }
        }
        self.playbooks = playbooks
        matcher = Matcher(matchable)
    }

    /// The playbook of this id.
    public func playbook(_ id: String) -> ActivePlaybook? { playbooks.first { $0.workflow.id == id } }

    /// What the generation record says of the set.
    public var members: [GenerationRecord.Member] {
        playbooks.map { .init(playbook: $0.workflow.id, bundle: $0.bundle, mode: $0.workflow.mode) }
    }
}

/// Playbooks ready to run, by the hash of their bundle; compiled when first needed.
final class BundleShelf: Sendable {
    struct Item: Sendable {
        let compiled: CompiledWorkflow
        let playbook: ActivePlaybook
    }

    private let items = Mutex<[String: Item]>([:])
    private let known = Mutex<[String: ActivePlaybook]>([:])
    private let registry: PluginRegistry
    private let read: @Sendable (String, Value) throws -> ActivePlaybook

    init(_ services: EngineServices) {
        registry = services.registry
        read = services.readBundle
    }

    func put(_ playbooks: [ActivePlaybook]) {
        known.withLock { known in
            for playbook in playbooks { known[playbook.bundle] = playbook }
        }
    }

    func has(_ hash: String) -> Bool { known.withLock { $0[hash] != nil } }

    /// The playbook of bundle `hash`; `content` is what the store has of it.
    func item(_ hash: String, content: Value?) throws -> Item {
        if let item = items.withLock({ $0[hash] }) { return item }
        let playbook: ActivePlaybook
        if let active = known.withLock({ $0[hash] }) {
            playbook = active
        } else if let content {
            playbook = try read(hash, content)
        } else {
            throw Failure(
                code: "no_bundle",
                message: "the version of the playbook with which the run began (\(hash)) is not stored")
        }
        let compiled = try CompiledWorkflow(playbook.workflow, policy: BundleShelf.policy(registry))
        let item = Item(compiled: compiled, playbook: playbook)
        items.withLock { $0[hash] = item }
        return item
    }

    /// What machines must know of the actions of `registry`.
    static func policy(_ registry: PluginRegistry) -> (String) -> ActionPolicy? {
        { name in
            registry[name].map { entry in
                ActionPolicy(
                    effect: entry.manifest.effect, isIdempotent: entry.manifest.isIdempotent,
                    onUncertain: entry.manifest.onUncertain, retry: entry.manifest.retry,
                    timeout: entry.manifest.timeout)
            }
        }
    }
}
