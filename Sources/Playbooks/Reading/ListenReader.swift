import WorkflowModel
import YAML

/// Reads `wait_for`.
struct ListenReader {
    let reading: PlaybookReading

    private var values: ValueReader { ValueReader(reading: reading) }

    func listen(_ fields: Fields, _ scope: NameScope) -> Step.Kind? {
        guard let node = fields.value("wait_for"), let inside = Fields(node, "`wait_for`", reading) else { return nil }
        inside.refuseUnknown(KeyTable.listen, "`wait_for`")
        if !inside.has("timeout"), !inside.node.isIncomplete {
            reading.report(
                .missingKey, node, "`wait_for` needs `timeout`", help: "write how long to wait, such as 15m")
        }
        let timeout = inside.duration("timeout")
        let calendar = CalendarKey(reading: reading).name(inside, of: "timeout")
        let since = inside.value("since").flatMap { step("since", $0, scope)?.id }
        let subject = inside.value("subject").flatMap { self.subject($0, scope) } ?? .own
        var options: [ListenStep.Option] = []
        if inside.has("any") {
            if let second = ["event", "when", "of"].lazy.compactMap({ inside.node.entry($0) }).first {
                reading.report(
                    .conflictingKeys, second.key, "`\(second.key.text ?? "")` cannot stand beside `any`",
                    help: "write it inside the entries of `any`")
            }
            let items = inside.list("any", of: "events") ?? []
            if let node = inside.value("any"), node.items?.isEmpty == true {
                reading.report(
                    .emptyList, node, "`any` has no events",
                    help: "write `- event: TYPE` for each event that ends the wait")
            }
            for item in items {
                guard let entry = Fields(item, "an entry of `any`", reading) else { continue }
                entry.refuseUnknown(KeyTable.listenOption, "an entry of `any`")
                if let option = option(entry, scope) { options.append(option) }
            }
        } else if let option = option(inside, scope) {
            options.append(option)
        }
        guard let timeout, !options.isEmpty else { return nil }
        if subject == .own { checkSubject(node) }
        return .listen(
            ListenStep(options: options, since: since, subject: subject, timeout: timeout, calendar: calendar))
    }

    /// `any`, or an expression.
    private func subject(_ node: YAMLNode, _ scope: NameScope) -> ListenStep.Subject? {
        if node.scalar?.resolved == .string, node.text == "any" { return .any }
        return values.expression(node, key: "subject", scope, isCondition: false).map { .given($0) }
    }

    /// A run without a subject hears nothing.
    private func checkSubject(_ node: YAMLNode) {
        guard !reading.triggerTypes.isEmpty, reading.triggerTypes.allSatisfy({ $0?.isEmpty == true }) else { return }
        reading.report(
            .missingKey, node, "the run has no subject, so this hears nothing and always times out",
            help: "write `subject:` with an expression such as \"ticket:\" + inputs.ticket, or `subject: any`",
            severity: .warning)
    }

    private func option(_ fields: Fields, _ scope: NameScope) -> ListenStep.Option? {
        guard let node = fields.value("event") else {
            if !fields.has("event"), !fields.node.isIncomplete {
                reading.report(
                    .missingKey, fields.node, "`wait_for` does not say for which event",
                    help: "write `event: ticket.assigned`")
            }
            return nil
        }
        if node.items?.isEmpty == true {
            reading.report(.emptyList, node, "`event` has no event types", help: "write one such as ticket.assigned")
        }
        let triggers = TriggerReader(reading: reading)
        let types = (node.items ?? [node]).compactMap { triggers.eventType($0) }
        var seeing = scope
        seeing.arriving = types
        let condition = fields.value("when").flatMap { values.expression($0, key: "when", seeing) }
        let of = fields.value("of").flatMap { self.of($0, types, scope) }
        return types.isEmpty ? nil : ListenStep.Option(types: types, condition: condition, of: of)
    }

    /// The step that has produced what the event is about.
    private func of(_ node: YAMLNode, _ types: [String], _ scope: NameScope) -> String? {
        guard let (id, kind) = step("of", node, scope) else { return nil }
        guard case .call(let action) = kind, let output = reading.environment.actions?[action]?.output,
            !output.properties.isEmpty
        else { return id }
        let given = Set(output.properties.map(\.name))
        for type in types {
            let family = String(type.prefix { $0 != "." })
            guard given.isDisjoint(with: ["token", "tokens", "id", "ids", family]) else { continue }
            reading.report(
                .wrongValue, node, "nothing that \(action) gives says which `\(type)` is about it",
                help: "leave `of` out, or compare in `when`")
            return nil
        }
        return id
    }

    /// A step with `uses` that has run before this one.
    private func step(_ key: String, _ node: YAMLNode, _ scope: NameScope) -> (id: String, kind: StepTable.Kind)? {
        guard let id = node.text, node.scalar?.resolved == .string else {
            reading.report(
                .wrongKind, node, "`\(key)` must be the id of a step",
                help: "write what stands after `id:` of the step")
            return nil
        }
        guard let number = reading.steps.positions[id] else {
            let near = Similarity.nearest(to: id, among: reading.steps.ids)
            reading.report(
                .unknownStep, node, "there is no step `\(id)` above", help: near.map { "did you mean `\($0)`?" })
            return nil
        }
        if let obstacle = reading.steps.obstacle(to: number, from: scope) {
            reading.report(.invisibleStep, node, obstacle.message, help: obstacle.help)
            return nil
        }
        let kind = reading.steps.entries[number].kind
        switch kind {
        case .call, .unknown: return (id, kind)
        default:
            reading.report(
                .wrongValue, node, "`\(key)` must name a step with `uses`",
                help: key == "since"
                    ? "events count since its start" : "the event must be about what that step has produced")
            return nil
        }
    }
}
