public import Expressions
public import WorkflowModel

/// That a playbook's condition held for the event's subject before the event.
public struct HeldEdge: Sendable, Hashable {
    /// The playbook's id.
    public var playbook: String
    /// The ``MatchablePlaybook/conditionHash`` it was kept under.
    public var condition: String

    /// An edge that is held.
    public init(playbook: String, condition: String) {
        self.playbook = playbook
        self.condition = condition
    }
}

/// What an event means for one playbook. Playbooks that it does not touch have none.
public struct MatchDecision: Sendable, Hashable {
    /// What the condition and the edge say; further gates are the dispatcher's.
    public enum Outcome: Sendable, Hashable {
        case fires
        /// The condition holds but something stops it: a reason in a word and in a sentence.
        case suppressed(reason: String, detail: String)
        /// The condition cannot be evaluated: a code and a sentence with the place.
        case failed(code: String, detail: String)
    }

    /// The playbook's place in ``Matcher/playbooks``.
    public var playbook: Int
    /// The trigger's place in the playbook.
    public var trigger: Int
    /// What was decided.
    public var outcome: Outcome
}

/// All decisions for one event, from one snapshot.
public struct MatchResult: Sendable, Hashable {
    /// In the order of the playbooks.
    public var decisions: [MatchDecision] = []
    /// The playbooks (their places) whose condition holds from now on.
    public var edgesToSet: [Int] = []
    /// The ids of the playbooks whose condition held and does not any more, or whose memory is of another condition.
    public var edgesToClear: [String] = []

    /// Lets the event start the playbook at `place` by its trigger `trigger`, whatever was decided for that playbook.
    public mutating func start(_ place: Int, trigger: Int) {
        decisions.removeAll { $0.playbook == place }
        let index = decisions.firstIndex { $0.playbook > place } ?? decisions.endIndex
        decisions.insert(MatchDecision(playbook: place, trigger: trigger, outcome: .fires), at: index)
    }
}

/// Decides which playbooks an event fires: index, conditions, edges.
public struct Matcher: Sendable {
    /// The active set, in its order.
    public let playbooks: [MatchablePlaybook]
    private let index: TriggerIndex
    /// For each number of the index: the playbook's place and the trigger's place among its event triggers.
    private let owners: [(playbook: Int, trigger: Int)]
    private let places: [String: Int]

    /// A matcher over the active set.
    public init(_ playbooks: [MatchablePlaybook]) {
        self.playbooks = playbooks
        var owners: [(playbook: Int, trigger: Int)] = []
        var entries: [(types: [String], condition: CompiledCondition?)] = []
        var places: [String: Int] = [:]
        for (place, playbook) in playbooks.enumerated() {
            places[playbook.workflow.id] = place
            guard playbook.workflow.mode != .disabled else { continue }
            for (number, trigger) in playbook.triggers.enumerated() {
                owners.append((place, number))
                entries.append((trigger.trigger.types, trigger.condition))
            }
        }
        self.owners = owners
        self.places = places
        index = TriggerIndex(entries)
    }

    /// The place of a playbook in ``playbooks``; nil when it is none of them.
    public func place(of playbook: String) -> Int? { places[playbook] }

