import WorkflowModel
import YAML

/// Reads `stop_when`: an event type, or a list of types and of `{ event, when }`.
struct StopReader {
    let reading: PlaybookReading

    /// The events that end a run; a warning when no run of the playbook can have a subject.
    func options(_ node: YAMLNode, _ triggers: [Trigger]) -> [ListenStep.Option] {
        guard !node.isDamaged, !node.isNull else { return [] }
        if node.items?.isEmpty == true {
            reading.report(.emptyList, node, "`stop_when` has no events", help: "write [ticket.closed]")
        }
        var options: [ListenStep.Option] = []
        for item in node.items ?? [node] {
            guard let option = option(item) else { continue }
            if option.condition == nil, options.contains(where: { $0.condition == nil && $0.types == option.types }) {
                reading.report(
                    .wrongValue, item, "`\(option.types.joined(separator: ", "))` is here twice", severity: .warning)
            } else {
                options.append(option)
            }
        }
        let hasSubject = triggers.contains { if case .event = $0 { true } else { false } }
        if !hasSubject, !triggers.isEmpty, !options.isEmpty {
            reading.report(
                .misplacedKey, node,
                "`stop_when` looks at events about the run's subject, and runs of this playbook have none",
                help: "give it a trigger with `event`; a run by hand has a subject only when it is given an event",
                severity: .warning)
        }
        return options
    }

    private func option(_ node: YAMLNode) -> ListenStep.Option? {
        guard !node.isDamaged else { return nil }
        let triggers = TriggerReader(reading: reading)
        guard node.entries != nil else { return triggers.eventType(node).map { ListenStep.Option(types: [$0]) } }
        guard let fields = Fields(node, "an entry of `stop_when`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.stop, "an entry of `stop_when`")
        guard let event = fields.value("event") else {
            if !fields.has("event"), !node.isIncomplete {
                reading.report(
                    .missingKey, node, "an entry of `stop_when` does not say which event", help: "write `event: TYPE`")
            }
            return nil
        }
        if event.items?.isEmpty == true {
            reading.report(.emptyList, event, "`event` has no event types", help: "write one such as ticket.closed")
        }
        let types = (event.items ?? [event]).compactMap { triggers.eventType($0) }
        var scope = NameScope(part: .outputs)
        scope.arriving = types
        let condition = fields.value("when").flatMap {
            ValueReader(reading: reading).expression($0, key: "when", scope)
        }
        return types.isEmpty ? nil : ListenStep.Option(types: types, condition: condition)
    }
}
