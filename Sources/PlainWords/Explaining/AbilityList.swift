import Playbooks
import WorkflowModel

/// What a playbook may change, gathered over all its steps.
struct AbilityList {
    let actions: [String: ActionSignature]
    let numbers: [String: String]
    let names: NameWords

    /// Actions that change something, those outside first, in the order of the playbook.
    func abilities(of workflow: Workflow) -> [PlaybookExplanation.Ability] {
        var found: [PlaybookExplanation.Ability] = []
        func add(_ action: String, _ with: [NamedSource], _ path: String, _ loops: Set<String>, undo: Bool) {
            let signature = actions[action]
            let effect = signature?.effect ?? "write"
            guard effect == "write" || effect == "state" else { return }
            let number = (numbers[path] ?? path) + (undo ? " (taking it back)" : "")
            let place: Int
            if let known = found.firstIndex(where: { $0.action == action }) {
                place = known
            } else {
                place = found.count
                found.append(
                    PlaybookExplanation.Ability(
                        action: action, summary: signature?.summary ?? "", isOutside: effect == "write", targets: [],
                        steps: []))
            }
            found[place].steps.append(number)
            for target in targets(with, signature, loops) where !found[place].targets.contains(target) {
                found[place].targets.append(target)
            }
        }
        func visit(_ steps: [Step], _ loops: Set<String>) {
            for step in steps {
                var inner = loops
                switch step.kind {
                case .call(let call):
                    add(call.action, call.with, step.path.text, loops, undo: false)
                    if let undo = call.undo { add(undo.action, undo.with, step.path.text, loops, undo: true) }
                case .sub(let sub):
                    if let undo = sub.undo { add(undo.action, undo.with, step.path.text, loops, undo: true) }
                case .forEach(let loop): inner.insert(loop.variable)
                default: break
                }
                for block in step.blocks { visit(block, inner) }
            }
        }
        visit(workflow.steps, [])
        visit(workflow.onFailure ?? [], [])
        return found.filter(\.isOutside) + found.filter { !$0.isOutside }
    }

    /// To whom it goes; for actions that tell nobody, which inputs they are given.
    private func targets(_ with: [NamedSource], _ signature: ActionSignature?, _ loops: Set<String>) -> [String] {
        var words = names
        words.loopVariables = loops
        let values = ValueWords(conditions: ConditionWords(words))
        let recipients = with.filter { input in
            let schema = signature?.input.property(input.name)
            return (schema?.format ?? schema?.items.first?.format) == "recipient"
        }
        if !recipients.isEmpty { return recipients.flatMap { values.recipients($0.source) }.map { "to \($0)" } }
        return with.map { input in
            switch input.source {
            case .literal(let value) where English.value(value).count <= 30:
                "\(NameWords.field(input.name)): \(English.value(value))"
            default: NameWords.field(input.name)
            }
        }
    }
}
