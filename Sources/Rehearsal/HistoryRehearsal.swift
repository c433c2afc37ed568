import InMemoryRunStore
import RunStore
import Triggers
public import WorkflowEngine
public import WorkflowModel

/// What playbooks would have done on a history of events, each at its own time.
public struct HistoryRehearsal: Sendable {
    /// What one playbook would have done.
    public struct Summary: Sendable {
        /// The playbook's id.
        public var playbook: String
        /// The events of the types that it looks at.
        public var looked = 0
        /// How often it would have fired.
        public var fired = 0
        /// How often its schedules would have fired.
        public var scheduled = 0
        /// The subjects for which it would have fired.
        public var subjects: Set<String> = []
        /// The first events that would have fired it, at most 20.
        public var examples: [Event] = []
        /// How often a gate would have stopped it, by reason.
        public var suppressed: [String: Int] = [:]
        /// How often its condition could not be evaluated, by message.
        public var failures: [String: Int] = [:]
        /// How often which line of the condition was the first that did not hold.
        public var stoppedBy: [String: Int] = [:]
        /// The runs by how they ended.
        public var states: [RunState: Int] = [:]
        /// Why runs failed, by message.
        public var runFailures: [String: Int] = [:]
        /// How often each action would have written to the outside.
        public var writes: [String: Int] = [:]
        /// Whom steps assigned work to.
        public var assignees: [String: Int] = [:]
    }

    /// All of it.
    public struct Report: Sendable {
        /// How many different events were played.
        public var events = 0
        /// Events that were in the history twice.
        public var duplicates = 0
        /// Events that a plugin refused, with why, at most 20.
        public var refused: [(id: String, why: String)] = []
        /// From the time of the first event to that of the last; nil for an empty history.
        public var span: ClosedRange<Timestamp>?
        /// How many different subjects the events are about.
        public var subjects = 0
        /// What each playbook would have done, in the order given.
        public var playbooks: [Summary] = []
    }

    private let playbooks: [ActivePlaybook]
    private let setting: RehearsalSetting

    /// A rehearsal of `playbooks`, which all act, in `setting`; what the workspace keeps plays no part.
    public init(_ playbooks: [ActivePlaybook], in setting: RehearsalSetting) {
        self.playbooks = playbooks
        var setting = setting
        // A history is a world of its own, and what other systems say today is not what they said then.
        setting.base = nil
        setting.http = nil
        self.setting = setting
    }

    /// Plays `events`, which should be in the order of their times; `progress` is told how many are done.
    ///
    /// - Throws: ``StoreError``; ``EngineError``.
    public func play(_ events: [Event], progress: (Int) -> Void = { _ in }) async throws -> Report {
        var report = Report()
        guard let first = events.map(\.time).min(), let last = events.map(\.time).max() else { return report }
        report.span = first...last
        let stage = try await Stage(setting, playbooks: playbooks, start: first, keepsSchedules: true)
        var summaries = playbooks.map { Summary(playbook: $0.workflow.id) }
        var subjects = Set<String>()
        var runs: [(place: Int, run: RunID)] = []
        for (number, event) in events.enumerated() {
            try await stage.play(until: event.time)
            guard let receipt = try await stage.engine.emit([event]).first else { continue }
            report.events += 1
            if receipt.isDuplicate {
                report.duplicates += 1
                continue
            }
            if let refusal = receipt.refusal {
                if report.refused.count < 20 { report.refused.append((event.id, refusal)) }
                continue
            }
            if let subject = receipt.event.subject { subjects.insert(subject) }
            for (place, playbook) in playbooks.enumerated() {
                let match = receipt.matches.first { $0.playbook == playbook.workflow.id }
                if let run = match?.run { runs.append((place, run)) }
                try count(match, receipt, playbook, stage, into: &summaries[place])
            }
            progress(number + 1)
        }
        try await stage.play(until: last)
        try count(collectedIn: stage, &runs, into: &summaries)
        for place in playbooks.indices {
            let scheduled = try runsOfSchedules(playbooks[place].workflow, stage)
            summaries[place].scheduled = scheduled.count
            runs += scheduled.map { (place, $0) }
        }
        for (place, id) in runs {
            let record = try await stage.play(id)
            summaries[place].states[record.state, default: 0] += 1
            if let failure = record.failure {
                summaries[place].runFailures[failure.message, default: 0] += 1
            }
            for entry in try stage.journal(of: id) where entry.kind == "completed" {
                if let assignee = entry.body["output"]?["assignee"]?.string {
                    summaries[place].assignees[assignee, default: 0] += 1
                }
            }
        }
        let owners = Dictionary(runs.map { ($0.run, $0.place) }, uniquingKeysWith: { first, _ in first })
        for write in stage.performer.writes {
            if let place = owners[write.run] { summaries[place].writes[write.action, default: 0] += 1 }
        }
        await stage.engine.close()
        report.subjects = subjects.count
        report.playbooks = summaries
        return report
    }

