import RunMachine
import WorkflowModel

/// The way to a step through the steps that run one after the other: the playbook's own, and those of `if` and `switch`.
struct StepWay: Sendable {
    /// A list of steps, and at which of them the way goes on or ends.
    struct Level: Sendable {
        var steps: [Step]
        var index: Int
    }

    var levels: [Level]
    /// The outermost block around the step that asked for which is done as a whole (`parallel`, a loop, `try`, …): the way ends there.
    var block: Step?

    /// The way to the step at `path`; nil when it is not among `steps`.
    static func find(_ path: StepPath, in steps: [Step]) -> StepWay? {
        for (index, step) in steps.enumerated() {
            let level = Level(steps: steps, index: index)
            if step.path == path || step.path.undo == path { return StepWay(levels: [level]) }
            for block in step.blocks {
                guard var inner = find(path, in: block) else { continue }
                switch step.kind {
                case .branch, .choice:
                    inner.levels.insert(level, at: 0)
                    return inner
                default: return StepWay(levels: [level], block: step)
                }
            }
        }
        return nil
    }

    /// The step at its end.
    var step: Step { levels[levels.count - 1].steps[levels[levels.count - 1].index] }

    /// The steps that come before it, in order, with all that is inside them.
    var before: [Step] { levels.flatMap { $0.steps.prefix($0.index) } }

    /// Whether what comes before is the same in another version: as many steps, with the same ids, doing the same things.
    func isLike(_ other: StepWay) -> Bool {
        guard levels.count == other.levels.count else { return false }
        return zip(levels, other.levels).allSatisfy { mine, theirs in
            mine.index == theirs.index
                && zip(mine.steps.prefix(mine.index + 1), theirs.steps.prefix(theirs.index + 1)).allSatisfy {
                    StepWay.isLike($0, $1)
                }
        }
    }

    private static func isLike(_ one: Step, _ other: Step) -> Bool {
        guard one.id == other.id, one.path == other.path else { return false }
        switch (one.kind, other.kind) {
        case (.call(let one), .call(let other)): return one.action == other.action
        case (.sub(let one), .sub(let other)): return one.playbook == other.playbook
        case (.branch, .branch), (.parallel, .parallel), (.forEach, .forEach), (.choice, .choice),
            (.attempt, .attempt), (.rounds, .rounds), (.wait, .wait), (.listen, .listen), (.ask, .ask), (.set, .set),
            (.stop, .stop), (.fail, .fail):
            return true
        default: return false
        }
    }

    /// Whether the step instance `key` is, or is inside, one of the steps before.
    func isBefore(_ key: String) -> Bool {
        guard let path = StepKey(key)?.path.text else { return false }
        return before.contains { path == $0.path.text || path.hasPrefix($0.path.text + ".") }
    }

    /// Whether an entry is one of what has happened before the step.
    func keeps(_ entry: JournalEntry) -> Bool {
        switch entry {
        case .started, .assigned(nil, _): return true
        case .decided(let step, .then), .decided(let step, .otherwise), .decided(let step, .choose):
            return isBefore(step) || levels.dropLast().contains { $0.steps[$0.index].path.text == step }
        default: return entry.step.map(isBefore) ?? false
        }
    }

    /// The first of the steps before that was taken back, itself or something inside it.
    func firstUndone(in journal: [JournalEntry]) -> Step? {
        let undone = journal.compactMap { entry -> String? in
            guard case .completed(let key, _, _, _, _) = entry, let path = StepKey(key)?.path.text,
                path.hasSuffix(".undo")
            else { return nil }
            return path
        }
        return before.first { step in undone.contains { $0.hasPrefix(step.path.text + ".") } }
    }
}
