import WorkflowModel
import YAML

/// Reads `uses` and what stands beside it.
struct CallReader {
    let reading: PlaybookReading

    /// The call of a step; nil, with a report, when its action is missing or unknown.
    func call(_ fields: Fields, _ scope: NameScope) -> ActionCall? {
        let values = ValueReader(reading: reading)
        var inside = scope
        inside.allowsSecrets = true
        let with = fields.value("with").map { values.named($0, "`with`", inside) } ?? []
        let retry = fields.value("retry").flatMap { RetryReader(reading: reading).retry($0) }
        let timeout = fields.duration("timeout")
        let deadline = fields.duration("deadline")
        if let timeout, let deadline, deadline < timeout, let node = fields.value("deadline") {
            reading.report(
                .wrongValue, node, "`deadline` covers all attempts and must not be shorter than `timeout`",
                severity: .warning)
        }
        let goesOn = fields.flag("continue_on_error") ?? false
        if goesOn, let step = scope.step { reading.steps.setGoesOn(step) }
        let onUncertain = fields.word("on_uncertain", as: ActionCall.OnUncertain.self)
        let mock = fields.value("mock").map { values.source($0, scope) }
        let undo = fields.value("undo").flatMap { compensation($0, inside) }
        guard let action = action(fields, inside) else { return nil }
        if let step = scope.step { reading.steps.setKind(.call(action: action), of: step) }
        return ActionCall(
            action: action, with: with, retry: retry, timeout: timeout, deadline: deadline,
            continuesOnError: goesOn, onUncertain: onUncertain, mock: mock, undo: undo)
    }

    /// `undo: { uses, with }`; nil, with a report, when it is none.
    func compensation(_ node: YAMLNode, _ scope: NameScope) -> Compensation? {
        if scope.isOnFailure {
            reading.report(
                .misplacedKey, node, "`undo` has no meaning inside `on_failure`: the run has failed already",
                help: "write it beside a step of `steps`")
            return nil
        }
        guard let fields = Fields(node, "`undo`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.undo, "`undo`")
        guard fields.has("uses") else {
            if !fields.node.isIncomplete {
                reading.report(
                    .missingKey, node, "`undo` does not say what to call", help: "write `uses: PLUGIN.ACTION` in it")
            }
            return nil
        }
        var inside = scope
        inside.seesItself = true
        let with = fields.value("with").map { ValueReader(reading: reading).named($0, "`with`", inside) } ?? []
        return action(fields, inside).map { Compensation(action: $0, with: with, place: reading.place(node)) }
    }

    /// The action that `uses` names, its inputs noted for their check; nil, with a report, when it is missing or unknown.
    private func action(_ fields: Fields, _ scope: NameScope) -> String? {
        guard let uses = fields.value("uses") else { return nil }
        guard let scalar = uses.scalar, scalar.resolved == .string, isActionName(scalar.text) else {
            reading.report(
                .wrongValue, uses, "`uses` must name an action: PLUGIN.ACTION",
                help: suggestion(for: uses.text) ?? "for instance notify.send")
            return nil
        }
        guard check(action: scalar.text, uses) else { return nil }
        let withNode = fields.node.entry("with")?.value
        // Inputs that stand in the wrong place are not missing.
        let isElsewhere =
            withNode == nil && (fields.has("with") || reading.hasStrayStepKeys || fields.node.isIncomplete)
        if withNode?.isDamaged != true, !isElsewhere,
            withNode?.isNull == true || withNode?.entries != nil || withNode == nil
        {
            reading.calls.append(.init(action: scalar.text, uses: uses, with: withNode, scope: scope))
        }
        return scalar.text
    }

    private func isActionName(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0 > 0x2D && $0 < 0x7B && $0 != UInt8(ascii: "/") || $0 == 0x2D }
            }
    }

    /// The only action of that short name, or the nearest one, as help.
    private func suggestion(for text: String?) -> String? {
        guard let text, let actions = reading.environment.actions else { return nil }
        let names = actions.keys.sorted()
        let same = names.filter { $0.hasSuffix(".\(text)") }
        let near = same.first ?? Similarity.nearest(to: text, among: names)
        return near.map { "did you mean `\($0)`?" }
    }

    private func check(action: String, _ node: YAMLNode) -> Bool {
        guard let actions = reading.environment.actions, actions[action] == nil else { return true }
        let plugin = action.prefix { $0 != "." }
        let names = actions.keys.sorted()
        let siblings = names.filter { $0.hasPrefix("\(plugin).") }
        let name = action.dropFirst(plugin.count + 1)
        if siblings.isEmpty {
            let plugins = Set(names.map { String($0.prefix { $0 != "." }) }).sorted()
            let near = Similarity.nearest(to: String(plugin), among: plugins)
            let whole = near.map { "\($0).\(name)" }
            reading.report(
                .unknownPlugin, range(node, 0..<plugin.unicodeScalars.count), "there is no plugin `\(plugin)`",
                help: whole.map { "did you mean `\(actions[$0] == nil ? near ?? "" : $0)`?" }
                    ?? suggestion(for: String(name)) ?? "plugins: \(plugins.joined(separator: ", "))")
        } else {
            let near = Similarity.nearest(
                to: String(name), among: siblings.map { String($0.dropFirst(plugin.count + 1)) })
            reading.report(
                .unknownAction, range(node, 0..<action.unicodeScalars.count), "there is no action `\(action)`",
                help: near.map { "did you mean `\(plugin).\($0)`?" }
                    ?? "actions of \(plugin): \(siblings.joined(separator: ", "))")
        }
        return false
    }

    private func range(_ node: YAMLNode, _ scalars: Range<Int>) -> SourceRange { node.sourceRange(ofScalars: scalars) }
}

/// Reads `retry`: a number of attempts, or a map.
struct RetryReader {
    let reading: PlaybookReading
    /// The most attempts that a step may ask for.
    static let attemptLimit = 100

    func retry(_ node: YAMLNode) -> RetryPolicy? {
        if node.scalar != nil { return attempts(node).map { RetryPolicy(attempts: $0) } }
        guard let fields = Fields(node, "`retry`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.retry, "`retry`")
        var policy = RetryPolicy()
        if let node = fields.value("attempts"), let number = attempts(node) { policy.attempts = number }
        if let backoff = fields.word("backoff", as: RetryPolicy.Backoff.self) { policy.backoff = backoff }
        if let jitter = fields.word("jitter", as: RetryPolicy.Jitter.self) { policy.jitter = jitter }
        let initial = fields.duration("initial")
        let maximum = fields.duration("max")
        if let initial { policy.initial = initial }
        if let maximum {
            policy.maximum = maximum
        } else {
            policy.maximum = max(policy.maximum, policy.initial)
        }
        if let node = fields.value("max"), let maximum, maximum < policy.initial {
            reading.report(
                .wrongValue, node, "`max` must not be shorter than `initial`",
                help: "`initial` is the first wait between two tries, `max` the longest")
        }
        return policy
    }

    private func attempts(_ node: YAMLNode) -> Int? {
        guard case .int(let number)? = node.scalar?.resolved, (1...Int64(Self.attemptLimit)).contains(number) else {
            reading.report(
                .wrongValue, node, "`attempts` must be a whole number from 1 to \(Self.attemptLimit)",
                help: "the first try counts: 1 means no retry")
            return nil
        }
        return Int(number)
    }
}