    /// Counts the runs that act on collections: no single event made them.
    private func count(
        collectedIn stage: Stage, _ runs: inout [(place: Int, run: RunID)], into summaries: inout [Summary]
    ) throws {
        for (place, playbook) in playbooks.enumerated() where playbook.workflow.gates.collects {
            var before: RunID?
            while true {
                let query = RunQuery(playbook: playbook.workflow.id, before: before, limit: 1000)
                let page = try stage.store.withReader { try $0.runs(query) }
                for run in page {
                    runs.append((place, run.id))
                    summaries[place].fired += 1
                    if let subject = run.subject { summaries[place].subjects.insert(subject) }
                }
                guard page.count == 1000, let last = page.last else { break }
                before = last.id
            }
        }
    }

    /// The runs that the schedules of a playbook have started, newest first.
    private func runsOfSchedules(_ workflow: Workflow, _ stage: Stage) throws -> [RunID] {
        // Those of a playbook that collects are counted already.
        guard !workflow.schedules.isEmpty, !workflow.gates.collects else { return [] }
        return try stage.store.withReader { reader in
            var found: [RunID] = []
            var query = RunQuery(playbook: workflow.id, limit: 1000)
            while true {
                let page = try reader.runs(query)
                for run in page {
                    guard let sequence = run.event, let event = try reader.event(sequence)?.event,
                        ScheduleFire.trigger(of: event, in: workflow) != nil
                    else { continue }
                    found.append(run.id)
                }
                guard page.count == query.limit, let last = page.last else { return found }
                query.before = last.id
            }
        }
    }

    private func count(
        _ match: MatchRecord?, _ receipt: EventReceipt, _ playbook: ActivePlaybook, _ stage: Stage,
        into summary: inout Summary
    ) throws {
        let event = receipt.event
        let looks = playbook.workflow.triggers.contains { trigger in
            if case .event(let trigger) = trigger { trigger.types.contains(event.type) } else { false }
        }
        guard looks else { return }
        summary.looked += 1
        switch match?.outcome {
        case .fired?, .shadowed?:
            summary.fired += 1
            if let subject = event.subject { summary.subjects.insert(subject) }
            if summary.examples.count < 20 { summary.examples.append(event) }
        case .suppressed?: summary.suppressed[match?.reason ?? "", default: 0] += 1
        case .failed?: summary.failures[match?.detail ?? "", default: 0] += 1
        case nil:
            guard let sequence = receipt.sequence, let record = try stage.store.withReader({ try $0.event(sequence) })
            else {
                return
            }
            let verdicts = try TriggerVerdict.all(of: playbook.workflow, for: record, calendars: setting.calendars)
            for verdict in verdicts {
                guard let obstacle = verdict.condition.flatMap(Self.obstacle) else { continue }
                summary.stoppedBy[obstacle, default: 0] += 1
            }
        }
    }

    /// The first line that did not hold; of `any` and `not` with the lines below, which say what was asked.
    private static func obstacle(_ condition: ConditionReport) -> String? {
        let lines = condition.lines
        guard let index = lines.firstIndex(where: { $0.verdict != .holds && $0.text != "all of" }) else { return nil }
        let below = lines[(index + 1)...].prefix { $0.depth > lines[index].depth }.filter { $0.place != nil }
        guard !below.isEmpty else { return lines[index].text }
        return "\(lines[index].text): \(below.map(\.text).joined(separator: " | "))"
    }
}
