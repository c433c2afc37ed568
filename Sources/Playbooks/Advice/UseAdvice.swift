import Expressions
import Templates
import WorkflowModel
import YAML

/// Finds variables, inputs and results that nothing uses. Where something is chosen at run time, nothing is said.
struct UseAdvice {
    let advice: PlaybookAdvice

    /// The names that are used under `vars`, `inputs` and `steps`; nil when any may be.
    private struct Uses {
        var vars: Set<String>? = []
        var inputs: Set<String>? = []
        var steps: Set<String>? = []

        mutating func add(_ path: some Collection<String>) {
            guard let root = path.first else { return }
            let name = path.dropFirst().first
            switch root {
            case "vars": add(name, &vars)
            case "inputs": add(name, &inputs)
            case "steps": add(name, &steps)
            default: break
            }
        }

        private func add(_ name: String?, _ names: inout Set<String>?) {
            if let name { names?.insert(name) } else { names = nil }
        }
    }

    func run() {
        guard let uses = uses() else { return }
        if let used = uses.vars { variables(used) }
        if let used = uses.inputs { inputs(used) }
        if let used = uses.steps { results(used) }
    }

    // MARK: What is used

    /// nil when a template that nobody knows may use anything.
    private func uses() -> Uses? {
        var uses = Uses()
        for site in advice.reading.sites { collect(site.expression.root, &uses) }
        for step in advice.workflow.allSteps {
            guard case .listen(let listen) = step.kind else { continue }
            for id in listen.options.map(\.step) + [listen.since] { if let id { uses.steps?.insert(id) } }
        }
        var names = advice.workflow.namedTexts
        if advice.workflow.onFailure == nil {
            let defaults = advice.workflow.applying(environment.defaults)
            names.formUnion(defaults.namedTexts)
            if defaults.choosesTemplates { return nil }
        }
        for undo in advice.workflow.allSteps.compactMap(\.undoCall)
        where undo.with.contains(where: { $0.name == "template" }) { return nil }
        guard !advice.workflow.choosesTemplates else { return nil }
        for name in names {
            guard let templates = environment.templates, let used = templates[name] else { return nil }
            for use in used { uses.add(use.path) }
        }
        return uses
    }

    private var environment: CheckEnvironment { advice.reading.environment }

    private func collect(_ node: Node, _ uses: inout Uses) {
        if let path = node.path {
            uses.add(path)
            return
        }
        switch node.kind {
        case .select(let operand, let field, true):
            if let path = operand.path { uses.add(path + [field]) } else { collect(operand, &uses) }
        case .call(Operator.optionalSelect, nil, let args), .call(Operator.optionalIndex, nil, let args):
            if let path = args[0].path, let field = args[1].literal?.string {
                uses.add(path + [field])
            } else {
                for arg in args { collect(arg, &uses) }
            }
        default: for child in node.kind.children { collect(child, &uses) }
        }
    }

    // MARK: What is not

    private func variables(_ used: Set<String>) {
        for name in advice.reading.variables.prefix(advice.reading.declaredVariables) where !used.contains(name) {
            guard let key = advice.root["vars"]?.entry(name)?.key else { continue }
            advice.warn(
                .unusedVariable, key.range, "nothing uses the variable `\(name)`",
                help: "remove it, or use it as vars.\(name)")
        }
        let declared = Set(advice.reading.variables.prefix(advice.reading.declaredVariables))
        var reported: Set<String> = []
        for step in advice.workflow.allSteps {
            guard case .set(let assigned) = step.kind else { continue }
            for variable in assigned where !used.contains(variable.name) && !declared.contains(variable.name) {
                guard reported.insert(variable.name).inserted,
                    let key = advice.node(of: step)?["set"]?.entry(variable.name)?.key
                else { continue }
                advice.warn(
                    .unusedVariable, key.range, "nothing uses the variable `\(variable.name)` that is set here",
                    help: "remove it, or use it as vars.\(variable.name)")
            }
        }
    }

    private func inputs(_ used: Set<String>) {
        let triggers = advice.root["trigger"].map { $0.items ?? [$0] } ?? []
        guard let inputs = triggers.compactMap({ $0["manual"]?["inputs"] }).first else { return }
        for field in advice.reading.inputs where !used.contains(field.name) {
            guard let key = inputs.entry(field.name)?.key else { continue }
            advice.warn(
                .unusedInput, key.range, "people are asked for the input `\(field.name)`, and nothing uses it",
                help: "remove it, or use it as inputs.\(field.name)")
        }
    }

    /// Steps that only find something out, for nobody. One inside `try` may be there to fail.
    private func results(_ used: Set<String>) {
        func look(_ steps: [Step], _ isTried: Bool) {
            for step in steps {
                if case .attempt(let attempt) = step.kind {
                    look(attempt.steps, isTried || attempt.rescue != nil)
                    look((attempt.rescue ?? []) + (attempt.always ?? []), isTried)
                    continue
                }
                for block in step.blocks { look(block, isTried) }
                guard !isTried, case .call(let call) = step.kind,
                    let effect = environment.actions?[call.action]?.effect, effect == "pure" || effect == "read",
                    !used.contains(step.id ?? ""), let uses = advice.node(of: step)?["uses"]
                else { continue }
                let name = step.id.map { "steps.\($0)" }
                advice.warn(
                    .unusedResult, uses.range, "`\(call.action)` changes nothing, and nothing uses what it finds out",
                    help: name.map { "use \($0), or remove the step" }
                        ?? "give the step an `id` and use its result, or remove the step")
            }
        }
        look(advice.workflow.steps, false)
        look(advice.workflow.onFailure ?? [], false)
    }
}

extension Step {
    /// What takes the step back.
    fileprivate var undoCall: Compensation? {
        switch kind {
        case .call(let call): call.undo
        case .sub(let sub): sub.undo
        default: nil
        }
    }
}
