import Expressions
import WorkflowModel
import YAML
import Shapes

/// Reads lists of steps, and what nests in them.
struct StepReader {
    let reading: PlaybookReading
    /// Whether the steps belong to `on_failure`.
    let isOnFailure: Bool

    private var values: ValueReader { ValueReader(reading: reading) }

    /// Where a list of steps stands.
    struct Block {
        /// The step around it in the step table; -1 at the top.
        var parent: Int
        /// `steps`, `then`, `else`, `parallel`, `try`, …, `on_failure`.
        var name: String
        /// The path of its step number `index`.
        var path: (Int) -> StepPath
        var loops: [NameScope.LoopVariable]
        var isRescue = false
        /// What has been asked before the block is reached.
        var assumptions: [NameScope.Assumption] = []
    }

    /// The steps of a list; a report when it is none, or empty.
    func steps(_ node: YAMLNode, in block: Block) -> [Step] {
        guard !node.isDamaged else { return [] }
        guard let items = node.items else {
            // `-uses: x` below it has no space after its dash, and was reported for that.
            if node.isNull, reading.hasStrayStepKeys { return [] }
            let help = node.entries == nil ? nil : "write a `-` before each step"
            reading.report(
                .wrongKind, node, "`\(block.name)` must be a list of steps, is \(node.kindInWords)", help: help)
            return []
        }
        if items.isEmpty {
            reading.report(.emptyList, node, "`\(block.name)` has no steps", help: "write a step below it: `- uses: …`")
        }
        var steps: [Step] = []
        var isOver = false
        var block = block
        for (index, item) in items.enumerated() {
            if isOver, block.name != "parallel" {
                reading.report(
                    .unreachableStep, item, "this step never runs: the one before it always ends the run",
                    severity: .warning)
                isOver = false
            }
            let number = reading.steps.entries.count
            guard let step = step(item, index: index, in: block) else { continue }
            steps.append(step)
            if block.name != "parallel", let site = reading.steps.entries[number].condition, let holds = step.endsRun {
                // Whoever comes past it knows that its condition did not hold.
                block.assumptions.append(.init(site: site, holds: !holds))
            }
            switch step.kind {
            case .stop where step.condition == nil, .fail where step.condition == nil: isOver = true
            default: break
            }
        }
        return steps
    }

    private func step(_ node: YAMLNode, index: Int, in block: Block) -> Step? {
        let number = reading.steps.add(
            .init(id: nil, kind: .unknown, parent: block.parent, block: block.name, index: index))
        reading.stepNodes.append(node)
        guard let fields = Fields(node, "a step", reading) else { return nil }
        let path = block.path(index)
        let id = stepID(fields, number)
        var scope = NameScope(part: .step, step: number, isOnFailure: isOnFailure, loops: block.loops)
        scope.isRescue = block.isRescue
        scope.assumptions = block.assumptions
        guard let kind = kindKey(fields, number) else {
            if reading.isForEditor { _ = fields.value("if").flatMap { values.expression($0, key: "if", scope) } }
            return nil
        }
        let known = KeyTable.anyStep + [kind.key] + kind.beside
        refuseOthers(fields, known, kind.key)
        let name = fields.text("name")
        let condition = fields.value("if").flatMap { values.expression($0, key: "if", scope) }
        if condition != nil {
            let site = reading.sites.count - 1
            reading.steps.setCondition(site, of: number)
            scope.assumptions.append(.init(site: site, holds: true))
        }
        guard let value = self.kind(kind.key, fields, scope, path, condition) else { return nil }
        let isBranch = kind.key == "then"
        return Step(
            id: id, path: path, name: name, condition: isBranch ? nil : condition, kind: value,
            place: reading.place(node))
    }

    private func stepID(_ fields: Fields, _ number: Int) -> String? {
        guard let node = fields.value("id") else { return nil }
        guard let scalar = node.scalar, NameRules.isStepID(scalar.text), scalar.resolved == .string else {
            if let text = node.text, NameRules.reservedWords.contains(text) {
                reading.report(
                    .wrongValue, node, "`\(text)` is a word of the expression language and cannot be an id",
                    help: "write another one, such as \(text)_step")
                _ = reading.steps.name(number, text)
                return nil
            }
            let made = node.text.flatMap(NameRules.stepID)
            reading.report(
                .wrongValue, node, "a step's id is made of lower-case letters, digits and `_`",
                help: made.map { "write \($0)" } ?? NameRules.nameHelp)
            // References to it are understood all the same, so that one mistake is reported once.
            if let text = node.text { _ = reading.steps.name(number, text) }
            return nil
        }
        guard reading.steps.name(number, scalar.text) else {
            reading.report(
                .repeatedStepID, node, "another step has the id `\(scalar.text)` already",
                help: "ids are unique in the whole file")
            return nil
        }
        return scalar.text
    }

