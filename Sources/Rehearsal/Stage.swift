import InMemoryRunStore
import PluginKit
import RunMachine
import RunStore
import Synchronization
import WorkflowEngine
import WorkflowModel

/// The engine on a store in memory and a virtual clock: what every kind of rehearsal plays on.
struct Stage: Sendable {
    let store: InMemoryRunStore
    let clock: VirtualClock
    let engine: Engine
    let performer: RehearsalPerformer

    /// Opens a stage on which `playbooks` act, at `start`; their schedules fire only if `keepsSchedules`.
    ///
    /// - Throws: ``EngineError`` when a playbook's condition cannot be planned; ``StoreError``.
    init(
        _ setting: RehearsalSetting, playbooks: [ActivePlaybook], start: Timestamp, keepsSchedules: Bool = false
    ) async throws {
        if let base = setting.base {
            store = try InMemoryRunStore(over: base, collections: setting.collections)
        } else {
            store = InMemoryRunStore(collections: setting.collections)
        }
        clock = VirtualClock(start: start)
        performer = RehearsalPerformer(documents: store, http: setting.http)
        let random = Mutex(SplitMix64(state: UInt64(bitPattern: start.seconds)))
        let tables = setting.tables
        var services = EngineServices(
            registry: setting.registry, performer: performer, clock: clock,
            // The same rehearsal gives the same ids and waits.
            entropy: { count in
                random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
            },
            workspace: { tables },
            readBundle: { hash, _ in
                throw Failure.permanent("no_bundle", "a rehearsal has no run of an older version (\(hash))")
            }, log: setting.log)
        services.pluginSettings = setting.pluginSettings
        services.secretNames = setting.secretNames
        services.calendars = setting.calendars
        services.businessTime = setting.businessTime
        services.businessCalendars = setting.businessCalendars
        var settings = EngineSettings(workspaceID: setting.workspaceID)
        settings.rehearses = true
        settings.keepsSchedules = keepsSchedules
        let active = try ActiveSet(
            playbooks.map { playbook in
                var playbook = playbook
                playbook.workflow.mode = .active
                return playbook
            })
        engine = try await Engine.open(store: store, playbooks: active, settings: settings, services: services)
    }

    /// Lets time pass until `run` has ended or only a person could go on with it. Questions are answered as `answers` says, and
    /// expire without an answer.
    func play(_ run: RunID, answers: AssumedAnswers = [:]) async throws -> RunRecord {
        // A question takes no second answer of the same people: what is not settled by then waits for its time-out.
        var given: Set<String> = []
        while true {
            await engine.idle()
            if let error = engine.stall(of: run) { throw error }
            guard let record = try store.withReader({ try $0.run(run) }) else {
                throw Failure.permanent("no_run", "the rehearsed run has vanished")
            }
            if record.state.isFinal || record.state == .needsAttention { return record }
            let next = try await engine.nextTimer()
            if let (ask, answer, at) = try nextAnswer(answers, beside: given), next.map({ at <= $0 }) ?? true {
                given.insert(ask.id)
                clock.advance(to: at)
                try await give(answer, to: ask)
                continue
            }
            guard let next else { return record }
            clock.advance(to: next)
            try await engine.fireDueTimers()
        }
    }

    /// Lets time pass until `instant`, firing each timer at its time.
    func play(until instant: Timestamp) async throws {
        await engine.idle()
        while let next = try await engine.nextTimer(), next <= instant {
            clock.advance(to: next)
            guard try await engine.fireDueTimers() > 0 else { break }
            await engine.idle()
        }
        clock.advance(to: instant)
    }

    /// The journal of a run, entry by entry.
    func journal(of run: RunID) throws -> [JournalRecord] { try store.withReader { try $0.journal(of: run, after: 0) } }
}

/// A small generator for ids inside rehearsals; nothing rests on its strength.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
