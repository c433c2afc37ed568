import Expressions
import WorkflowModel
import YAML

/// What the names of a playbook stand for, place by place.
///
/// Made once for a file when it has been read; the types of expressions, variables and steps are found out when they are asked for, and
/// kept.
final class NameTable {
    /// What is wrong with a name.
    struct Problem {
        var code: PlaybookCode
        var message: String
        var help: String?
    }

    /// What a name stands for.
    enum Found {
        case type(ExpressionType)
        case problem(Problem)
    }

    /// Names whose fields are looked up one by one.
    enum Space: Int {
        case event = 1
        case steps, vars, inputs, secrets

        var type: ExpressionType { .space(rawValue) }
    }

    let reading: PlaybookReading
    private var triggers: [EventData] = []
    private(set) var all = EventData()
    private(set) var hasEvents = false
    /// Where each variable is first given a value: those of `vars` first, in order.
    private(set) var variables: [String: Int] = [:]
    private(set) var inputs: [String: InputField] = [:]
    var results: [TypeChecker.Result?]
    /// The expressions whose types are being found out.
    var busy: Set<Int> = []
    /// The variables whose types are being found out.
    var busyVariables: Set<String> = []
    var variableTypes: [String: ExpressionType] = [:]
    var stepTypes: [Int: ExpressionType] = [:]
    var doubtfulStepTypes: [Int: ExpressionType] = [:]
    /// The expressions that are the whole of a value, by the byte where the value begins; made when first asked for.
    lazy var sitesByPlace: [Int: Int] = {
        var sites: [Int: Int] = [:]
        for (index, site) in reading.sites.enumerated() where site.offset > 0 && !site.isPlanned {
            sites[site.node.byteRange.lowerBound] = index
        }
        return sites
    }()

    init(_ reading: PlaybookReading) {
        self.reading = reading
        results = Array(repeating: nil, count: reading.sites.count)
        for (index, name) in reading.variables.enumerated() where variables[name] == nil { variables[name] = index }
        for field in reading.inputs { inputs[field.name] = field }
        let known = reading.environment.events
        for types in reading.triggerTypes {
            var data = EventData()
            if let types {
                for type in types { data.add(type, in: reading.environment) }
                if !types.isEmpty { hasEvents = true }
            } else {
                data.isOpen = true
            }
            all.join(data)
            triggers.append(data)
        }
        if known == nil || triggers.isEmpty { all.isOpen = true }
    }

    /// What the data of events gives at a place.
    func data(_ scope: NameScope) -> EventData {
        if case .trigger(let index) = scope.part, index < triggers.count { return triggers[index] }
        return all
    }

    // MARK: Roots

    /// What a name stands for.
    func root(_ name: String, _ scope: NameScope) -> Found {
        if let loop = scope.loops.last(where: { $0.name == name }) { return .type(element(of: loop)) }
        switch name {
        case "now": return .type(.timestamp)
        case "event": return .type(Space.event.type)
        case "run": return scope.isBeforeRun ? .problem(absent(name, scope)) : .type(LanguageObjects.run)
        case "vars": return scope.isBeforeRun ? .problem(absent(name, scope)) : .type(Space.vars.type)
        case "trigger":
            return scope.isBeforeRun ? .problem(absent(name, scope)) : .type(all.isOpen ? .dyn : all.whole)
        case "inputs", "steps", "failure", "secrets", "events":
            guard isInPart(name, scope) else { return .problem(absent(name, scope)) }
            switch name {
            case "inputs": return .type(Space.inputs.type)
            case "steps": return .type(Space.steps.type)
            case "secrets": return .type(Space.secrets.type)
            case "failure": return .type(LanguageObjects.failure)
            default: return .type(.list(LanguageObjects.event(data: all.isOpen ? .dyn : all.whole)))
            }
        default: return given(name, scope)
        }
    }

    /// A name that events give.
    private func given(_ name: String, _ scope: NameScope) -> Found {
        let data = data(scope)
        var found = data.root(name)
        if let types = scope.arriving {
            // The event that has arrived, and beside it what the run has from its own.
            var arrived = EventData()
            for type in types { arrived.add(type, in: reading.environment) }
            if arrived.isOpen { return .type(.dyn) }
            if let new = arrived.root(name) {
                found =
                    new.isSure || found == nil ? new : (new.type.joined(found?.type ?? .dyn), found?.isSure ?? false)
            }
        }
        if data.isOpen { return .type(.dyn) }
        guard let found else { return .problem(absent(name, scope)) }
        return .type(found.isSure ? found.type : .absent(found.type))
    }

    /// Whether a root name of the language exists at `scope`.
    func isInPart(_ root: String, _ scope: NameScope) -> Bool {
        switch root {
        case "event", "now": true
        case "inputs": !scope.isBeforeRun || (scope.part == .gates && reading.hasManualTrigger)
        case "trigger", "vars", "run": !scope.isBeforeRun
        case "steps": scope.part == .step || scope.part == .outputs
        case "failure": scope.isOnFailure || scope.isRescue
        case "secrets": scope.allowsSecrets
        case "events": reading.collects && !scope.isBeforeRun
        default: false
        }
    }

    /// The element of a loop.
    private func element(of loop: NameScope.LoopVariable) -> ExpressionType {
        guard let site = loop.site else { return .dyn }
        guard case .list(let element) = type(ofSite: site).present else { return .dyn }
        return element.isUnknown ? .dyn : element.widened
    }

