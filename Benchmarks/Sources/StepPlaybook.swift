import WorkflowModel

/// Playbooks of trivial steps, started by the event `bench.run`, and such events.
enum StepPlaybook {
    private static let place = SourcePlace(file: "generated", line: 1, column: 1)

    /// Five calls of `action` in a row.
    static func five(_ action: String) -> Workflow {
        workflow("five-steps", (0..<5).map { call(action, at: $0, n: .literal(.int(Int64($0)))) })
    }

    /// One write, told the event's number.
    static let write = workflow(
        "one-write", [call("bench.write", at: 0, n: .expression(ExpressionText("number", at: place)))])

    /// A wait, then a write that is told the event's number.
    static func wait(_ end: WaitStep.End) -> Workflow {
        workflow(
            "wait-then-write",
            [
                Step(path: StepPath("steps[0]"), kind: .wait(WaitStep(end)), place: place),
                call("bench.write", at: 1, n: .expression(ExpressionText("number", at: place))),
            ])
    }

    /// The moment that the event gives as `due`.
    static let due = WaitStep.End.at(ExpressionText("due", at: place))

    /// Event `number` of the workload `name`.
    static func event(_ name: String, _ number: Int, due: Timestamp? = nil) -> Event {
        var data: ValueMap = ["number": .int(Int64(number))]
        data["due"] = due.map(Value.timestamp)
        return Event(
            id: "\(name)-\(number)", source: "bench", type: "bench.run", time: Timestamp(seconds: 1_795_305_600),
            data: data)
    }

    private static func call(_ action: String, at number: Int, n: ValueSource) -> Step {
        Step(
            id: "step\(number + 1)", path: StepPath("steps[\(number)]"),
            kind: .call(ActionCall(action: action, with: [NamedSource("n", n, at: place)])), place: place)
    }

    private static func workflow(_ id: String, _ steps: [Step]) -> Workflow {
        let trigger = EventTrigger(types: ["bench.run"], firing: .everyEvent, place: place)
        return Workflow(id: id, mode: .active, triggers: [.event(trigger)], steps: steps)
    }
}
