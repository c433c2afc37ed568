public import WorkflowModel

/// For whom an action is performed.
public enum ActionCaller: Sendable, Hashable {
    /// A step of a run of a playbook.
    case step(run: RunID, playbook: String, step: StepKey)
    /// A person, by id, outside of any run; each such deed has an id of its own, `act_` and 26 characters.
    case person(String, deed: String)
    /// Somebody who looks, outside of any run: a board, a page, a command.
    case onlooker

    /// The same for all attempts of a step and different for every other step and deed: names what is made once for it. Those who
    /// look share one, since nothing is made for them.
    public var key: String {
        switch self {
        case .step(let run, _, let step): "\(run.text)/\(step.description)"
        case .person(_, let deed): deed
        case .onlooker: "look"
        }
    }
}
