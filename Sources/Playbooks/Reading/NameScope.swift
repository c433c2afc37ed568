import WorkflowModel
import YAML

/// Where in a playbook an expression stands, which decides what names it may use.
struct NameScope {
    /// The part of the playbook.
    enum Part: Hashable {
        /// The condition of the trigger of this index.
        case trigger(Int)
        /// The key of a gate, for all triggers.
        case gates
        /// The first values of variables; this many variables stand before.
        case vars(Int)
        /// A step of `steps` or `on_failure`.
        case step
        /// `outputs`.
        case outputs
    }

    /// A name that a loop gives to its elements.
    struct LoopVariable {
        var name: String
        /// The expression of the list, among the sites: what the elements are like follows from it.
        var site: Int?
    }

    /// A condition of which it is known whether it holds.
    struct Assumption: Hashable {
        /// The condition, among the sites.
        var site: Int
        var holds: Bool
    }

    var part: Part
    /// Whether nothing has run yet at the place: in triggers and gates.
    var isBeforeRun: Bool {
        switch part {
        case .trigger, .gates: true
        case .vars, .step, .outputs: false
        }
    }
    /// The step's index in the ``StepTable``.
    var step: Int?
    /// Whether the place belongs to `on_failure`.
    var isOnFailure = false
    var loops: [LoopVariable] = []
    /// Whether `secrets` may be used: inside `with`.
    var allowsSecrets = false
    /// Whether the place is inside a `rescue`.
    var isRescue = false
    /// Whether the step's own result is there: inside its `undo`.
    var seesItself = false
    /// Whether the results of the steps inside the step are there: in `until`.
    var seesInside = false
    /// What has been asked before the place is reached.
    var assumptions: [Assumption] = []
    /// The types of the event that has arrived: in a `when` of `wait_for`.
    var arriving: [String]?
}

/// The steps of a playbook in the order of the file, with where each stands.
struct StepTable {
    /// What a step is, as far as references to it care.
    enum Kind {
        case call(action: String)
        case loop
        /// `repeat`.
        case rounds
        /// `try`.
        case attempt
        /// `wait_for`.
        case listen
        /// `call`.
        case sub(playbook: String)
        /// `ask` with its fields, or `approve`.
        case ask([InputField]?)
        case other
        /// Not supported yet, or unreadable: what it gives is unknown.
        case unknown
    }

    struct Entry {
        var id: String?
        var kind: Kind
        /// The index of the step around it; -1 at the top.
        var parent: Int
        /// `steps`, `then`, `try`, `cases[0]`, … or, at the top, `on_failure`.
        var block: String
        /// Its place in the block.
        var index: Int
        /// Its `if`, among the sites.
        var condition: Int?
        /// Whether the run goes on when it fails: `continue_on_error`, or a `rescue` behind a `try`.
        var goesOn = false
    }

    private(set) var entries: [Entry] = []
    private(set) var positions: [String: Int] = [:]
    /// The ids in the order of the file.
    private(set) var ids: [String] = []

    mutating func add(_ entry: Entry) -> Int {
        entries.append(entry)
        return entries.count - 1
    }

    mutating func setCondition(_ site: Int, of step: Int) { entries[step].condition = site }

    mutating func setGoesOn(_ step: Int) { entries[step].goesOn = true }

    mutating func setKind(_ kind: Kind, of step: Int) { entries[step].kind = kind }

    /// Gives a step its id; false when another has it.
    mutating func name(_ step: Int, _ id: String) -> Bool {
        guard positions[id] == nil else { return false }
        entries[step].id = id
        positions[id] = step
        ids.append(id)
        return true
    }

    /// The steps around a step, outermost first, and the step itself.
    func chain(_ step: Int) -> [Int] {
        var chain: [Int] = []
        var next = step
        while next >= 0 {
            chain.append(next)
            next = entries[next].parent
        }
        return chain.reversed()
    }

    /// Whether the step belongs to `on_failure`.
    func isOnFailure(_ step: Int) -> Bool {
        guard let top = chain(step).first else { return false }
        return entries[top].block == "on_failure"
    }

    /// Why the result of step `target` cannot be used at `scope`; nil when it can.
    func obstacle(to target: Int, from scope: NameScope) -> (message: String, help: String?)? {
        let name = "steps.\(entries[target].id ?? "?")"
        let path = chain(target)
        if isOnFailure(target), !scope.isOnFailure {
            return ("\(name) runs only after the playbook has failed", nil)
        }
        var common = 0
        if let step = scope.step {
            let here = chain(step)
            if isOnFailure(target) == scope.isOnFailure {
                while common < path.count, common < here.count, path[common] == here[common] { common += 1 }
                if common == path.count, target == step, scope.seesItself { return nil }
                // What follows a question without an approval sees who answered what.
                if common == path.count, target != step, case .ask = entries[target].kind { return nil }
                if common == path.count {
                    return target == step
                        ? ("\(name) is this very step", "its result can be used by the steps after it")
                        : ("\(name) has not ended here: this step is inside it", nil)
                }
                if common == here.count {
                    guard scope.seesInside else { return ("\(name) runs after this place", nil) }
                    return iterations(of: target, name, path[common..<path.count - 1])
                }
                let (theirs, ours) = (entries[path[common]], entries[here[common]])
                if let (first, second) = Self.parts(theirs.block, ours.block) {
                    if first > second { return ("\(name) runs after this place", nil) }
                } else if theirs.block != ours.block {
                    return ("\(name) is in the other branch: when this step runs, that one does not", nil)
                }
                if theirs.block == "parallel" {
                    return ("\(name) runs at the same time as this step", "use it after the parallel block")
                }
                if theirs.block == ours.block, theirs.index > ours.index {
                    return ("\(name) runs after this step", "move the step that needs it below it")
                }
            }
        }
        return iterations(of: target, name, path[common..<path.count - 1])
    }

