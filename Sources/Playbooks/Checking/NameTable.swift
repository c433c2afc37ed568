import WorkflowModel

/// What the names of a playbook stand for, place by place.
struct NameTable {
    /// What is wrong with a path, and at which of its segments.
    struct Problem {
        var code: PlaybookCode
        var segment: Int
        var message: String
        var help: String?
    }

    /// What a path leads to.
    enum Target {
        /// Something of which nothing more is known.
        case open
        /// Something that is like one of these.
        case known([Schema])
        case problem(Problem)
    }

    /// What the data of events gives.
    struct EventData {
        /// Whether some event's data is not known, so that any name may be there.
        var isOpen = false
        var roots: [String: [Schema]] = [:]
        var names: [String] = []
        var schemas: [Schema] = []

        mutating func add(_ schema: Schema) {
            if schema.properties.isEmpty {
                isOpen = true
            }
            schemas.append(schema)
            for property in schema.properties {
                if roots[property.name] == nil { names.append(property.name) }
                if roots[property.name]?.contains(property.schema) != true {
                    roots[property.name, default: []].append(property.schema)
                }
            }
        }
    }

    let reading: PlaybookReading
    private var triggers: [EventData] = []
    private var all = EventData()
    private var hasEvents = false
    /// Where each variable is first given a value: those of `vars` first, in order.
    private var variables: [String: Int] = [:]
    private var inputs: [String: InputField] = [:]

    init(_ reading: PlaybookReading) {
        self.reading = reading
        for (index, name) in reading.variables.enumerated() where variables[name] == nil { variables[name] = index }
        for field in reading.inputs { inputs[field.name] = field }
        let known = reading.environment.events
        for types in reading.triggerTypes {
            var data = EventData()
            if let types {
                for type in types { data.add(known?[type] ?? .anything) }
                if !types.isEmpty { hasEvents = true }
            } else {
                data.isOpen = true
            }
            if triggers.isEmpty, reading.triggerTypes.count == 1 { all = data } else { Self.join(&all, data) }
            triggers.append(data)
        }
        if known == nil || triggers.isEmpty { all.isOpen = true }
    }

    private static func join(_ all: inout EventData, _ data: EventData) {
        all.isOpen = all.isOpen || data.isOpen
        for schema in data.schemas { all.add(schema) }
    }

    func data(_ scope: NameScope) -> EventData {
        if let types = scope.arriving {
            // The event that has arrived, and beside it what the run has from its own.
            var data = all
            let known = reading.environment.events
            for type in types { data.add(known?[type] ?? .anything) }
            return data
        }
        if case .trigger(let index) = scope.part, index < triggers.count { return triggers[index] }
        return all
    }

    /// Follows a path such as `["steps", "owner", "assignee"]` at `scope`. With `onlyTested` a field may be absent, but what looks like
    /// a misspelt one is still a problem.
    func target(_ path: [String], _ scope: NameScope, onlyTested: Bool = false) -> Target {
        guard let root = path.first else { return .open }
        if let loop = scope.loops.last(where: { $0.name == root }) { return element(of: loop, path, scope, onlyTested) }
        guard isInPart(root, scope) else { return .problem(absent(root, scope)) }
        switch root {
        case "now": return follow([FixedSchemas.time], path, 1, onlyTested)
        case "run": return follow([FixedSchemas.run], path, 1, onlyTested)
        case "failure": return follow([FixedSchemas.failure], path, 1, onlyTested)
        case "event": return event(path, scope, onlyTested)
        case "trigger": return all.isOpen ? .open : follow(all.schemas, path, 1, onlyTested)
        case "vars": return variable(path, scope)
        case "inputs": return input(path, onlyTested)
        case "steps": return step(path, scope, onlyTested)
        case "secrets": return secret(path)
        default:
            let data = data(scope)
            if let schemas = data.roots[root] { return data.isOpen ? .open : follow(schemas, path, 1, onlyTested) }
            return .open
        }
    }

