import Expressions
import WorkflowModel
import YAML

/// Looks at a playbook without errors for what is allowed and probably not meant. Everything it says is a warning.
struct PlaybookAdvice {
    let reading: PlaybookReading
    let names: NameTable
    let root: YAMLNode
    let workflow: Workflow
    /// The expressions by the place where they begin.
    let sites: [SourcePlace: PlaybookReading.Site]
    /// What is known at the calls that come before any wait.
    let reached = ReachedCalls()

    init(_ reading: PlaybookReading, _ names: NameTable, _ root: YAMLNode, _ workflow: Workflow) {
        self.reading = reading
        self.names = names
        self.root = root
        self.workflow = workflow
        sites = Dictionary(
            reading.sites.lazy.filter { !$0.isPlanned }.map { (reading.place($0.node, offset: $0.offset), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    func run() {
        ConditionAdvice(advice: self).run()
        ReachAdvice(advice: self, reached: reached).run()
        CallAdvice(advice: self).run()
        UseAdvice(advice: self).run()
    }

    // MARK: Reporting

    func warn(_ code: PlaybookCode, _ range: SourceRange?, _ message: String, help: String? = nil) {
        guard !reading.isFull else { return }
        reading.report(code, range, message, help: help, severity: .warning)
    }

    /// Whether something is said already of what begins inside of `range`.
    func isReported(_ range: SourceRange) -> Bool {
        reading.diagnostics.contains { said in
            guard let start = said.range?.start else { return false }
            return range.start <= start && start < range.end
        }
    }

    /// Where a part of an expression stands.
    func range(_ node: Node, _ site: PlaybookReading.Site) -> SourceRange {
        site.node.sourceRange(ofScalars: node.range.lowerBound + site.offset..<node.range.upperBound + site.offset)
    }

    /// The node of a step.
    func node(of step: Step) -> YAMLNode? { reading.stepNodes.first { reading.place($0) == step.place } }

    // MARK: Conditions

    /// The site of an expression.
    func site(_ text: ExpressionText) -> PlaybookReading.Site? { sites[text.place] }

    /// An expression as a claim; nil for one that is not there.
    func claim(_ text: ExpressionText) -> Claim? {
        site(text).map { .node($0.expression.root, $0.expression) }
    }

    /// A trigger's condition as a claim.
    func claim(_ condition: Condition) -> Claim? {
        func all(_ parts: [Condition]) -> [Claim]? {
            let claims = parts.compactMap(claim)
            return claims.count == parts.count ? claims : nil
        }
        switch condition {
        case .expression(let text): return claim(text)
        case .all(let parts): return all(parts).map(Claim.all)
        case .any(let parts): return all(parts).map(Claim.any)
        case .not(let part): return claim(part).map(Claim.not)
        }
    }

    /// The values that a path can have at `scope`; nil when they are not known for certain.
    func known(_ scope: NameScope) -> Facts.Known {
        { path in values(path, scope) }
    }

    private func values(_ path: [String], _ scope: NameScope) -> [Value]? {
        switch path.first {
        case "event" where path == ["event", "type"]: return eventTypes(scope)?.map(Value.string)
        case "steps" where path.count == 3 && path[2] == "status":
            return ["succeeded", "failed", "skipped", "cancelled"].map(Value.string) + [.null]
        case "steps", "inputs": break
        default: return nil
        }
        guard let expression = Expression.parse(path.joined(separator: ".")).0,
            let values = Self.values(
                of: TypeChecker.check(expression, in: PlaceEnvironment(table: names, scope: scope)).type.present)
        else { return nil }
        let isGiven =
            path.first == "inputs" && path.count == 2
            && reading.inputs.contains { $0.name == path[1] && ($0.isRequired || $0.schema.defaultValue != nil) }
        return isGiven && reading.triggerTypes.count == 1 ? values : values + [.null]
    }

    /// All values of a type, but null; nil when they are not few.
    private static func values(of type: ExpressionType) -> [Value]? {
        switch type {
        case .bool: [.bool(true), .bool(false)]
        case .words(let words): words.map(Value.string)
        default: nil
        }
    }

    /// The types that `event.type` can be at `scope`.
    private func eventTypes(_ scope: NameScope) -> [String]? {
        if let arriving = scope.arriving { return arriving }
        if case .trigger(let index) = scope.part, reading.triggerTypes.indices.contains(index) {
            return reading.triggerTypes[index]
        }
        // A run that a person starts, or that another playbook calls, may have any event or none.
        guard !reading.hasManualTrigger else { return nil }
        var types: [String] = []
        for trigger in reading.triggerTypes {
            guard let trigger else { return nil }
            types += trigger
        }
        return types.isEmpty ? nil : types
    }
}
