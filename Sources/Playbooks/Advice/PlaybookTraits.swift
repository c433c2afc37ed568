import Expressions
import WorkflowModel
import YAML

/// What a playbook does to the world, and what of the workspace it uses: enough to compare it with others.
public struct PlaybookTraits: Sendable {
    /// A trigger by events.
    struct Start: Sendable {
        var types: [String]
        var claim: Claim?
        var domains: [String: ValueDomain]
        /// Whether it fires for events that repeat only when its condition becomes true.
        var onlyEdges: Bool
        var includesOwn: Bool

        /// Whether an event of `type` fires it only when its condition becomes true.
        func isEdge(_ type: String) -> Bool { onlyEdges && type.hasSuffix(".updated") }
    }

    /// A step that may lead to events.
    struct Emission: Sendable {
        var action: String
        var types: [String]
        var echoes: [String]
        /// The inputs that are given as they stand.
        var given: [String: Value]
        /// The inputs that the action has and that are not given.
        var absent: Set<String>
        var range: SourceRange
    }

    /// A field that a step sets to a value that stands in the playbook.
    struct Write: Sendable {
        var action: String
        var field: String
        /// What the step is about, as written; nil for what the run is about.
        var target: String?
        var value: Value
        var domains: [String: ValueDomain]
        var range: SourceRange
    }

    let id: String
    let file: String
    let mode: Workflow.Mode
    var starts: [Start] = []
    var emissions: [Emission] = []
    var writes: [Write] = []
    /// The names of the workspace's parts that stand in it.
    public private(set) var partNames: Set<String> = []
    /// The formats (`template`, `table`, …) of names that are chosen at run time.
    public private(set) var choices: Set<String> = []

    init(_ advice: PlaybookAdvice) {
        id = advice.workflow.id
        file = advice.workflow.file
        mode = advice.workflow.mode
        for trigger in advice.workflow.triggers { add(trigger, advice) }
        let steps = advice.workflow.steps + (advice.workflow.onFailure ?? [])
        for step in steps { add(step, advice) }
        let names = advice.reading.environment.partNames
        guard !names.isEmpty else { return }
        collect(advice.root, names)
        for site in advice.reading.sites { collect(site.expression.root, names) }
        for call in advice.reading.calls { collectChoices(call, advice) }
    }

    private mutating func add(_ trigger: Trigger, _ advice: PlaybookAdvice) {
        guard case .event(let event) = trigger else { return }
        let claim = event.condition.flatMap(advice.claim)
        var facts = Facts()
        guard claim.map({ facts.assume($0, true) }) ?? true else { return }
        starts.append(
            Start(
                types: event.types, claim: claim, domains: facts.domains,
                onlyEdges: event.firing == .becomingTrue && event.condition != nil, includesOwn: event.includesOwn))
    }

    private mutating func add(_ step: Step, _ advice: PlaybookAdvice) {
        for block in step.blocks { for inner in block { add(inner, advice) } }
        switch step.kind {
        case .ask(let ask):
            guard let node = advice.node(of: step), let key = (node.entry("ask") ?? node.entry("approve"))?.key else {
                return
            }
            let types =
                ["ask.opened", "ask.answered", "ask.expired"] + (ask.remindEvery == nil ? [] : ["ask.reminded"])
            emissions.append(
                Emission(
                    action: key.text ?? "ask", types: types, echoes: [], given: [:], absent: [], range: key.range))
        case .call(let call): add(call, step, advice)
        default: break
        }
    }

    private mutating func add(_ call: ActionCall, _ step: Step, _ advice: PlaybookAdvice) {
        guard let signature = advice.reading.environment.actions?[call.action],
            !signature.emits.isEmpty || !signature.echoes.isEmpty || !signature.sets.isEmpty,
            let node = advice.node(of: step), let uses = node["uses"]
        else { return }
        var given: [String: Value] = [:]
        for input in call.with { if case .literal(let value) = input.source { given[input.name] = value } }
        let names = Set(call.with.map(\.name))
        // The same asked again changes nothing, and what changes nothing leads to no event.
        let isOnce =
            signature.onceBy.contains { names.contains($0) || $0 == signature.target }
            || (!names.isEmpty
                && names.allSatisfy { $0 == signature.target || (signature.sets.contains($0) && given[$0] != nil) })
        if !isOnce, !signature.emits.isEmpty || !signature.echoes.isEmpty {
            emissions.append(
                Emission(
                    action: call.action, types: signature.emits, echoes: signature.echoes, given: given,
                    absent: Set(signature.input.properties.map(\.name)).subtracting(names), range: uses.range))
        }
        guard let domains = advice.reached.facts[step.place] else { return }
        let target = call.with.first { $0.name == signature.target }.map { Self.text(of: $0.source) }
        for field in signature.sets {
            guard let value = given[field], let range = node["with"]?[field]?.range else { continue }
            writes.append(
                Write(
                    action: call.action, field: field, target: target, value: value, domains: domains, range: range))
        }
    }

    private static func text(of source: ValueSource) -> String {
        switch source {
        case .expression(let text): "=\(text.text)"
        case .text(let text): text.text
        case .literal(let value): JSONWriter.text(value)
        case .list, .map: "…"
        }
    }

    // MARK: Names

    private mutating func collect(_ node: YAMLNode, _ names: Set<String>) {
        switch node.content {
        case .scalar(let scalar): if names.contains(scalar.text) { partNames.insert(scalar.text) }
        case .sequence(let items): for item in items { collect(item, names) }
        case .mapping(let entries): for entry in entries { collect(entry.value, names) }
        }
    }

    private mutating func collect(_ node: Node, _ names: Set<String>) {
        if case .literal(.string(let text)) = node.kind, names.contains(text) { partNames.insert(text) }
        if case .call("open_now", _, let args) = node.kind, args.first?.literal == nil { choices.insert("calendar") }
        for child in node.kind.children { collect(child, names) }
    }

    private mutating func collectChoices(_ call: PlaybookReading.Call, _ advice: PlaybookAdvice) {
        guard let schema = advice.reading.environment.actions?[call.action]?.input else { return }
        for property in schema.properties where call.with?[property.name] == nil {
            if let name = property.schema.defaultValue?.string { partNames.insert(name) }
        }
        for entry in call.with?.entries ?? [] {
            guard let format = schema.property(entry.key.text ?? "")?.format, let scalar = entry.value.scalar else {
                continue
            }
            if case .literal = ScalarForm(scalar) { continue }
            choices.insert(format)
        }
    }
}
