import InMemoryRunStore
import PluginKit
public import RunMachine
public import RunStore
import Triggers
public import WorkflowEngine
public import WorkflowModel

/// What a playbook would do, on one event or by hand: the engine with a virtual clock and no writes.
public struct DryRun: Sendable {
    /// What came of it.
    public struct Report: Sendable {
        /// When the pretended time starts.
        public var start: Timestamp
        /// The event as it was taken in, with what plugins know of its subject; nil without one.
        public var event: EventRecord?
        /// What each trigger made of it.
        public var verdicts: [TriggerVerdict]
        /// What the gates said; nil without an event or when no condition held.
        public var match: MatchRecord?
        /// Whether the playbook was played although the event would not start it.
        public var isForced: Bool
        /// The run; nil when the event starts none.
        public var run: RunRecord?
        /// Its steps.
        public var tree: RunTree?
        /// What would have been sent, in order.
        public var writes: [RehearsedWrite]
        /// The events that steps would have led to, in order.
        public var emitted: [Event]
        /// The questions that people would have been asked, in order, with the answers that were assumed.
        public var asks: [AskRecord]
        /// What the script let happen, in order.
        public var happenings: [Happening] = []
        /// The points at which the world decided, when it was to be decided there.
        public var points: [ChoicePoint] = []
        /// Whether there were more points than are told apart.
        public var isDeep = false
    }

    private let playbook: ActivePlaybook
    private let setting: RehearsalSetting
    private let script: RehearsalScript

    /// A dry run of `playbook` in `setting`, while the world does what `script` says.
    public init(_ playbook: ActivePlaybook, in setting: RehearsalSetting, script: RehearsalScript = RehearsalScript()) {
        self.playbook = playbook
        self.setting = setting
        self.script = script
    }

    /// Plays the playbook for `event`, at the event's time. `force` plays it also when the event would not start it.
    ///
    /// - Parameters:
    ///   - answers: what people answer, by the step's id or path; other questions expire.
    ///   - choices: what is chosen at each ``ChoicePoint``, in the order in which they are met, and beyond its end the first
    ///     option; nil lets waits time out where the script says nothing.
    /// - Throws: ``StoreError``; ``EngineError``; the failure of a plugin that refuses the event, or of an answer that does not fit.
    public func play(
        event: Event, force: Bool = false, answers: AssumedAnswers = [:], choices: [Int]? = nil
    ) async throws -> Report {
        try check(answers)
        let stage = try await Stage(setting, playbooks: [playbook], start: event.time)
        let receipt: EventReceipt?
        if let trigger = ScheduleFire.trigger(of: event, in: playbook.workflow) {
            receipt = try await stage.engine.fire(event, of: playbook.workflow.id, trigger: trigger)
        } else {
            receipt = try await stage.engine.emit([event]).first
        }
        if let refusal = receipt?.refusal { throw Failure.permanent("refused", refusal) }
        let record = try stage.store.withReader { reader in
            try reader.events(withID: event.id).first { $0.event.source == event.source }
        }
        let verdicts = try record.map {
            try TriggerVerdict.all(of: playbook.workflow, for: $0, calendars: setting.calendars)
        }
        var match = receipt?.matches.first { $0.playbook == playbook.workflow.id }
        if let record { match = try await collected(match, record, stage) ?? match }
        var id = match?.run
        // A run that would wait for another is played all the same: the question is what it does.
        if let id { try await stage.engine.letGo(id) }
        var isForced = false
        if id == nil {
            // An event that the workspace has seen before is no news to the overlay, yet the question is what it would do.
            let isKnown = receipt?.isDuplicate == true
            let holds = verdicts?.contains { $0.looksAtType && $0.condition?.verdict ?? .holds == .holds } ?? false
            isForced = force && !(isKnown && holds)
            if force || (isKnown && holds) {
                id = try await stage.engine.run(playbook.workflow.id, event: event, by: "dry-run").id
            }
        }
        return try await report(
            stage, start: event.time, record: record, verdicts: verdicts ?? [], match: match, isForced: isForced, id,
            answers, choices)
    }

    /// What becomes of a collection that has just been given its event, when its time is up; nil when the event was not collected.
    private func collected(_ match: MatchRecord?, _ record: EventRecord, _ stage: Stage) async throws -> MatchRecord? {
        guard match?.reason == StopReason.collected.rawValue else { return nil }
        let id = playbook.workflow.id
        let due = try stage.store.withReader { reader in
            try reader.gates(playbook: id, gate: "collect_for", limit: 10_000).compactMap { Collection($0.body) }
                .first { $0.newest == record.sequence }?.due
        }
        guard let due else { return nil }
        try await stage.play(until: due)
        return try stage.store.withReader { try $0.matches(ofEvent: record.sequence) }.last { $0.playbook == id }
    }