    /// The key that says what the step does; nil, with a report, when there is none or more than one.
    private func kindKey(_ fields: Fields, _ number: Int) -> (key: String, beside: [String])? {
        let found = KeyTable.stepKinds.filter { fields.has($0.key) }
        if found.count > 1 {
            let names = found.map { "`\($0.key)`" }.joined(separator: " and ")
            let second = fields.node.entry(found[1].key)?.key ?? fields.node
            reading.report(
                .unclearStep, second, "a step does one thing: \(names) cannot stand together",
                help: Self.apart(Set(found.map(\.key))))
            return nil
        }
        if let only = found.first { return only }
        guard !fields.node.isIncomplete else { return nil }
        fields.refuseUnknown(KeyTable.allOfSteps, "a step")
        let message: String
        var help: String? =
            "write `uses: PLUGIN.ACTION`, or one of if/then, switch, parallel, for_each, repeat, wait, wait_until, wait_for, ask, approve, try, set, stop, fail"
        if fields.has("if") || fields.has("else") {
            message = "`if` needs `then`, or an action beside it"
            help = "write `then:` with a list of steps, or `uses:`"
        } else if fields.has("steps") {
            message = "`steps` belongs to `for_each`, which is missing"
            help = "write `for_each: LIST` beside it"
        } else if let (key, owner) = KeyTable.parts.first(where: { fields.has($0.key) }) {
            message = "`\(key)` belongs to `\(owner)`, which is missing"
            help = "write `\(owner):` above it"
        } else {
            message = "the step does not say what to do"
        }
        let isMisspelt = (fields.node.entries ?? []).contains { entry in
            let key = entry.key.text ?? ""
            return !KeyTable.allOfSteps.contains(key)
        }
        // An unknown key is most probably the misspelt kind: one report is enough.
        if !isMisspelt { reading.report(.unclearStep, fields.node, message, help: help) }
        return nil
    }

    /// What to write instead of a step that does several things.
    private static func apart(_ kinds: Set<String>) -> String {
        guard
            let list = ["for_each": "steps", "then": "then", "parallel": "parallel"].first(where: {
                kinds.contains($0.key) && (kinds.contains("uses") || $0.key == "for_each")
            })?.value
        else { return "make two steps of it" }
        return list == "steps"
            ? "write what is done for each element below `steps:`, each step with `- `"
            : "write the action as a step of its own below `\(list):`, with `- `"
    }

    private func refuseOthers(_ fields: Fields, _ known: [String], _ kind: String) {
        for entry in fields.node.entries ?? [] {
            guard let key = entry.key.text, !known.contains(key) else { continue }
            if KeyTable.allOfSteps.contains(key) {
                reading.report(
                    .misplacedKey, entry.key, "`\(key)` has no meaning beside `\(kind)`",
                    help: "remove it, or write it beside a step that it belongs to")
            } else {
                fields.refuse(entry.key, known, "a step with `\(kind)`")
            }
        }
    }

