import Expressions
import WorkflowModel

/// What to say of names that do not exist.
extension NameTable {
    /// The names that exist at `scope`, for "did you mean".
    func names(_ scope: NameScope) -> [String] {
        let language = ["event", "events", "trigger", "vars", "inputs", "steps", "run", "failure", "now", "secrets"]
        var given = data(scope)
        for type in scope.arriving ?? [] { given.add(type, in: reading.environment) }
        return scope.loops.map(\.name) + given.names + language.filter { isInPart($0, scope) }
    }

    func absent(_ root: String, _ scope: NameScope) -> Problem {
        func problem(_ code: PlaybookCode, _ message: String, _ help: String? = nil) -> Problem {
            Problem(code: code, message: message, help: help)
        }
        switch root {
        case "events":
            return reading.collects
                ? problem(.unknownName, "`events` does not exist here: they are not collected yet")
                : problem(
                    .unknownName, "`events` exists only in playbooks that collect events",
                    "write `collect_for:` beside `trigger`, or use `event`")
        case "secrets": return problem(.misplacedSecret, "secrets can be used in `with` only", "pass it to the action")
        case "failure":
            return problem(
                .unknownName, "`failure` exists only in `rescue` and `on_failure`",
                "a step's own failure is steps.ID.failure")
        case "steps", "vars", "inputs", "run", "trigger":
            return problem(
                .unknownName,
                scope.part == .gates
                    ? "`\(root)` does not exist in the key of a gate: nothing has run yet"
                    : scope.isBeforeRun
                        ? "`\(root)` does not exist in a trigger's condition: nothing has run yet"
                        : "`\(root)` does not exist here: no step has run yet",
                scope.isBeforeRun && scope.part != .gates ? "write the condition as `if` of a step" : nil)
        default: break
        }
        let known = names(scope)
        if let near = Similarity.nearest(to: root, among: known) {
            return problem(.unknownName, "there is no name `\(root)` here", "did you mean `\(near)`?")
        }
        if variables[root] != nil {
            return problem(.unknownName, "there is no name `\(root)` here", "write vars.\(root)")
        }
        if inputs[root] != nil {
            return problem(.unknownName, "there is no name `\(root)` here", "write inputs.\(root)")
        }
        if reading.steps.positions[root] != nil {
            return problem(.unknownName, "there is no name `\(root)` here", "write steps.\(root)")
        }
        if case .trigger(let index) = scope.part, all.root(root) != nil {
            let types = (reading.triggerTypes[index] ?? []).joined(separator: ", ")
            return problem(
                .unknownName, "`\(root)` is not given by \(types)", "names here: \(known.joined(separator: ", "))")
        }
        return problem(
            .unknownName, "there is no name `\(root)` here",
            hasEvents || known.isEmpty
                ? "names here: \(known.joined(separator: ", ")); a text needs quotes"
                : "a playbook without events has its data in `inputs`")
    }

    func unknown(
        _ code: PlaybookCode, _ name: String, among known: [String], _ kind: String, _ root: String, _ otherwise: String
    ) -> Problem {
        let near = Similarity.nearest(to: name, among: known)
        return Problem(
            code: code, message: "there is no \(kind) `\(name)`",
            help: near.map { "did you mean `\(root).\($0)`?" }
                ?? (known.isEmpty ? otherwise : "known: \(known.joined(separator: ", "))"))
    }

    func problem(ofCalendar name: String) -> NameResolution? {
        guard let calendars = reading.environment.calendars, !calendars.contains(name) else { return nil }
        let sorted = calendars.sorted()
        let near = Similarity.nearest(to: name, among: sorted)
        return .problem(
            code: PlaybookCode.unknownEntry.rawValue, message: "there is no calendar \(name)",
            help: near.map { "did you mean `\($0)`?" } ?? "calendars: \(sorted.joined(separator: ", "))")
    }

    // MARK: Paths

    /// What a path leads to.
    enum Target {
        /// Something of which nothing more is known.
        case open
        case known(ExpressionType)
        case problem(Problem)
    }

    /// Follows a path such as `["steps", "owner", "assignee"]` at `scope`. With `onlyTested` a field may be absent, but what looks like
    /// a misspelt one is still a problem.
    func target(_ path: [String], _ scope: NameScope, onlyTested: Bool = false) -> Target {
        let text = path.joined(separator: ".")
        guard path.allSatisfy(NameRules.isName),
            let expression = Expression.parse(onlyTested ? "missing(\(text))" : text).0
        else { return .open }
        let result = TypeChecker.check(
            expression, in: PlaceEnvironment(table: self, scope: scope), keepingTypes: onlyTested)
        if let problem = result.problems.first(where: { $0.kind != .mayBeMissing && $0.kind != .mayBeAbsent }) {
            return .problem(
                Problem(code: TypeCheck.code(of: problem.kind), message: problem.message, help: problem.help))
        }
        return result.type.isUnknown || onlyTested ? .open : .known(result.type)
    }
}

extension ExpressionType {
    /// What is met inside it by those who go through it: the elements of a list, else itself.
    var inside: ExpressionType {
        if case .list(let element) = present { return element.present }
        return present
    }

    /// Whether the path may lead somewhere from here.
    func mayHave(_ path: ArraySlice<String>) -> Bool {
        guard let name = path.first else { return true }
        switch present {
        case .object(let object):
            if let field = object.field(name) { return field.type.mayHave(path.dropFirst()) }
            return object.others != nil
        case .oneOf(let members): return members.contains { $0.mayHave(path) }
        case .map, .space: return true
        case let other: return other.isUnknown
        }
    }
}