    /// Plays the playbook by hand, at `start`, with these answers of people.
    ///
    /// - Throws: ``EngineError`` when the inputs do not fit; ``StoreError``.
    public func play(
        inputs: ValueMap, start: Timestamp, answers: AssumedAnswers = [:], choices: [Int]? = nil
    ) async throws -> Report {
        try check(answers)
        let stage = try await Stage(setting, playbooks: [playbook], start: start)
        let run = try await stage.engine.run(playbook.workflow.id, inputs: inputs, by: "dry-run")
        return try await report(
            stage, start: start, record: nil, verdicts: [], match: nil, isForced: false, run.id,
            answers, choices)
    }

    /// Refuses answers to steps that ask nothing.
    private func check(_ answers: AssumedAnswers) throws(EngineError) {
        guard !answers.isEmpty else { return }
        let questions = playbook.workflow.allSteps.filter { if case .ask = $0.kind { true } else { false } }
        let names = questions.flatMap { [$0.label, $0.path.text] }
        for step in answers.keys.sorted() where !names.contains(step) {
            let near = Similarity.nearest(to: step, among: names)
            throw EngineError(
                .badInput,
                "\(playbook.workflow.id) has no question \(step)"
                    + (near.map { "; did you mean \($0)?" }
                        ?? (questions.isEmpty
                            ? ": it asks nobody" : "; it asks \(questions.map(\.label).joined(separator: ", "))"))
            )
        }
    }

    private func report(
        _ stage: Stage, start: Timestamp, record: EventRecord?, verdicts: [TriggerVerdict], match: MatchRecord?,
        isForced: Bool, _ id: RunID?, _ answers: AssumedAnswers, _ choices: [Int]?
    ) async throws -> Report {
        var report = Report(
            start: start, event: record, verdicts: verdicts, match: match, isForced: isForced, run: nil, tree: nil,
            writes: [], emitted: [], asks: [])
        guard let id else {
            await stage.engine.close()
            return report
        }
        if choices == nil, script.arrivals.isEmpty, script.answers.isEmpty {
            report.run = try await stage.play(id, answers: answers)
        } else {
            var play = try ScriptedPlay(
                id, of: playbook.workflow, on: stage, setting, script: script, choices: choices)
            report.run = try await play.play()
            report.happenings = play.happenings
            report.points = play.points
            report.isDeep = play.isCut
        }
        report.tree = try tree(of: id, playbook, stage)
        // What arrives may start other runs, which are not asked about.
        let family = try stage.store.withReader { reader in
            Set([id] + (try SubRuns.below(id, in: reader)).map(\.id))
        }
        report.writes = stage.performer.writes.filter { family.contains($0.run) }
        report.asks = try stage.store.withReader { reader in
            try reader.asks(AskQuery(run: id, limit: 1000)).reversed()
        }
        report.emitted = try stage.store.withReader { reader in
            try reader.events(before: nil, limit: 100).filter { $0.event.causedBy.map(family.contains) ?? false }
                .map(\.event).reversed()
        }
        await stage.engine.close()
        return report
    }
}

extension DryRun {
    /// The steps of a run, with those of the runs that it has called.
    private func tree(of run: RunID, _ playbook: ActivePlaybook, _ stage: Stage) throws -> RunTree {
        var tree = RunTree(playbook.workflow, try RunTree.entries(try stage.journal(of: run)))
        let called = try stage.store.withReader { try $0.runs(RunQuery(parent: run, limit: 1000)) }
        guard !called.isEmpty else { return tree }
        var below: [RunID: RunTree] = [:]
        for record in called {
            guard let callee = playbook.callees[record.playbook] else { continue }
            below[record.id] = try self.tree(of: record.id, callee, stage)
        }
        tree.attach { below[$0] }
        return tree
    }
}

extension RunTree {
    /// The entries of a stored journal.
    ///
    /// - Throws: ``JournalError`` when a later version wrote it.
    public static func entries(_ records: [JournalRecord]) throws -> [(at: Timestamp, entry: JournalEntry)] {
        try records.map { record in
            (
                record.at,
                try JournalEntry(
                    kind: record.kind, step: record.step, version: record.version, body: record.body,
                    sequence: record.sequence)
            )
        }
    }
}
