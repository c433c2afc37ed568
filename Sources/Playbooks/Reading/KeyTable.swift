import Shapes

/// The keys of the language as the readers ask for them; they stand in ``PlaybookShapes``.
enum KeyTable {
    static let playbook = PlaybookShapes.playbook.names
    /// What stands between an event that matches and a run.
    static let gates = PlaybookShapes.gates.map(\.name)
    static let onlyIf = PlaybookShapes.onlyIf.names
    static let throttle = PlaybookShapes.throttle.names
    static let concurrency = PlaybookShapes.concurrency.names
    static let breaker = PlaybookShapes.breaker.names

    static let trigger = PlaybookShapes.trigger.names
    static let manual = PlaybookShapes.manual.names
    static let schedule = PlaybookShapes.schedule.names
    static let input = PlaybookShapes.input.names

    /// What any step may have.
    static let anyStep = StepShapes.common.map(\.name)
    /// The keys that say what a step does, each with those that may stand beside it.
    static let stepKinds = StepShapes.step.kinds
    /// Keys that stand beside one kind of step only, with that kind.
    static let parts: [(key: String, owner: String)] = [
        ("cases", "switch"), ("default", "switch"), ("rescue", "try"), ("always", "try"),
    ]
    static let allOfSteps = anyStep + stepKinds.flatMap { [$0.key] + $0.beside }

    /// A case of `switch`.
    static let choice = StepShapes.choice.names
    /// Inside `repeat`.
    static let rounds = StepShapes.rounds.names
    /// Inside `wait_for`.
    static let listen = StepShapes.listen.names
    /// One of `any` inside `wait_for`.
    static let listenOption = StepShapes.listenOption.names
    /// An entry of `stop_when`.
    static let stop = PlaybookShapes.stop.names
    /// Inside `ask`, and inside `approve`.
    static let ask = StepShapes.ask.names
    static let approve = StepShapes.approve.names
    /// Inside `undo`.
    static let undo = StepShapes.undo.names

    static let retry = StepShapes.retry.names
    static let conditions = PlaybookShapes.conditions.names
}
