public import PluginKit
import RunMachine
public import RunStore
public import WorkflowModel

/// A run that is to be done again, wholly or from a step on: what of the old run is kept, and which of its writes would be made
/// again. Made from what is stored, so that it can be shown before it is done.
public struct RunAgainPlan: Sendable {
    /// The run that is done again.
    public var old: RunRecord
    /// The playbook that the new run follows.
    public var playbook: ActivePlaybook
    /// What the new run is to the old one.
    public var origin: RunRecord.Origin
    /// The steps whose results are kept, as people call them, in order.
    public var kept: [String] = []
    /// The writes of the old run that have happened, or may have, and would be made again.
    public var repeated: [EffectRecord] = []
    /// What of the old journal is kept, its begin first; empty for a replay.
    var entries: [JournalEntry] = []

    /// The most writes that a plan lists.
    private static let listed = 1000

    /// Doing the run `id` again: all of it (`replays`), or from step `from` on.
    ///
    /// - Parameters:
    ///   - sameVersion: with the playbook that the run had, instead of that of `today`.
    ///   - registry: the plugins.
    /// - Throws: ``EngineError`` when there is no such run or playbook, or it cannot be done again; ``StoreError``;
    ///   ``WorkflowModel/Failure`` when the playbook that it had cannot be read any more.
    public static func make(
        of id: RunID, replays: Bool, from: String?, sameVersion: Bool, today: [ActivePlaybook],
        registry: PluginRegistry, in reader: any StoreReader
    ) throws -> RunAgainPlan {
        guard let old = try reader.run(id) else { throw EngineError(.notFound, "there is no run \(id)") }
        guard let bundle = try reader.bundle(old.bundle) else {
            throw EngineError(.notFound, "the playbook with which \(id) began is not stored")
        }
        let former = try ActivePlaybook.stored(old.bundle, bundle)
        guard let active = sameVersion ? former : today.first(where: { $0.workflow.id == old.playbook }) else {
            throw EngineError(
                .notFound,
                "there is no playbook \(old.playbook) any more; --same-version does the version again that the run had")
        }
        return replays
            ? try replay(old, by: active, in: reader)
            : try retry(old, from: from, former: former, by: active, registry: registry, in: reader)
    }

    /// Doing all of `old` again.
    ///
    /// - Throws: ``EngineError`` when the run has not ended or was called by another one; ``StoreError``.
    public static func replay(
        _ old: RunRecord, by playbook: ActivePlaybook, in reader: any StoreReader
    ) throws -> RunAgainPlan {
        try check(old)
        var plan = RunAgainPlan(old: old, playbook: playbook, origin: .replay(of: old.id))
        plan.repeated = try happened(old, in: reader).map(\.effect)
        return plan
    }

