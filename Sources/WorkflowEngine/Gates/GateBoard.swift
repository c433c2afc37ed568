import RunStore
import Synchronization
import Triggers
import WorkflowModel

/// What the executor knows of gates without asking the store, so that a playbook that nothing holds back costs no reading: which
/// playbooks have rows that may hold them back, and how often each ran and failed lately.
///
/// The rows are the truth. A playbook may be marked without having any (then reading tells), and never has any without being
/// marked: marks are set inside the transaction that writes the row. The counts begin anew with the executor.
final class GateBoard: Sendable {
    private struct Subject: Hashable {
        var playbook: String
        var subject: String
    }

    private struct State {
        /// The breaker of each playbook that has one.
        var rules: [String: BreakerRule] = [:]
        var subjectLimit: SubjectLimit?
        var marked: Set<String> = []
        var tallies: [String: BreakerGate.Tally] = [:]
        var subjects: [Subject: BucketCounter] = [:]
        var lastSweep = Timestamp.earliest
    }

    /// The most subjects whose runs are counted; beyond it counting begins anew.
    private static let mostSubjects = 100_000

    private let state = Mutex(State())

    init(_ set: ActiveSet, _ settings: EngineSettings) { follow(set, settings) }

    /// Goes by the playbooks of `set` from now on. What was counted by a breaker that is the same stays counted.
    func follow(_ set: ActiveSet, _ settings: EngineSettings) {
        var rules: [String: BreakerRule] = [:]
        for playbook in set.playbooks {
            let workflow = playbook.workflow
            if let rule = (workflow.gates.breaker ?? settings.breaker).rule { rules[workflow.id] = rule }
        }
        state.withLock { state in
            state.tallies = state.tallies.filter { state.rules[$0.key] == rules[$0.key] }
            state.rules = rules
            if state.subjectLimit != settings.subjectLimit { state.subjects = [:] }
            state.subjectLimit = settings.subjectLimit
        }
    }

    /// The breaker of a playbook; nil when it has none.
    func rule(of playbook: String) -> BreakerRule? { state.withLock { $0.rules[playbook] } }

    /// How many runs of a playbook may begin for one subject; nil for any number.
    var subjectLimit: SubjectLimit? { state.withLock(\.subjectLimit) }

    /// Marks a playbook, or all of them: there may be rows that hold it back.
    func mark(_ playbook: String) { state.withLock { _ = $0.marked.insert(playbook) } }

    func unmark(_ playbook: String) { state.withLock { _ = $0.marked.remove(playbook) } }

    func isMarked(_ playbook: String) -> Bool { state.withLock { $0.marked.contains(playbook) } }

    /// What is to be looked at before a run begins.
    struct Look {
        var isMarked = false
        /// What the breaker is to open for.
        var trouble: String?
        /// How many runs of the subject have begun lately, when that is too many.
        var tooMany: Int?

        var isClear: Bool { !isMarked && trouble == nil && tooMany == nil }
    }

    func look(_ playbook: String, subject: String?, now: Timestamp) -> Look {
        state.withLock { state in
            var look = Look()
            if !state.marked.isEmpty {
                look.isMarked = state.marked.contains(playbook) || state.marked.contains(GateRecord.allPlaybooks)
            }
            if let rule = state.rules[playbook] { look.trouble = state.tallies[playbook]?.trouble(rule, now: now) }
            if let subjectLimit = state.subjectLimit, let subject,
                let count = state.subjects[Subject(playbook: playbook, subject: subject)]?.count(at: now),
                count >= subjectLimit.runs
            {
                look.tooMany = count
            }
            return look
        }
    }

    /// A run has begun, and that is durable.
    func noteBegin(_ run: RunRecord, at now: Timestamp) {
        guard run.kind == .live else { return }
        state.withLock { state in
            if let rule = state.rules[run.playbook] {
                state.tallies[run.playbook, default: BreakerGate.Tally(rule)].noteBegin(at: now)
            }
            guard let subjectLimit = state.subjectLimit, let subject = run.subject else { return }
            if state.subjects.count >= GateBoard.mostSubjects {
                // What is old goes first; should nothing be, then everything: the guard is against loops, not against load.
                if now - state.lastSweep > subjectLimit.per {
                    state.subjects = state.subjects.filter { $0.value.count(at: now) > 0 }
                    state.lastSweep = now
                } else {
                    state.subjects = [:]
                }
            }
            state.subjects[
                Subject(playbook: run.playbook, subject: subject),
                default: BucketCounter(span: subjectLimit.per, parts: 10)
            ].add(at: now)
        }
    }

    /// A run has ended, and that is durable.
    func noteEnd(_ run: RunRecord, at now: Timestamp) {
        guard run.kind != .shadow, run.state != .cancelled else { return }
        state.withLock { state in
            guard let rule = state.rules[run.playbook] else { return }
            state.tallies[run.playbook, default: BreakerGate.Tally(rule)].noteEnd(failed: run.state == .failed, at: now)
        }
    }

    /// Forgets how often a playbook ran and failed.
    func forget(_ playbook: String) {
        state.withLock { state in
            state.tallies[playbook] = nil
            state.subjects = state.subjects.filter { $0.key.playbook != playbook }
        }
    }
}
