import WorkflowModel
import YAML

/// Reads `trigger`: one map, or a list of maps.
struct TriggerReader {
    let reading: PlaybookReading

    /// The triggers of `node`.
    func triggers(_ node: YAMLNode) -> [Trigger] {
        if let items = node.items {
            if items.isEmpty { reading.report(.emptyList, node, "`trigger` has no entries", help: "write an `event`") }
            return items.compactMap(trigger)
        }
        return trigger(node).map { [$0] } ?? []
    }

    private func trigger(_ node: YAMLNode) -> Trigger? {
        if let text = node.text, !node.isDamaged, !node.isNull {
            reading.report(
                .wrongKind, node, "a trigger must be a map of keys to values, is text", help: "write { event: \(text) }"
            )
            reading.triggerTypes.append(nil)
            return nil
        }
        guard let fields = Fields(node, "a trigger", reading) else {
            reading.triggerTypes.append(nil)
            return nil
        }
        for entry in fields.node.entries ?? [] {
            guard let key = entry.key.text, KeyTable.gates.contains(key) else { continue }
            reading.report(
                .misplacedKey, entry.key, "`\(key)` stands for all triggers of a playbook, not inside one",
                help: "write it beside `trigger`")
        }
        fields.refuseUnknown(
            KeyTable.trigger, ignoring: Set(KeyTable.gates), "a trigger")
        if let entry = fields.node.entry("schedule") { return schedule(entry, fields) }
        if let entry = fields.node.entry("manual") {
            if let event = fields.node.entry("event") {
                reading.report(
                    .conflictingKeys, event.key, "`event` cannot stand beside `manual`",
                    help: "write two triggers in a list")
                reading.triggerTypes.append(nil)
                reading.hasManualTrigger = true
                if !entry.value.isDamaged { reading.inputs += InputReader(reading: reading).inputs(entry.value) }
                return nil
            }
            for key in ["when", "fires", "include_own"] where fields.has(key) {
                reading.report(
                    .misplacedKey, fields.node.entry(key)?.key ?? node, "`\(key)` has no meaning beside `manual`",
                    help: "remove it: a person starts the playbook whenever they want")
            }
            if reading.hasManualTrigger {
                reading.report(.conflictingKeys, entry.key, "there are two manual triggers", help: "join their inputs")
            }
            reading.triggerTypes.append([])
            reading.hasManualTrigger = true
            guard !entry.value.isDamaged else { return nil }
            let inputs = InputReader(reading: reading).inputs(entry.value)
            reading.inputs += inputs
            return .manual(ManualTrigger(inputs: inputs))
        }
        guard let event = fields.value("event") else {
            if !fields.has("event"), !node.isIncomplete, !fields.hasUnknown(KeyTable.trigger) {
                reading.report(
                    .missingKey, node, "the trigger does not say what starts the playbook",
                    help: "write `event: ticket.created`, `schedule: { cron: … }`, or `manual: {}`")
            }
            reading.triggerTypes.append(nil)
            return nil
        }
        let types = eventTypes(event)
        reading.triggerTypes.append(types.isEmpty ? nil : types)
        let scope = NameScope(part: .trigger(reading.triggerTypes.count - 1))
        let condition = fields.value("when").flatMap { ConditionReader(reading: reading, scope: scope).condition($0) }
        return .event(
            EventTrigger(
                types: types, condition: condition,
                firing: fields.word("fires", as: EventTrigger.Firing.self) ?? .becomingTrue,
                includesOwn: fields.flag("include_own") ?? false, place: reading.place(node)))
    }

    private func schedule(_ entry: YAMLNode.Entry, _ fields: Fields) -> Trigger? {
        reading.triggerTypes.append([Event.scheduleFired])
        for key in ["event", "manual"] {
            guard let other = fields.node.entry(key) else { continue }
            reading.report(
                .conflictingKeys, other.key, "`\(key)` cannot stand beside `schedule`",
                help: "write two triggers in a list")
            if key == "manual", !other.value.isDamaged {
                reading.hasManualTrigger = true
                reading.inputs += InputReader(reading: reading).inputs(other.value)
            }
        }
        for key in ["when", "fires", "include_own"] {
            guard let other = fields.node.entry(key) else { continue }
            reading.report(
                .misplacedKey, other.key, "`\(key)` has no meaning beside `schedule`",
                help: key == "when" ? "ask with `if` of a step, which may `stop`" : nil)
        }
        guard let schedule = ScheduleReader(reading: reading).schedule(entry.value) else { return nil }
        guard reading.schedules.insert(schedule.identity).inserted else {
            reading.report(.conflictingKeys, entry.key, "the same schedule is here twice", help: "take one of them out")
            return nil
        }
        return .schedule(schedule)
    }

    private func eventTypes(_ node: YAMLNode) -> [String] {
        guard let nodes = node.items else { return eventType(node).map { [$0] } ?? [] }
        if nodes.isEmpty {
            reading.report(.emptyList, node, "`event` has no types", help: "write one such as ticket.created")
        }
        var types: [String] = []
        for node in nodes {
            guard let type = eventType(node) else { continue }
            if types.contains(type) {
                reading.report(.wrongValue, node, "`\(type)` is here twice", severity: .warning)
            } else {
                types.append(type)
            }
        }
        return types
    }

    func eventType(_ node: YAMLNode) -> String? {
        guard !node.isDamaged else { return nil }
        guard let scalar = node.scalar, scalar.resolved == .string, !scalar.text.isEmpty else {
            reading.report(
                .wrongKind, node, "an event type must be a text such as ticket.created, is \(node.kindInWords)")
            return nil
        }
        let type = scalar.text
        guard let known = reading.environment.events, known[type] == nil else { return type }
        if type.contains(where: \.isWhitespace) {
            let name = Similarity.nearest(
                to: type.split(whereSeparator: \.isWhitespace).joined(separator: "."), among: known.keys.sorted())
            reading.report(
                .unknownEventType, node, "`\(type)` is no event type: those have no spaces",
                help: name.map { "did you mean `\($0)`?" }
                    ?? "write one such as ticket.created, or a list of them: [a, b]")
        } else if type.contains("*") {
            let family = type.prefix { $0 != "*" }
            let members = known.keys.filter { $0.hasPrefix(family) }.sorted()
            reading.report(
                .unknownEventType, node, "event types have no `*` here",
                help: members.isEmpty ? nil : "write a list: [\(members.joined(separator: ", "))]")
        } else if let near = Similarity.nearest(to: type, among: known.keys.sorted()) {
            reading.report(
                .unknownEventType, node, "there is no event type `\(type)`", help: "did you mean `\(near)`?")
        } else if let family = type.split(separator: ".").first, type.contains("."),
            known.keys.contains(where: { $0.hasPrefix("\(family).") })
        {
            let members = known.keys.filter { $0.hasPrefix("\(family).") }.sorted()
            reading.report(
                .unknownEventType, node, "`\(type)` is none of the known \(family) events: its data is not checked",
                help: "known: \(members.joined(separator: ", "))", severity: .warning)
        }
        return type
    }
}

extension ScheduleTrigger {
    /// What tells it from others.
    fileprivate var identity: [String] { [times.text, zone ?? "", calendar ?? "", within.rawValue] }
}
