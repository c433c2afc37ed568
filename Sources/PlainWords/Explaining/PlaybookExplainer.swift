public import Playbooks
public import WorkflowModel

/// Puts a playbook into plain words.
public struct PlaybookExplainer {
    private let workflow: Workflow
    private let actions: [String: ActionSignature]?
    private let failsAsDefaultsSay: Bool

    /// `workflow` with what is known of actions, by full name; nil when nothing is known of any.
    ///
    /// `failsAsDefaultsSay`: the steps of `on_failure` are those of the workspace's defaults.
    public init(_ workflow: Workflow, actions: [String: ActionSignature]?, failsAsDefaultsSay: Bool = false) {
        self.workflow = workflow
        self.actions = actions
        self.failsAsDefaultsSay = failsAsDefaultsSay
    }

    /// The explanation.
    public func explanation() -> PlaybookExplanation {
        let numbers = StepNumbers(workflow)
        let names = numbers.names
        let conditions = ConditionWords(names)
        let values = ValueWords(conditions: conditions)
        let subject = EventWords.subject(of: workflow)
        let steps = StepWords(numbers: numbers.byPath, names: names, actions: actions ?? [:], subject: subject)
        let triggers = TriggerWords(conditions: conditions, values: values)
        return PlaybookExplanation(
            playbook: workflow.id, title: workflow.title, owner: workflow.owner, mode: Self.mode(workflow.mode),
            starts: workflow.triggers.map(triggers.statement),
            gates: GateWords(conditions: conditions, subject: subject).sentences(workflow.gates),
            ends: workflow.stopWhen.map(triggers.ending)
                + [workflow.timeout].compactMap {
                    $0.map { "it has taken longer than \(English.duration($0)); then it has failed" }
                },
            variables: workflow.vars.map { PlaybookExplanation.Detail($0.name, values.value($0.source)) },
            steps: workflow.steps.map(steps.step), failure: failure(),
            onFailure: (workflow.onFailure ?? []).map(steps.step),
            outputs: workflow.outputs.map { PlaybookExplanation.Detail($0.name, values.value($0.source)) },
            abilities: AbilityList(actions: actions ?? [:], numbers: numbers.byPath, names: names).abilities(
                of: workflow),
            remarks: actions == nil
                ? ["Nothing is known here of what the actions do, only what the playbook says."] : [])
    }

    /// What a mode means.
    static func mode(_ mode: Workflow.Mode) -> String {
        switch mode {
        case .active: "active: it acts on live events"
        case .shadow: "shadow: it records what it would do, and does nothing"
        case .disabled: "disabled: it does nothing at all"
        }
    }

    private func failure() -> [String] {
        var found = ["When a step fails and nothing above says otherwise, the run ends as failed."]
        if workflow.allSteps.contains(where: \.hasUndo) {
            found.append("Steps that say how they are taken back are taken back first, the last one first.")
        }
        if workflow.onFailure == nil {
            found.append("This playbook itself then tells nobody.")
        } else {
            found.append(failsAsDefaultsSay ? "Then, as signalbox.yaml says for all playbooks:" : "Then:")
        }
        return found
    }
}

extension Step {
    /// Whether the step says how it is taken back.
    var hasUndo: Bool {
        switch kind {
        case .call(let call): call.undo != nil
        case .sub(let sub): sub.undo != nil
        default: false
        }
    }
}
