import Expressions
import WorkflowModel
import YAML

/// The types that are found out while a playbook is checked: of expressions, variables and steps.
extension NameTable {
    // MARK: Expressions

    /// What the check of an expression gave.
    func result(ofSite index: Int) -> TypeChecker.Result {
        if let known = results[index] { return known }
        let site = reading.sites[index]
        busy.insert(index)
        defer { busy.remove(index) }
        let made = TypeChecker.check(
            site.expression, in: PlaceEnvironment(table: self, scope: site.scope),
            wanted: site.isCondition ? .condition : .anything)
        results[index] = made
        return made
    }

    /// The type of an expression; of one that depends on itself nothing is known.
    func type(ofSite index: Int) -> ExpressionType {
        busy.contains(index) ? .dyn : result(ofSite: index).type
    }

    /// Whether it is known where `scope` is that `node` is there.
    func isPresent(_ node: Node, _ scope: NameScope) -> Bool {
        scope.assumptions.contains {
            Presence.isProved(node, by: reading.sites[$0.site].expression.root, $0.holds)
        }
    }

    // MARK: Values

    /// The type of a value as it is written.
    func type(ofValue node: YAMLNode) -> ExpressionType {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: return .null
            case .bool: return .bool
            case .int: return .int
            case .float: return .double
            default: break
            }
            switch ScalarForm(scalar) {
            case .literal: return .words([scalar.text])
            case .text: return .string
            case .expression: return sitesByPlace[node.byteRange.lowerBound].map(type(ofSite:)) ?? .dyn
            }
        case .sequence(let items):
            return .list(items.reduce(.free) { $0.joined(type(ofValue: $1)) })
        case .mapping(let entries):
            return .object(
                ObjectType(entries.map { .init($0.key.text ?? "", type(ofValue: $0.value).widened) }))
        }
    }

    /// The type of a variable: of all values that it is ever given.
    func type(ofVariable name: String) -> ExpressionType {
        if let known = variableTypes[name] { return known }
        guard busyVariables.insert(name).inserted else { return .dyn }
        defer { busyVariables.remove(name) }
        var type = ExpressionType.free
        for assignment in reading.assignments where assignment.name == name {
            type = type.joined(self.type(ofValue: assignment.value).widened)
        }
        if type.isUnknown { type = .dyn }
        variableTypes[name] = type
        return type
    }

    // MARK: Steps

    /// The type of `steps.ID`, when the step has run.
    func type(ofStep number: Int) -> ExpressionType {
        if let known = stepTypes[number] { return known }
        let made = makeType(ofStep: number)
        stepTypes[number] = made
        return made
    }

    private func makeType(ofStep number: Int) -> ExpressionType {
        switch reading.steps.entries[number].kind {
        case .unknown: return .dyn
        case .other: return LanguageObjects.other
        case .loop: return LanguageObjects.loop
        case .rounds: return LanguageObjects.rounds
        case .listen: return LanguageObjects.listen
        case .ask(let form): return LanguageObjects.ask(form)
        case .attempt: return LanguageObjects.attempt
        case .sub(let playbook):
            guard let callable = reading.environment.callable?[playbook] else { return .dyn }
            return LanguageObjects.object(
                [.init("run", .string, description: "The run's id")] + callable.outputs.map { .init($0, .dyn) })
        case .call(let action):
            guard let signature = reading.environment.actions?[action],
                case .object(let output) = reading.environment.types.output(of: signature)
            else { return .dyn }
            let taken = Set(LanguageObjects.step.map(\.name))
            return .object(
                ObjectType(
                    output.fields.filter { !taken.contains($0.name) } + LanguageObjects.step, others: output.others))
        }
    }

    /// The type of `steps.ID`, when the step may not have run: its status is there, and the rest may be.
    func type(ofDoubtfulStep number: Int) -> ExpressionType {
        if let known = doubtfulStepTypes[number] { return known }
        var made = type(ofStep: number)
        if case .object(let object) = made {
            let sure = Set(LanguageObjects.step.map(\.name))
            made = .object(
                ObjectType(
                    object.fields.map { field in
                        sure.contains(field.name)
                            ? field : .init(field.name, .absent(field.type), description: field.description)
                    }, others: object.others))
        }
        doubtfulStepTypes[number] = made
        return made
    }

    /// Why the step may not have run, or not have succeeded, where `scope` is; nil when it is sure that it has.
    func doubt(about target: Int, from scope: NameScope) -> StepTable.Doubt? {
        reading.steps.doubt(about: target, from: scope) { site, holds in
            scope.assumptions.contains { assumption in
                assumption.holds == holds
                    && (assumption.site == site
                        || reading.sites[assumption.site].expression.text == reading.sites[site].expression.text)
            }
        }
    }
}
