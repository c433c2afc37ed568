public import WorkflowModel

extension PlaybookExplanation {
    /// The explanation as JSON: `playbook`, `title`, `owner`, `mode`, `starts`, `gates`, `ends`, `variables`, `steps`, `failure`,
    /// `on_failure`, `outputs`, `can_change`, `remarks`.
    public var json: Value {
        [
            "playbook": .string(playbook), "title": Self.text(title), "owner": Self.text(owner), "mode": .string(mode),
            "starts": .list(
                starts.map { start in
                    .map(
                        ValueMap(strings: [("text", .string(start.text)), ("conditions", start.lines?.json ?? .null)]))
                }),
            "gates": .list(gates.map(Value.string)), "ends": .list(ends.map(Value.string)),
            "variables": .list(variables.map(\.json)), "steps": .list(steps.map(\.json)),
            "failure": .list(failure.map(Value.string)), "on_failure": .list(onFailure.map(\.json)),
            "outputs": .list(outputs.map(\.json)),
            "can_change": .list(
                abilities.map { ability in
                    [
                        "action": .string(ability.action), "summary": .string(ability.summary),
                        "outside": .bool(ability.isOutside), "what": .list(ability.targets.map(Value.string)),
                        "steps": .list(ability.steps.map(Value.string)),
                    ]
                }),
            "remarks": .list(remarks.map(Value.string)),
        ]
    }

    fileprivate static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
}

extension PlaybookExplanation.Detail {
    fileprivate var json: Value { ["name": PlaybookExplanation.text(label), "text": .string(text)] }
}

extension PlaybookExplanation.Step {
    fileprivate var json: Value {
        [
            "number": .string(number), "path": .string(path), "id": PlaybookExplanation.text(id),
            "name": PlaybookExplanation.text(name), "condition": condition?.json ?? .null, "text": .string(text),
            "action": PlaybookExplanation.text(action), "details": .list(details.map(\.json)),
            "blocks": .list(
                blocks.map { ["label": PlaybookExplanation.text($0.label), "steps": .list($0.steps.map(\.json))] }),
        ]
    }
}

extension ConditionWords.Lines {
    /// A text, or `{"all": […]}` or `{"any": […]}`.
    public var json: Value {
        switch self {
        case .one(let text): .string(text)
        case .all(let parts): ["all": .list(parts.map(\.json))]
        case .any(let parts): ["any": .list(parts.map(\.json))]
        }
    }
}