    /// Doing `old` again from step `from` on.
    ///
    /// - Parameters:
    ///   - from: the step's id or path; nil for the step that failed.
    ///   - former: the playbook that the old run followed.
    ///   - registry: the plugins.
    /// - Throws: ``EngineError`` when the run cannot go on there, with what to do instead; ``StoreError``.
    public static func retry(
        _ old: RunRecord, from: String?, former: ActivePlaybook, by playbook: ActivePlaybook, registry: PluginRegistry,
        in reader: any StoreReader
    ) throws -> RunAgainPlan {
        try check(old)
        let journal = try RunTreeEntries.read(try reader.journal(of: old.id, after: 0))
        // What came after a failure had left the playbook, or the run was being ended, is no part of what is kept.
        let work = Array(journal.prefix { !$0.endsTheWork })
        let wanted: StepWay
        if let from {
            guard
                let step = playbook.workflow.steps.flatMap(\.withInner).first(where: {
                    $0.id == from || $0.path.text == from
                })
            else {
                let ids = playbook.workflow.steps.flatMap(\.withInner).compactMap(\.id)
                let near = Similarity.nearest(to: from, among: ids)
                throw EngineError(
                    .notFound,
                    "the playbook \(old.playbook) has no step \(from)" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            guard let way = StepWay.find(step.path, in: playbook.workflow.steps) else {
                throw EngineError(.notFound, "the playbook \(old.playbook) has no step \(from) among its steps")
            }
            if let block = way.block {
                throw EngineError(
                    .badInput,
                    "\(from) stands inside \(block.label), which is done as a whole; retry from \(block.label)")
            }
            wanted = way
        } else {
            wanted = try failed(old, work, journal, former, playbook)
        }
        guard let formerWay = StepWay.find(wanted.step.path, in: former.workflow.steps), formerWay.isLike(wanted) else {
            throw EngineError(
                .badInput,
                "the playbook has changed before \(wanted.step.label) since \(old.id) began; --same-version goes on with the "
                    + "version that it had, and replay does all of it again")
        }
        if let undone = wanted.firstUndone(in: journal) {
            throw EngineError(
                .badInput,
                "\(undone.label) was taken back when the run failed, so its result does not count any more; retry from "
                    + "\(undone.label), or replay the run")
        }
        var plan = RunAgainPlan(old: old, playbook: playbook, origin: .retry(of: old.id, from: wanted.step.label))
        plan.kept = wanted.before.map(\.label)
        plan.entries = work.filter { wanted.keeps($0) }
        plan.repeated = try happened(old, in: reader).filter { !wanted.isBefore($0.step) }.map(\.effect)
        try plan.check(wanted, registry)
        return plan
    }

    // MARK: Inside

    private static func check(_ old: RunRecord) throws(EngineError) {
        guard old.state.isFinal else {
            throw EngineError(
                .badInput, "run \(old.id) has not ended: it is \(old.state.rawValue); `signalbox runs cancel` ends it")
        }
        guard old.kind != .shadow else {
            throw EngineError(.badInput, "run \(old.id) only rehearsed (mode: shadow); there is nothing to do again")
        }
        if let parent = old.parent {
            throw EngineError(.badInput, "run \(old.id) was called by \(parent); do that one again")
        }
    }

    /// The writes of a run and of those that it has called which have happened, or may have, each with the step of the run itself.
    private static func happened(
        _ old: RunRecord, in reader: any StoreReader
    ) throws -> [(effect: EffectRecord, step: String)] {
        var steps: [RunID: String] = [:]
        var found: [(effect: EffectRecord, step: String)] = []
        for run in [old] + (try SubRuns.below(old.id, in: reader)) {
            if let parent = run.parent { steps[run.id] = steps[parent] ?? run.parentStep }
            for effect in try reader.effects(of: run.id, limit: listed)
            where effect.state == .done || effect.state == .uncertain || effect.state == .intended {
                found.append((effect, steps[run.id] ?? effect.step))
            }
        }
        return found
    }

    /// Where a run that did not succeed came to its end, as far as it can begin again there.
    private static func failed(
        _ old: RunRecord, _ work: [JournalEntry], _ journal: [JournalEntry], _ former: ActivePlaybook,
        _ playbook: ActivePlaybook
    ) throws -> StepWay {
        guard old.state != .succeeded else {
            throw EngineError(
                .badInput, "run \(old.id) has succeeded; name the step to begin with (--from STEP), or replay all of it"
            )
        }
        let steps = former.workflow.steps
        let last = work.last { $0.isFailure && $0.step != nil } ?? work.last { $0.step != nil }
        guard let path = last?.step.flatMap({ StepKey($0)?.path }), var way = StepWay.find(path, in: steps) else {
            guard let first = steps.first, let way = StepWay.find(first.path, in: playbook.workflow.steps) else {
                throw EngineError(.badInput, "run \(old.id) has no step to begin with; replay it")
            }
            return way
        }
        if let undone = way.firstUndone(in: journal), let earlier = StepWay.find(undone.path, in: steps) {
            way = earlier
        }
        let meant = playbook.workflow.steps.flatMap(\.withInner).first { step in
            way.step.id.map { $0 == step.id } ?? (step.path == way.step.path)
        }
        guard let meant, let found = StepWay.find(meant.path, in: playbook.workflow.steps), found.block == nil else {
            throw EngineError(
                .badInput,
                "the step \(way.step.label), where run \(old.id) ended, is not in the playbook any more; --same-version goes on "
                    + "with the version that it had, and replay does all of it again")
        }
        return found
    }

    /// The kept entries must lead a run of the playbook to the step.
    private func check(_ wanted: StepWay, _ registry: PluginRegistry) throws {
        let compiled = try CompiledWorkflow(playbook.workflow, policy: BundleShelf.policy(registry))
        var machine = RunMachine(compiled)
        do {
            try machine.replay(entries)
        } catch {
            throw EngineError(
                .badInput,
                "the playbook has changed since \(old.id) began, so that its results do not fit (\(error)); --same-version goes "
                    + "on with the version that it had")
        }
        guard machine.stands(at: StepKey(wanted.step.path).description) else {
            throw EngineError(.badInput, "run \(old.id) never came to \(wanted.step.label); name an earlier step")
        }
    }

    /// The journal with which the new run begins.
    func journal(of run: RunID, url: String?, seed: UInt64, at now: Timestamp) -> [JournalRecord] {
        entries.enumerated().map { number, entry in
            var entry = entry
            if case .started(var start) = entry {
                start.run = run
                start.url = url
                start.at = now
                start.seed = seed
                entry = .started(start)
            }
            return JournalRecord(
                sequence: number + 1, at: now, kind: entry.kind, step: entry.step, version: JournalEntry.version,
                body: entry.body)
        }
    }
}

/// Reads stored journals.
enum RunTreeEntries {
    static func read(_ records: [JournalRecord]) throws -> [JournalEntry] {
        try records.map {
            try JournalEntry(
                kind: $0.kind, step: $0.step, version: $0.version, body: $0.body, sequence: $0.sequence)
        }
    }
}

extension JournalEntry {
    /// Whether what follows belongs to the end of the run.
    fileprivate var endsTheWork: Bool {
        switch self {
        case .stopping, .undoing, .handling, .ended: true
        default: false
        }
    }

    fileprivate var isFailure: Bool {
        switch self {
        case .failed: true
        case .returned(_, _, let state, _, _): state != .succeeded
        case .resolved(_, let resolution, _, _): resolution == .skip
        default: false
        }
    }
}

extension Step {
    /// The step and all inside it.
    fileprivate var withInner: [Step] { [self] + blocks.joined().flatMap(\.withInner) }
}
