import Calendars
import PluginKit
import WorkflowModel

/// What became of a candidate.
struct Verdict {
    enum Stage: String {
        case eligible, skills, capacity, score, picked
    }

    var candidate: Candidate
    var stage = Stage.score
    var reason = ""
    var load = 0
    var capacity: Int?
    var lastAt: Timestamp?
    var preferredSkills = 0
    var isPreferred = false
    /// More is better.
    var score = 0.0

    /// The row of the elimination table.
    var row: Value {
        [
            "person": .string(candidate.person.id), "name": .string(candidate.person.name),
            "pool": .string(candidate.pool), "kept": .bool(stage == .score || stage == .picked),
            "stage": .string(stage.rawValue), "reason": .string(reason), "load": .int(Int64(load)),
            "capacity": capacity.map { .int(Int64($0)) } ?? .null,
            "last_assigned_at": lastAt.map(Value.timestamp) ?? .null,
        ]
    }
}

/// One rung of the ladder: the stages through which candidates go, and the pick.
struct Selection {
    let pool: CandidatePool
    private(set) var verdicts: [Verdict] = []

    /// Judges everybody of `pool`.
    ///
    /// - Parameter pointer: Whom the step served last; for the strategy `cyclic`.
    init(
        _ pool: CandidatePool, _ request: AssignRequest, _ workload: Workload, pointer: String?,
        ignoring unknownSkills: [String], in context: ActionContext
    ) throws {
        self.pool = pool
        for candidate in pool.candidates {
            var verdict = Verdict(candidate: candidate)
            let person = candidate.person
            verdict.load = try workload.load(of: person.id)
            verdict.capacity = person.capacity ?? request.defaultCapacity
            verdict.lastAt = try workload.lastAssignment(of: person.id)
            verdict.preferredSkills = request.preferred.met(by: person)
            verdict.isPreferred = request.prefer.contains(person.id)
            if let reason = Self.ineligible(candidate, request, context) {
                (verdict.stage, verdict.reason) = (.eligible, reason)
            } else if let lack = request.skills.lack(of: person, ignoring: unknownSkills) {
                (verdict.stage, verdict.reason) = (.skills, lack)
            } else if request.respectsCapacity, let capacity = verdict.capacity, verdict.load >= capacity {
                (verdict.stage, verdict.reason) = (.capacity, "is full: \(verdict.load) of \(capacity)")
            }
            verdicts.append(verdict)
        }
        score(request.strategy, pointer, now: context.now)
        pick(request.strategy)
    }

    /// Who was picked.
    var picked: Verdict? { verdicts.first { $0.stage == .picked } }

    /// How many were left after each stage.
    var counts: Value {
        func left(_ gone: Set<Verdict.Stage>) -> Value {
            .int(Int64(verdicts.count { !gone.contains($0.stage) }))
        }
        return [
            "pool": .string(pool.name), "candidates": left([]), "eligible": left([.eligible]),
            "skilled": left([.eligible, .skills]), "with_capacity": left([.eligible, .skills, .capacity]),
            "nobody_on_call": .list(pool.gaps.map(Value.string)),
        ]
    }

    private static func ineligible(_ candidate: Candidate, _ request: AssignRequest, _ context: ActionContext)
        -> String?
    {
        let person = candidate.person
        if request.excluded.contains(person.id) || person.email.map(request.excluded.contains) == true {
            return "is excluded by the step"
        }
        if !person.isAvailable { return "is not available" }
        guard request.respectsHours, candidate.onCall == nil, let hours = candidate.hours else { return nil }
        let zone = person.zone ?? context.workspace.directory.zone
        switch hours.isOpen(at: context.now, zone: zone) {
        case true?: return nil
        case false?: return "is not on shift"
        case nil: return "has hours in the unknown zone \(hours.zone ?? zone)"
        }
    }

    private mutating func score(_ strategy: Strategy, _ pointer: String?, now: Timestamp) {
        let turn = verdicts.filter { $0.stage == .score }.map(\.candidate.person.id).sorted()
        // The one after the last served, also when that one is gone: the place in the order is what counts.
        let first = turn.firstIndex { id in pointer.map { id > $0 } ?? true } ?? 0
        for index in verdicts.indices where verdicts[index].stage == .score {
            let verdict = verdicts[index]
            verdicts[index].score =
                switch strategy {
                // No limit is more room than any limit that a table holds.
                case .mostCapacity: Double((verdict.capacity ?? 1_000_000) - verdict.load)
                case .leastLoaded: -Double(verdict.load)
                case .longestIdle: verdict.lastAt.map { (now - $0).inSeconds } ?? .infinity
                case .cyclic:
                    -Double(((turn.firstIndex(of: verdict.candidate.person.id) ?? 0) - first + turn.count) % turn.count)
                }
        }
    }

    private mutating func pick(_ strategy: Strategy) {
        let kept = verdicts.indices.filter { verdicts[$0].stage == .score }
        guard let best = kept.min(by: { Self.advantage(verdicts[$0], verdicts[$1], strategy) != nil }) else { return }
        let winner = verdicts[best]
        var reasons: [String] = []
        for index in kept where index != best {
            let advantage = Self.advantage(winner, verdicts[index], strategy) ?? ""
            verdicts[index].reason = "\(winner.candidate.person.id) \(advantage)"
            if !reasons.contains(advantage) { reasons.append(advantage) }
        }
        verdicts[best].stage = .picked
        verdicts[best].reason = kept.count == 1 ? "the only one left" : reasons.joined(separator: "; ")
    }

    /// Why `a` goes before `b`; nil when it does not. Preferred skills, then preferred people, then the score, then the longest time
    /// since the last assignment, then the id: total, so that nothing is left to chance.
    private static func advantage(_ a: Verdict, _ b: Verdict, _ strategy: Strategy) -> String? {
        if a.preferredSkills != b.preferredSkills {
            return a.preferredSkills > b.preferredSkills ? "has more of the preferred skills" : nil
        }
        if a.isPreferred != b.isPreferred { return a.isPreferred ? "is preferred by the step" : nil }
        if a.score != b.score {
            guard a.score > b.score else { return nil }
            return switch strategy {
            case .mostCapacity: "has more room"
            case .leastLoaded: "has fewer open tickets"
            case .longestIdle: "has waited longer"
            case .cyclic: "is next in turn"
            }
        }
        let (x, y) = (a.lastAt ?? .earliest, b.lastAt ?? .earliest)
        if x != y { return x < y ? "has waited longer" : nil }
        return a.candidate.person.id < b.candidate.person.id ? "comes first by id" : nil
    }
}
