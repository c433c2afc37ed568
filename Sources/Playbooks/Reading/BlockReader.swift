import WorkflowModel
import YAML

/// Reads the blocks with parts of their own: `switch`, `try`, `repeat`; and the waits.
struct BlockReader {
    let reading: PlaybookReading
    let steps: StepReader

    /// Where the part of this name stands.
    typealias Part = (_ name: String, _ loops: [NameScope.LoopVariable]?) -> StepReader.Block

    private var values: ValueReader { ValueReader(reading: reading) }

    // MARK: switch

    func choice(_ fields: Fields, _ scope: NameScope, _ part: Part) -> Step.Kind? {
        let value = fields.value("switch").flatMap {
            values.expression($0, key: "switch", scope, isCondition: false)
        }
        let site = reading.sites.count - 1
        var written: [(YAMLNode, Value)] = []
        if !fields.has("cases"), !fields.node.isIncomplete {
            reading.report(
                .missingKey, fields.node, "`switch` needs `cases`",
                help: "write `cases:` with a list of `- is: VALUE` and `then: [STEPS]`")
        }
        var cases: [ChoiceStep.Case] = []
        var known: Set<Value> = []
        let items = fields.list("cases", of: "cases") ?? []
        if let node = fields.value("cases"), node.items?.isEmpty == true {
            reading.report(
                .emptyList, node, "`cases` has no cases", help: "write `- is: VALUE` with `then: [STEPS]` below it")
        }
        for (index, item) in items.enumerated() {
            if let option = option(item, &known, &written, part("cases[\(index)].then", nil)) { cases.append(option) }
        }
        if value != nil { reading.choices.append(.init(site: site, values: written)) }
        let otherwise = fields.value("default").map { steps.steps($0, in: part("default", nil)) } ?? []
        return value.map { .choice(ChoiceStep(value: $0, cases: cases, otherwise: otherwise)) }
    }

    private func option(
        _ node: YAMLNode, _ known: inout Set<Value>, _ written: inout [(YAMLNode, Value)], _ part: StepReader.Block
    ) -> ChoiceStep.Case? {
        guard let fields = Fields(node, "a case", reading) else { return nil }
        fields.refuseUnknown(KeyTable.choice, "a case")
        for key in KeyTable.choice where !fields.has(key) && !fields.node.isIncomplete {
            reading.report(
                .missingKey, node, "a case needs `\(key)`",
                help: key == "is" ? "write the value, or a list of values" : "write a list of steps")
        }
        var wanted: [Value] = []
        if let node = fields.value("is") {
            if node.items?.isEmpty == true {
                reading.report(
                    .emptyList, node, "`is` has no values", help: "write the value for which the case is meant")
            }
            for item in node.items ?? [node] {
                guard let value = plain(item) else { continue }
                if known.insert(value).inserted {
                    wanted.append(value)
                    written.append((item, value))
                } else {
                    reading.report(
                        .conflictingKeys, item, "another case has this value already", help: "each value has one case")
                }
            }
        }
        let inner = fields.value("then").map { steps.steps($0, in: part) } ?? []
        return ChoiceStep.Case(values: wanted, steps: inner)
    }

    /// A value as it stands; nil, with a report, when it is an expression or no scalar.
    private func plain(_ node: YAMLNode) -> Value? {
        guard !node.isDamaged else { return nil }
        guard let scalar = node.scalar else {
            reading.report(
                .wrongKind, node, "`is` must be a value or a list of values, is \(node.kindInWords)")
            return nil
        }
        guard case .literal = ScalarForm(scalar) else {
            reading.report(
                .wrongValue, node, "`is` must be a plain value: it is not evaluated",
                help: "for a comparison write if/then")
            return nil
        }
        return node.plainValue
    }

    // MARK: try

    func attempt(_ fields: Fields, _ part: Part) -> Step.Kind? {
        if !fields.has("rescue"), !fields.has("always"), !fields.node.isIncomplete {
            reading.report(
                .missingKey, fields.node, "`try` needs `rescue` or `always`",
                help: "write `rescue:` with the steps for a failure")
        }
        guard let node = fields.value("try") else { return nil }
        // The step that is being read is the last one that was added.
        if fields.has("rescue") { reading.steps.setGoesOn(reading.steps.entries.count - 1) }
        let tried = steps.steps(node, in: part("try", nil))
        let rescue = fields.value("rescue").map { node in
            var block = part("rescue", nil)
            block.isRescue = true
            return steps.steps(node, in: block)
        }
        let always = fields.value("always").map { steps.steps($0, in: part("always", nil)) }
        return .attempt(AttemptStep(steps: tried, rescue: rescue, always: always))
    }

    // MARK: repeat

    func rounds(_ fields: Fields, _ scope: NameScope, _ part: Part) -> Step.Kind? {
        guard let node = fields.value("repeat"), let inside = Fields(node, "`repeat`", reading) else { return nil }
        inside.refuseUnknown(KeyTable.rounds, "`repeat`")
        func needs(_ key: String, _ help: String) {
            guard !inside.has(key), !inside.node.isIncomplete else { return }
            reading.report(.missingKey, node, "`repeat` needs `\(key)`", help: help)
        }
        needs("every", "write the time from one round to the next, such as 20m")
        needs("at_most", "write the most rounds that there may be")
        needs("steps", "write the steps of a round")
        let calendar = CalendarKey(reading: reading).name(inside, of: "every")
        let every = inside.duration("every")
        let most = inside.count("at_most", 1...RoundsStep.maximumRounds)
        let round = inside.value("steps").map { steps.steps($0, in: part("steps", nil)) }
        var until: ExpressionText?
        if let node = inside.value("until") {
            var seeing = scope
            seeing.seesInside = true
            until = values.expression(node, key: "until", seeing)
        }
        guard let every, let most, let round else { return nil }
        return .rounds(RoundsStep(every: every, calendar: calendar, until: until, atMost: most, steps: round))
    }

    // MARK: wait

    func wait(_ key: String, _ fields: Fields, _ scope: NameScope) -> Step.Kind? {
        if key == "wait" {
            let calendar = CalendarKey(reading: reading).name(fields, of: "wait")
            return fields.duration("wait").map { .wait(WaitStep(.after($0), calendar: calendar)) }
        }
        return fields.value("wait_until")
            .flatMap { values.expression($0, key: "wait_until", scope, isCondition: false) }
            .map { .wait(WaitStep(.at($0))) }
    }
}