    /// What `event` means for each playbook that it touches.
    ///
    /// - Parameters:
    ///   - names: the event's data as conditions see it, with what consumers attached.
    ///   - held: the edges held for the event's subject.
    ///   - isOutOfOrder: whether the event is older than the newest of its subject.
    public func match(
        _ event: Event, names: ValueMap, now: Timestamp, held: [HeldEdge], isOutOfOrder: Bool,
        calendars: NamedValues.CalendarLookup? = nil
    ) -> MatchResult {
        let scope = EventScope(event: event, names: names, now: now, calendars: calendars)
        var result = MatchResult()
        var heldPlaces = Set<Int>()
        for edge in held {
            guard let place = places[edge.playbook], playbooks[place].workflow.mode != .disabled else { continue }
            if playbooks[place].conditionHash == edge.condition {
                heldPlaces.insert(place)
            } else {
                result.edgesToClear.append(edge.playbook)
            }
        }
        let candidates = index.candidates(type: event.type, in: scope)
        result.decisions.reserveCapacity(candidates.count)
        // The index leaves out conditions that are plainly false; those that held must be looked at, to forget them. Both lists
        // are in the order of the playbooks, and are walked side by side.
        var waiting = heldPlaces.sorted()[...]
        var next = 0
        while next < candidates.count || !waiting.isEmpty {
            let candidate = next < candidates.count ? owners[candidates[next].trigger].playbook : .max
            let place = min(candidate, waiting.first ?? .max)
            let isHeld = waiting.first == place
            if isHeld { waiting.removeFirst() }
            let start = next
            while next < candidates.count, owners[candidates[next].trigger].playbook == place { next += 1 }
            decide(place, candidates[start..<next], event, scope, isHeld: isHeld, isOutOfOrder, into: &result)
        }
        return result
    }

    /// Decides for one playbook; `candidates` are those of its triggers that the index named.
    private func decide(
        _ place: Int, _ candidates: ArraySlice<TriggerIndex.Candidate>, _ event: Event, _ scope: EventScope,
        isHeld: Bool,
        _ isOutOfOrder: Bool, into result: inout MatchResult
    ) {
        let playbook = playbooks[place]
        let keepsEdges = playbook.keepsEdges && event.subject != nil
        var best: (trigger: Int, verdict: EdgeMemory.Verdict, move: EdgeMemory.Move)?
        var failure: MatchDecision?
        for (number, trigger) in playbook.triggers.enumerated() where trigger.trigger.types.contains(event.type) {
            if event.origin == .own, !trigger.trigger.includesOwn { continue }
            let verdict: EdgeMemory.Verdict
            switch candidates.first(where: { owners[$0.trigger].trigger == number })?.holds {
            case true?: verdict = .holds
            case nil: verdict = .doesNotHold
            case false?:
                switch trigger.condition?.evaluate(scope) ?? .holds {
                case .holds: verdict = .holds
                case .doesNotHold: verdict = .doesNotHold
                case .failed(let error, let at):
                    verdict = .failed
                    failure =
                        failure
                        ?? MatchDecision(
                            playbook: place, trigger: trigger.position,
                            outcome: .failed(code: error.code.rawValue, detail: "\(at): \(error.message)"))
                }
            }
            let move = EdgeMemory.move(
                trigger.trigger, type: event.type, isKept: keepsEdges, wasHeld: isHeld, isOutOfOrder: isOutOfOrder,
                verdict: verdict)
            let fires = verdict == .holds && move.stoppedBy == nil
            // The first trigger that fires decides; else one that holds, else one that failed.
            if best == nil || fires || verdict.weight > (best?.verdict.weight ?? 0) { best = (number, verdict, move) }
            if fires { break }
        }
        guard let (number, verdict, move) = best else { return }
        let trigger = playbook.triggers[number]
        switch move.remember {
        case true?: result.edgesToSet.append(place)
        case false?: result.edgesToClear.append(playbook.workflow.id)
        case nil: break
        }
        switch verdict {
        case .doesNotHold: break
        case .failed: if let failure { result.decisions.append(failure) }
        case .holds:
            let outcome: MatchDecision.Outcome =
                switch move.stoppedBy {
                case nil: .fires
                case .edge?:
                    .suppressed(
                        reason: EdgeMemory.Stop.edge.rawValue,
                        detail:
                            "the condition already held for \(event.subject ?? "this subject"); it fires when it becomes true"
                    )
                case .outOfOrder?:
                    .suppressed(
                        reason: EdgeMemory.Stop.outOfOrder.rawValue,
                        detail: "the event is older than the newest one of \(event.subject ?? "its subject")")
                }
            result.decisions.append(MatchDecision(playbook: place, trigger: trigger.position, outcome: outcome))
        }
    }
}
