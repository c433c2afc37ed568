import WorkflowModel

/// The numbers by which people speak of steps: `2.1` is the first inside the second, `F1` the first of `on_failure`.
struct StepNumbers {
    /// The number of a step by its path.
    private(set) var byPath: [String: String] = [:]
    /// What the names of the playbook are called, with `step 2.1` for the id of that step.
    private(set) var names = NameWords()

    init(_ workflow: Workflow) {
        number(workflow.steps, "")
        number(workflow.onFailure ?? [], "F")
    }

    private mutating func number(_ steps: [Step], _ prefix: String, _ start: Int = 0) {
        for (index, step) in steps.enumerated() {
            let own = "\(prefix)\(start + index + 1)"
            byPath[step.path.text] = own
            if let id = step.id { names.steps[id] = "step \(own)" }
            var inside = 0
            for block in step.blocks {
                number(block, own + ".", inside)
                inside += block.count
            }
        }
    }

    /// The number of a step.
    subscript(step: Step) -> String { byPath[step.path.text] ?? step.path.text }
}