    /// Whether a root name exists at `scope`.
    private func isInPart(_ root: String, _ scope: NameScope) -> Bool {
        switch root {
        case "event", "now": return true
        case "inputs": return !scope.isBeforeRun || (scope.part == .gates && reading.hasManualTrigger)
        case "trigger", "vars", "run": return !scope.isBeforeRun
        case "steps": return scope.part == .step || scope.part == .outputs
        case "failure": return scope.isOnFailure || scope.isRescue
        case "secrets": return scope.allowsSecrets
        case "events": return reading.collects && !scope.isBeforeRun
        default:
            let data = data(scope)
            return data.isOpen || data.roots[root] != nil
        }
    }

    /// The names that exist at `scope`, for "did you mean".
    func names(_ scope: NameScope) -> [String] {
        let language = ["event", "events", "trigger", "vars", "inputs", "steps", "run", "failure", "now", "secrets"]
        return scope.loops.map(\.name) + data(scope).names + language.filter { isInPart($0, scope) }
    }

    private func absent(_ root: String, _ scope: NameScope) -> Problem {
        func problem(_ code: PlaybookCode, _ message: String, _ help: String? = nil) -> Problem {
            Problem(code: code, segment: 0, message: message, help: help)
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
        if case .trigger(let index) = scope.part, all.roots[root] != nil {
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

    // MARK: Roots

    private func event(_ path: [String], _ scope: NameScope, _ onlyTested: Bool) -> Target {
        guard path.count > 1 else { return .open }
        if path[1] == "data" {
            let data = data(scope)
            return data.isOpen || data.schemas.isEmpty ? .open : follow(data.schemas, path, 2, onlyTested)
        }
        // An envelope may have attributes beyond the known ones (CloudEvents 1.0, "Extension Context Attributes").
        return follow([FixedSchemas.event], path, 1, true)
    }

    private func element(
        of loop: NameScope.LoopVariable, _ path: [String], _ scope: NameScope, _ onlyTested: Bool
    ) -> Target {
        guard !loop.listPath.isEmpty, path.count > 1 else { return .open }
        var outside = scope
        if let index = scope.loops.lastIndex(where: { $0.name == loop.name }) {
            outside.loops.removeSubrange(index...)
        }
        guard case .known(let schemas) = target(loop.listPath, outside) else { return .open }
        let elements = FieldWalk.elements(of: schemas)
        return elements.isEmpty ? .open : follow(elements, path, 1, onlyTested)
    }

    private func variable(_ path: [String], _ scope: NameScope) -> Target {
        guard path.count > 1 else { return .open }
        let name = path[1]
        var end = reading.variables.count
        if case .vars(let before) = scope.part {
            end = before
            if let position = variables[name], position >= before, position < reading.declaredVariables {
                return .problem(
                    Problem(
                        code: .unknownVariable, segment: 1, message: "vars.\(name) has no value yet: it comes later",
                        help: "variables are evaluated from top to bottom"))
            }
        }
        if let position = variables[name], position < end { return .open }
        let known = Array(reading.variables.prefix(end))
        return .problem(unknown(.unknownVariable, name, among: known, "variable", "vars", "the playbook has no `vars`"))
    }

    private func input(_ path: [String], _ onlyTested: Bool) -> Target {
        guard path.count > 1 else { return .open }
        if let field = inputs[path[1]] {
            return follow([field.schema], path, 2, onlyTested)
        }
        return .problem(
            unknown(
                .unknownInput, path[1], among: reading.inputs.map(\.name), "input", "inputs",
                "declare it: `trigger: { manual: { inputs: { \(path[1]): { type: text } } } }`"))
    }

    private func secret(_ path: [String]) -> Target {
        guard path.count > 1 else {
            return .problem(
                Problem(
                    code: .misplacedSecret, segment: 0, message: "`secrets` cannot be used as a whole",
                    help: "write secrets.NAME"))
        }
        guard let known = reading.environment.secrets, !known.contains(path[1]) else { return .open }
        return .problem(
            unknown(
                .unknownSecret, path[1], among: known.sorted(), "secret", "secrets",
                "declare it under `secrets` in signalbox.yaml"))
    }

    private func unknown(
        _ code: PlaybookCode, _ name: String, among known: [String], _ kind: String, _ root: String, _ otherwise: String
    ) -> Problem {
        let near = Similarity.nearest(to: name, among: known)
        return Problem(
            code: code, segment: 1, message: "there is no \(kind) `\(name)`",
            help: near.map { "did you mean `\(root).\($0)`?" }
                ?? (known.isEmpty ? otherwise : "known: \(known.joined(separator: ", "))"))
    }

    private func step(_ path: [String], _ scope: NameScope, _ onlyTested: Bool) -> Target {
        guard path.count > 1 else { return .open }
        guard let number = reading.steps.positions[path[1]] else {
            return .problem(
                unknown(
                    .unknownStep, path[1], among: reading.steps.ids, "step", "steps",
                    "give the step an `id` to use its result"))
        }
        if let obstacle = reading.steps.obstacle(to: number, from: scope) {
            return .problem(Problem(code: .invisibleStep, segment: 1, message: obstacle.message, help: obstacle.help))
        }
        guard path.count > 2 else { return .open }
        if let fixed = FixedSchemas.step.property(path[2]) { return follow([fixed], path, 3, onlyTested) }
        switch reading.steps.entries[number].kind {
        case .unknown: return .open
        case .other: return follow([FixedSchemas.step], path, 2, onlyTested)
        case .loop: return follow([FixedSchemas.loop], path, 2, onlyTested)
        case .rounds: return follow([FixedSchemas.rounds], path, 2, onlyTested)
        case .listen: return follow([FixedSchemas.listen], path, 2, onlyTested)
        case .ask(let schema): return follow([schema], path, 2, onlyTested)
        case .attempt: return follow([FixedSchemas.attempt], path, 2, onlyTested)
        case .sub(let playbook):
            guard let callable = reading.environment.callable?[playbook] else { return .open }
            var schema = FixedSchemas.sub
            schema.properties += callable.outputs.map { Schema.Property($0, .anything) }
            return follow([schema], path, 2, onlyTested)
        case .call(let action):
            guard let signature = reading.environment.actions?[action] else { return .open }
            return follow([Self.fields(signature.output)], path, 2, onlyTested)
        }
    }

    /// What an output gives to `steps.ID`: its fields, or itself as `output` when it is no map.
    static func fields(_ output: Schema) -> Schema {
        guard !output.types.isEmpty, !output.types.contains("object") else { return output }
        var fields = Schema(types: ["object"])
        fields.properties = [Schema.Property("output", output)]
        return fields
    }

    // MARK: Fields

    private func follow(_ schemas: [Schema], _ path: [String], _ from: Int, _ onlyTested: Bool) -> Target {
        switch FieldWalk.walk(schemas, path[min(from, path.count)...]) {
        case .open: return .open
        case .known(let schemas): return .known(schemas)
        case .missing(let segment, var known, let kind):
            let before = path[..<segment].joined(separator: ".")
            if let kind {
                return .problem(
                    Problem(
                        code: .unknownField, segment: segment,
                        message: "`\(before)` is \(kind) and has no field `\(path[segment])`", help: nil))
            }
            let isStep = path[0] == "steps" && segment == 2
            if isStep { known += FixedSchemas.step.properties.map(\.name) }
            let near = Similarity.nearest(to: path[segment], among: known)
            if onlyTested, near == nil { return .open }
            return .problem(
                Problem(
                    code: .unknownField, segment: segment,
                    message: "`\(before)` has no field `\(path[segment])`",
                    help: near.map { "did you mean `\(before).\($0)`?" }
                        ?? "fields: \(known.prefix(40).joined(separator: ", "))"))
        }
    }
}
