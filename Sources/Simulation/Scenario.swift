import InMemoryRunStore
import Logging
import PluginKit
import Playbooks
import RunMachine
import RunStore
import WorkflowEngine
import WorkflowModel
import YAML

/// What became of a seed.
struct Outcome: Sendable {
    var seed: UInt64
    var violations: [String]
    /// Of every journal and of everything that happened, in order.
    var digest: UInt64
    var runs = 0
    var calls = 0
    var events = 0
    var deaths = 0
    var lostAnswers = 0
    var jobs = 0
}

/// A pause that a person has asked for, and what is known of it, by time that nobody sets.
struct MadePause {
    /// Nil for all playbooks.
    var playbook: String?
    var stopsRuns: Bool
    var askedAt: Timestamp
    /// When it was acknowledged.
    var holdsSince: Timestamp?
    /// When somebody asked for its end.
    var resumeAskedAt: Timestamp?
    /// When it was over for certain.
    var isOverAt: Timestamp?

    func covers(_ id: String) -> Bool { playbook == nil || playbook == id }
}

/// One seed: playbooks, events and trouble are made up from it, and everything is played to the end.
///
/// Unchecked: it lives on its world's thread.
final class Scenario: @unchecked Sendable {
    let world: World
    let store = InMemoryRunStore(collections: SimulatedPlugin.collections)
    let outside: Outside
    let watch: Watch
    let trouble = Box<Trouble>()
    var script: SeededNumbers
    var maker: PlaybookMaker
    /// The world around the executor: those who send events, and persons. It never dies.
    let around: Process
    var processes = 0
    var current: Process?
    /// All versions of playbooks, by bundle.
    var bundles: [String: (made: MadePlaybook, playbook: ActivePlaybook)] = [:]
    /// The playbooks as the next executor has them.
    var active: [ActivePlaybook] = []
    /// What was sent, by id; and what was acknowledged.
    var sent: [String: Event] = [:]
    var acknowledged: Set<String> = []
    /// Manual runs that were asked for: the name of who asked, and whether they were told that it was made.
    var asked: [String: Bool] = [:]
    var tasksLeft = 0
    var deaths = 0
    /// The counts of steps at which the executor dies.
    var deathsPlanned: [Int] = []
    /// Runs whose cancelling was acknowledged.
    var cancelled: Set<RunID> = []
    /// The answers that were acknowledged: question and person.
    var answered: [(ask: String, by: String)] = []
    /// The pauses that people asked for.
    var pauses: [MadePause] = []
    /// When an executor was first ready.
    var firstOpen: Timestamp?
    var pruned = false
    var hasJumped = false
    var checkedRuns: Set<RunID> = []
    var isEnding = false
    var isOver = false

    init(seed: UInt64, prints: Bool) {
        world = World(seed: seed, prints: prints)
        outside = Outside(world)
        watch = Watch(world, store)
        script = SeededNumbers(seed, "script")
        maker = PlaybookMaker(seed: seed)
        around = Process(world, number: 0)
        trouble.value = Trouble(world)
        watch.stoppedSince = { [unowned self] in stoppedSince }
    }

    /// Plays the seed.
    static func play(_ seed: UInt64, prints: Bool = false) -> Outcome {
        let scenario = Scenario(seed: seed, prints: prints)
        return scenario.play()
    }

    private func play() -> Outcome {
        makePlaybooks()
        if bundles.values.contains(where: { $0.made.gate == .slot }) {
            world.afterCommit = { [self] in EndCheck(scenario: self).checkSlots() }
        }
        begin()
        if !world.run(until: { isOver }) {
            world.broken(stuck())
        }
        current?.die()
        EndCheck(scenario: self).check()
        var outcome = Outcome(seed: world.seed, violations: world.violations, digest: 0)
        outcome.digest = EndCheck(scenario: self).digest()
        outcome.runs = checkedRuns.count
        outcome.calls = watch.calls
        outcome.events = sent.count
        outcome.deaths = deaths
        outcome.lostAnswers = trouble.value?.lost ?? 0
        outcome.jobs = world.jobs
        world.end()
        bundles = [:]
        return outcome
    }

    // MARK: Playbooks

    private func makePlaybooks() {
        if maker.numbers.chance(400) {
            for number in (1...maker.numbers.number(1...2)).reversed() { active.append(make("c\(number)", version: 1)) }
        }
        for number in 1...script.number(2...4) { active.append(make("p\(number)", version: 1)) }
    }

    /// A playbook, read as users' are. A new version of one has other steps, and is started by the same events.
    func make(_ id: String, version: Int) -> ActivePlaybook {
        // One that is called can call only those after it, so that no call leads back.
        let isCalled = id.hasPrefix("c")
        let callable = active.filter { $0.workflow.id.hasPrefix("c") && (!isCalled || $0.workflow.id > id) }
        let made = maker.playbook(
            id, like: bundles.values.first { $0.made.id == id }?.made, callable: callable.map(\.workflow.id).sorted(),
            isCalled: isCalled)
        world.trace(made.text)
        let result = PlaybookReader.read(SourceFile(path: "\(id).yaml", text: made.text), in: .structureOnly)
        let bundle = "\(id)-\(version)"
        guard let workflow = result.workflow else {
            world.broken("the made-up playbook cannot be read: \(result.diagnostics)\n\(made.text)")
            return active[0]
        }
        let playbook = ActivePlaybook(
            workflow: workflow, bundle: bundle, content: ["id": .string(id), "version": .int(Int64(version))],
            callees: Dictionary(
                uniqueKeysWithValues: callable.filter { workflow.callees.contains($0.workflow.id) }
                    .map { ($0.workflow.id, $0) }))
        bundles[bundle] = (made, playbook)
        return playbook
    }