    private func kind(
        _ key: String, _ fields: Fields, _ scope: NameScope, _ path: StepPath, _ condition: ExpressionText?
    ) -> Step.Kind? {
        let number = scope.step ?? -1
        func block(_ name: String, _ loops: [NameScope.LoopVariable]? = nil) -> Block {
            Block(
                parent: number, name: name, path: { path.child(name, $0) }, loops: loops ?? scope.loops,
                isRescue: scope.isRescue, assumptions: scope.assumptions)
        }
        switch key {
        case "uses": break
        case "for_each": reading.steps.setKind(.loop, of: number)
        case "repeat": reading.steps.setKind(.rounds, of: number)
        case "try": reading.steps.setKind(.attempt, of: number)
        case "wait_for": reading.steps.setKind(.listen, of: number)
        case "ask", "approve": break
        case "call": reading.steps.setKind(.unknown, of: number)
        default: reading.steps.setKind(.other, of: number)
        }
        let blocks = BlockReader(reading: reading, steps: self)
        switch key {
        case "uses": return CallReader(reading: reading).call(fields, scope).map(Step.Kind.call)
        case "then":
            if !fields.has("if"), !fields.node.isIncomplete {
                reading.report(.missingKey, fields.node, "`then` needs `if`", help: "write `if: CONDITION` above it")
            }
            let then = fields.value("then").map { steps($0, in: block("then")) } ?? []
            var other = block("else")
            if condition != nil, let last = other.assumptions.indices.last { other.assumptions[last].holds = false }
            let otherwise = fields.value("else").map { steps($0, in: other) } ?? []
            return condition.map { .branch(BranchStep(condition: $0, then: then, else: otherwise)) }
        case "parallel":
            guard let list = fields.value("parallel") else { return nil }
            let branches = steps(list, in: block("parallel"))
            return .parallel(ParallelStep(branches: branches, failsFast: fields.flag("fail_fast") ?? false))
        case "for_each": return loop(fields, scope) { block("steps", $0) }
        case "switch": return blocks.choice(fields, scope, block)
        case "try": return blocks.attempt(fields, block)
        case "repeat": return blocks.rounds(fields, scope, block)
        case "wait_for": return ListenReader(reading: reading).listen(fields, scope)
        case "ask", "approve": return AskReader(reading: reading, steps: self).ask(key, fields, scope, block)
        case "call": return SubRunReader(reading: reading).call(fields, scope).map(Step.Kind.sub)
        case "wait", "wait_until": return blocks.wait(key, fields, scope)
        case "set":
            guard let node = fields.value("set") else { return nil }
            if node.isNull || node.entries?.isEmpty == true, !node.isIncomplete {
                reading.report(.emptyList, node, "`set` assigns nothing", help: "write { NAME: VALUE }")
            }
            let sources = values.named(node, "`set`", scope)
            for entry in node.entries ?? [] {
                reading.checkVariableName(entry.key)
                reading.assignments.append(.init(name: entry.key.text ?? "", value: entry.value, step: scope.step))
            }
            reading.variables += sources.map(\.name)
            return .set(sources)
        case "stop":
            guard let node = fields.value("stop") else { return nil }
            if node.isNull { return .stop(nil) }
            return ending(node, "stop", scope).map { .stop($0) }
        default:
            guard let node = fields.value("fail") else { return nil }
            if node.isNull {
                reading.report(.missingKey, node, "`fail` needs a message", help: "write why the run fails")
                return nil
            }
            return ending(node, "fail", scope).map { .fail($0) }
        }
    }

    private func loop(
        _ fields: Fields, _ scope: NameScope, _ block: ([NameScope.LoopVariable]) -> Block
    ) -> Step.Kind? {
        let count = reading.sites.count
        let list = fields.value("for_each").flatMap {
            values.expression($0, key: "for_each", scope, isCondition: false)
        }
        let site = reading.sites.count > count ? reading.sites.count - 1 : nil
        var variable = "item"
        if let node = fields.value("as") {
            if let text = node.text, NameRules.isName(text), !NameRules.languageNames.contains(text) {
                variable = text
                if scope.loops.contains(where: { $0.name == text }) {
                    reading.report(
                        .reservedName, node, "the loop around this one uses the name `\(text)` already",
                        help: "write another name after `as:`")
                }
            } else {
                let taken = node.text.map(NameRules.languageNames.contains) ?? false
                reading.report(
                    taken ? .reservedName : .wrongValue, node,
                    taken
                        ? "`\(node.text ?? "")` is a name of the playbook language"
                        : "`as` must be a name for the element",
                    help: "write a name such as item")
            }
        }
        let width = fields.count("max_parallel", 1...LoopStep.maximumParallel) ?? 1
        guard let node = fields.value("steps") else {
            if !fields.has("steps"), !fields.node.isIncomplete {
                reading.report(
                    .missingKey, fields.node, "`for_each` needs `steps`", help: "write the steps of the loop")
            }
            return nil
        }
        let inner = scope.loops + [NameScope.LoopVariable(name: variable, site: site)]
        let steps = steps(node, in: block(inner))
        return list.map { .forEach(LoopStep(list: $0, variable: variable, steps: steps, maxParallel: width)) }
    }

    private func ending(_ node: YAMLNode, _ key: String, _ scope: NameScope) -> ValueSource? {
        guard node.scalar != nil else {
            reading.report(.wrongKind, node, "`\(key)` must be a text, is \(node.kindInWords)")
            return nil
        }
        let source = values.source(node, scope)
        // A number or true/false as a message is shown as it was written.
        if case .literal(let value) = source, value.string == nil, let text = node.text {
            return .literal(.string(text))
        }
        return source
    }
}

extension Step {
    /// Whether the run ends here when the step's condition holds (true), or when it does not (false); nil when it may go on.
    fileprivate var endsRun: Bool? {
        switch kind {
        case .stop, .fail: condition == nil ? nil : true
        case .branch(let branch):
            branch.then.last.map(\.isEnd) == true ? true : branch.else.last.map(\.isEnd) == true ? false : nil
        default: nil
        }
    }

    private var isEnd: Bool {
        switch kind {
        case .stop, .fail: condition == nil
        default: false
        }
    }
}