    /// The order of two different parts of `try`; nil when the blocks are none.
    private static func parts(_ theirs: String, _ ours: String) -> (Int, Int)? {
        let parts = ["try", "rescue", "always"]
        guard theirs != ours, let first = parts.firstIndex(of: theirs), let second = parts.firstIndex(of: ours) else {
            return nil
        }
        return (first, second)
    }

    /// Why a step inside of loops, those of `around`, has no single result.
    private func iterations(
        of target: Int, _ name: String, _ around: ArraySlice<Int>
    ) -> (message: String, help: String?)? {
        for around in around {
            let isRounds: Bool
            switch entries[around].kind {
            case .loop: isRounds = false
            case .rounds: isRounds = true
            default: continue
            }
            let loop = entries[around].id
            return (
                "\(name) is inside a loop and has a result for every \(isRounds ? "round" : "element")",
                loop.map { "write steps.\($0).items[0].\(entries[target].id ?? "")" }
                    ?? "give the loop an id and write steps.LOOP.items[0].\(entries[target].id ?? "")"
            )
        }
        return nil
    }
}

extension StepTable {
    /// Why a step may have no result.
    enum Doubt {
        /// It stands under a condition that is not known to hold.
        case condition
        /// It may have failed, and the run has gone on.
        case failure
        /// The run has failed before it, or in it.
        case end

        var inWords: String {
            switch self {
            case .condition: "runs only under a condition"
            case .failure: "may have failed, and the run goes on all the same"
            case .end: "may not have run when the playbook fails"
            }
        }
    }

    /// Why step `target`, whose result may be used at `scope`, may have none; nil when it is sure to have one.
    ///
    /// - Parameter isAssumed: whether a condition, among the sites, is known to hold there, or not to hold.
    func doubt(about target: Int, from scope: NameScope, _ isAssumed: (_ site: Int, _ holds: Bool) -> Bool) -> Doubt? {
        if scope.seesItself, scope.step == target { return nil }
        let path = chain(target)
        if isOnFailure(target) != scope.isOnFailure { return .end }
        let here = scope.step.map(chain) ?? []
        var common = 0
        while common < path.count, common < here.count, path[common] == here[common] { common += 1 }
        if entries[target].goesOn, !isAttempt(target) { return .failure }
        for place in common..<path.count {
            let entry = entries[path[place]]
            let around = entry.parent >= 0 ? entries[entry.parent] : nil
            if place > common || scope.step == nil && place > 0 {
                switch entry.block {
                case "then", "else":
                    guard let site = around?.condition, isAssumed(site, entry.block == "then") else {
                        return .condition
                    }
                case "try": if around?.goesOn == true { return .failure }
                case "steps", "parallel": break
                default: return .condition
                }
            } else if place < here.count, entry.block == "try", entries[here[place]].block != "try" {
                return .failure
            }
            if let site = entry.condition, !hasBranches(path[place]), !isAssumed(site, true) { return .condition }
        }
        return nil
    }

    private func isAttempt(_ step: Int) -> Bool {
        if case .attempt = entries[step].kind { return true }
        return false
    }

    /// Whether the condition of a step chooses between blocks, and does not decide whether the step runs.
    private func hasBranches(_ step: Int) -> Bool {
        guard case .other = entries[step].kind else { return false }
        return entries.contains { $0.parent == step && ($0.block == "then" || $0.block == "else") }
    }
}

extension StepTable {
    /// Whether step `target` runs only after `scope`, as far as the order of the file says; steps around both may repeat them.
    func isBehind(_ target: Int, _ scope: NameScope) -> Bool {
        guard let step = scope.step else { return false }
        let (path, here) = (chain(target), chain(step))
        var common = 0
        while common < path.count, common < here.count, path[common] == here[common] { common += 1 }
        guard common < path.count, common < here.count else { return false }
        for around in path[..<common] {
            switch entries[around].kind {
            case .loop, .rounds: return false
            default: break
            }
        }
        let (theirs, ours) = (entries[path[common]], entries[here[common]])
        return theirs.block == ours.block && theirs.block != "parallel" && theirs.index > ours.index
    }
}