    // MARK: Processes

    /// Starts an executor, and again until one has started.
    func startExecutor() {
        guard !isOver else { return }
        processes += 1
        let process = Process(world, number: processes)
        current = process
        world.trace("process \(process.number) starts")
        Task(executorPreference: process.line) { [self] in
            do {
                let engine = try await open(process)
                firstOpen = firstOpen ?? world.now
                process.engine = engine
                try await engine.recover()
                engine.start()
            } catch {
                world.trace("process \(process.number) does not start: \(error)")
                guard process.isAlive else { return }
                world.plan(after: .seconds(1)) { [self] in
                    // It may have been killed meanwhile, and then another one follows it already.
                    guard process.isAlive else { return }
                    process.die()
                    startExecutor()
                }
            }
        }
    }

    private func open(_ process: Process) async throws -> Engine {
        let shaky = ShakyStore(process: process, trouble: trouble, base: store)
        let known = bundles
        var services = EngineServices(
            registry: try PluginRegistry([SimulatedPlugin(process: process, outside: outside, watch: watch)]),
            performer: LivePerformer(
                http: NoWayOut(), mail: NoWayOut(), outbox: NoWayOut(), documents: shaky, secrets: NoWayOut()),
            clock: WallClock(process: process), entropy: { process.random($0) },
            workspace: { WorkspaceTables(name: "simulated", directory: Directory(zone: "UTC")) },
            readBundle: { hash, _ in
                guard let bundle = known[hash] else { throw Failure(code: "no_bundle", message: "no bundle \(hash)") }
                return bundle.playbook
            }, log: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        services.executor = process.line
        let world = world
        services.progress = { progress in
            guard process.isAlive else { return }
            switch progress {
            case .warning(let run, let text): world.trace("warning \(run.map(\.text) ?? "") \(text)")
            case .runStalled(let run, let message): world.trace("stalled \(run) \(message)")
            case .runParked(let run): world.trace("parked \(run.id) \(run.state)")
            case .runEnded(let run): world.trace("ended \(run.id) \(run.state)")
            default: break
            }
        }
        var settings = EngineSettings(workspaceID: "simulated")
        settings.requestInterval = .seconds(20)
        settings.maximumRuns = world.seed % 3 == 0 ? 2 : 64
        settings.longestRun = .seconds(3 * 86_400)
        settings.commitsEveryStep = world.seed % 5 == 0
        return try await Engine.open(
            store: shaky, playbooks: try ActiveSet(active), settings: settings, services: services)
    }

    /// Another version of a playbook, which the executor that works goes by from now on; if it hears of it.
    func reload() async throws {
        guard !isEnding, let old = active.randomPlace(&script) else { return }
        let id = active[old].workflow.id
        active[old] = make(id, version: bundles.values.count { $0.made.id == id } + 1)
        guard let process = current, let engine = process.engine else { return }
        let set = try ActiveSet(active)
        world.trace("process \(process.number) is to go by \(active[old].bundle)")
        let reloading = try await process.perform { try await engine.reload(set) }
        world.trace("process \(process.number) goes by generation \(reloading.generation)")
    }

    /// Kills the executor; another starts a while later.
    func kill() {
        guard let process = current, process.isAlive else { return }
        deaths += 1
        process.die()
        world.plan(after: script.chance(500) ? .milliseconds(script.below(3000)) : script.seconds(3...1200)) { [self] in
            guard current === process else { return }
            if !isEnding, script.chance(200), let old = active.randomPlace(&script) {
                let id = active[old].workflow.id
                let versions = bundles.values.count { $0.made.id == id }
                active[old] = make(id, version: versions + 1)
            }
            startExecutor()
        }
    }

    private func stuck() -> String {
        do {
            return try store.withReader { reader in
                let open = try reader.runs(RunQuery(limit: 1000)).filter { !$0.state.isFinal }
                let text = open.prefix(5).map { run in
                    "\(run.id) \(run.playbook) \(run.state) until \(run.wakesAt?.rfc3339 ?? "-") lease \(run.lease ?? 0)"
                }
                return
                    "nothing goes on any more at \(world.now.rfc3339) after \(world.jobs) steps; \(tasksLeft) tasks left; "
                    + "open: \(text.joined(separator: "; ")); next timer \((try reader.nextTimer())?.rfc3339 ?? "none")"
            }
        } catch {
            return "stuck, and the store cannot be read: \(error)"
        }
    }
}

extension Array {
    fileprivate func randomPlace(_ numbers: inout SeededNumbers) -> Int? { isEmpty ? nil : numbers.below(count) }
}

/// No network, no mail, no secrets.
private struct NoWayOut: HTTPClient, MailClient, Outbox, SecretLookup {
    func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse {
        throw HTTPFailure(code: .other, message: "a simulation reaches no network", afterFirstByte: false)
    }

    func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure) {
        throw MailFailure(code: .refused, message: "a simulation reaches no network", afterFirstByte: false)
    }

    func deliver(name: String, text: String) throws {}

    func secret(_ name: String) async throws -> String { throw Failure.permanent("no_secret", "no secrets") }
}