    // MARK: Fields

    /// What a field of a space stands for. With `onlyTested` it may be absent, but what looks like a misspelt one is still a problem.
    func member(_ name: String, of space: Space, _ scope: NameScope, onlyTested: Bool) -> Found {
        switch space {
        case .event: return envelope(name, scope)
        case .vars: return variable(name, scope)
        case .inputs: return input(name)
        case .secrets: return secret(name)
        case .steps: return step(name, scope)
        }
    }

    private func envelope(_ name: String, _ scope: NameScope) -> Found {
        if name == "data" {
            let data = data(scope)
            return .type(data.isOpen || data.objects.isEmpty || scope.arriving != nil ? .dyn : data.whole)
        }
        guard case .object(let known) = LanguageObjects.anyEvent else { return .type(.dyn) }
        if let field = known.field(name) { return .type(field.type) }
        // An envelope may have attributes beyond the known ones (CloudEvents 1.0, "Extension Context Attributes").
        guard let near = Similarity.nearest(to: name, among: known.fields.map(\.name)) else { return .type(.dyn) }
        return .problem(
            Problem(
                code: .unknownField, message: "`event` has no field `\(name)`", help: "did you mean `event.\(near)`?"))
    }

    private func variable(_ name: String, _ scope: NameScope) -> Found {
        var end = reading.variables.count
        if case .vars(let before) = scope.part {
            end = before
            if let position = variables[name], position >= before, position < reading.declaredVariables {
                return .problem(
                    Problem(
                        code: .unknownVariable, message: "vars.\(name) has no value yet: it comes later",
                        help: "variables are evaluated from top to bottom"))
            }
        }
        if let position = variables[name], position < end {
            let type = type(ofVariable: name)
            return .type(isSetBefore(name, scope) ? type : .absent(type))
        }
        let known = Array(reading.variables.prefix(end))
        return .problem(unknown(.unknownVariable, name, among: known, "variable", "vars", "the playbook has no `vars`"))
    }

    /// Whether a variable may have a value at `scope`: one that only steps give has none before them.
    private func isSetBefore(_ name: String, _ scope: NameScope) -> Bool {
        guard let position = variables[name], position >= reading.declaredVariables, scope.step != nil,
            !scope.isOnFailure
        else { return true }
        return reading.assignments.contains { assignment in
            guard assignment.name == name, let step = assignment.step else { return false }
            return !reading.steps.isBehind(step, scope)
        }
    }

    private func input(_ name: String) -> Found {
        if let field = inputs[name] {
            let type = LanguageObjects.field(field).type
            // A run by an event has no inputs.
            return .type(hasEvents ? type.orNull : type)
        }
        return .problem(
            unknown(
                .unknownInput, name, among: reading.inputs.map(\.name), "input", "inputs",
                "declare it: `trigger: { manual: { inputs: { \(name): { type: text } } } }`"))
    }

    private func secret(_ name: String) -> Found {
        guard let known = reading.environment.secrets, !known.contains(name) else { return .type(.secret) }
        return .problem(
            unknown(
                .unknownSecret, name, among: known.sorted(), "secret", "secrets",
                "declare it under `secrets` in signalbox.yaml"))
    }

    private func step(_ name: String, _ scope: NameScope) -> Found {
        guard let number = reading.steps.positions[name] else {
            return .problem(
                unknown(
                    .unknownStep, name, among: reading.steps.ids, "step", "steps",
                    "give the step an `id` to use its result"))
        }
        if let obstacle = reading.steps.obstacle(to: number, from: scope) {
            return .problem(Problem(code: .invisibleStep, message: obstacle.message, help: obstacle.help))
        }
        return .type(doubt(about: number, from: scope) == nil ? type(ofStep: number) : type(ofDoubtfulStep: number))
    }
}

/// What the data of events gives: the names that all, or some, of several types have.
struct EventData {
    /// Whether some event's data is not known, so that any name may be there.
    var isOpen = false
    var objects: [ObjectType] = []
    /// How many types of events there are. Whoever starts a playbook by hand gives it an event, or asks before for what is there.
    var count = 0

    mutating func add(_ type: String, in environment: CheckEnvironment) {
        count += 1
        guard let schema = environment.events?[type], case .object(let object) = environment.types.event(type, schema)
        else {
            isOpen = true
            return
        }
        objects.append(object)
    }

    mutating func join(_ other: EventData) {
        isOpen = isOpen || other.isOpen
        count += other.count
        objects += other.objects
    }

    /// The type of a name, and whether every way of starting gives it; nil when none does.
    func root(_ name: String) -> (type: ExpressionType, isSure: Bool)? {
        var found = ExpressionType.free
        var given = 0
        for object in objects {
            guard let field = object.field(name) else { continue }
            given += 1
            found = found.joined(field.type)
        }
        return given == 0 ? nil : (found, given == count)
    }

    /// The data as a whole.
    var whole: ExpressionType { objects.reduce(.free) { $0.joined(.object($1)) } }

    /// All names, each once.
    var names: [String] {
        var names: [String] = []
        for object in objects {
            for field in object.fields where !names.contains(field.name) { names.append(field.name) }
        }
        return names
    }
}
