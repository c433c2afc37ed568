public import Playbooks
public import WorkflowModel

/// Makes a chart of a playbook.
public struct FlowChartBuilder {
    /// A way that goes on somewhere.
    private struct Way {
        var from: String
        var label: String?
        var isFailure = false
        var isBack = false
    }

    private let workflow: Workflow
    private let actions: [String: ActionSignature]
    private let numbers: StepNumbers
    private var names: NameWords
    private var chart: FlowChart

    /// The chart of `workflow`; `actions` says what actions do, by full name.
    public static func chart(_ workflow: Workflow, actions: [String: ActionSignature] = [:]) -> FlowChart {
        var builder = FlowChartBuilder(workflow, actions)
        builder.build()
        return builder.chart
    }

    private init(_ workflow: Workflow, _ actions: [String: ActionSignature]) {
        self.workflow = workflow
        self.actions = actions
        numbers = StepNumbers(workflow)
        names = numbers.names
        chart = FlowChart(playbook: workflow.id, title: workflow.title)
    }

    private var conditions: ConditionWords { ConditionWords(names) }
    private var values: ValueWords { ValueWords(conditions: conditions) }

    private mutating func build() {
        let triggers = TriggerWords(conditions: conditions, values: values)
        var ways: [Way] = []
        for trigger in workflow.triggers {
            let words = triggers.statement(trigger)
            let lines = [words.text] + (words.lines.map { [$0.sentence] } ?? [])
            ways.append(Way(from: box(.start, lines)))
        }
        let last = block(workflow.steps, ways)
        if !last.isEmpty || chart.boxes.isEmpty { join(last, box(.end, ["the run ends well"])) }
        if !workflow.stopWhen.isEmpty {
            let early = box(.start, ["At any time: when " + English.list(workflow.stopWhen.map(triggers.ending), "or")])
            join([Way(from: early)], box(.end, ["the run ends early"]))
        }
        if let steps = workflow.onFailure {
            let failed = box(.start, ["If a step fails and nothing catches it"])
            let ways = block(steps, [Way(from: failed, isFailure: true)])
            join(ways, box(.failure, ["the run ends as failed"]))
        }
    }

    // MARK: Boxes and arrows

    private mutating func box(_ shape: FlowChart.Shape, _ lines: [String], _ step: Step? = nil) -> String {
        let id = "n\(chart.boxes.count + 1)"
        chart.boxes.append(FlowChart.Box(id: id, shape: shape, lines: lines.map(Self.short), path: step?.path.text))
        return id
    }

    private mutating func join(_ ways: [Way], _ box: String) {
        for way in ways {
            chart.arrows.append(
                FlowChart.Arrow(
                    from: way.from, to: box, label: way.label.map(Self.short), isFailure: way.isFailure,
                    isBack: way.isBack))
        }
    }

    /// The longest text of a line in a box.
    private static let longestLine = 160

    private static func short(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count <= longestLine ? line : line.prefix(longestLine - 1) + "…"
    }

    // MARK: Steps

    private mutating func block(_ steps: [Step], _ ways: [Way]) -> [Way] {
        var ways = ways
        for step in steps { ways = self.step(step, ways) }
        return ways
    }

    private mutating func step(_ step: Step, _ before: [Way]) -> [Way] {
        var ways = before
        var skipped: [Way] = []
        if let condition = step.condition {
            let question = box(.choice, ["\(numbers[step]) · \(conditions.lines(condition.text).sentence)?"], step)
            join(ways, question)
            ways = [Way(from: question, label: "yes")]
            skipped = [Way(from: question, label: "no")]
        }
        return kind(step, ways) + skipped
    }

    private mutating func kind(_ step: Step, _ ways: [Way]) -> [Way] {
        func titled(_ text: String) -> [String] {
            let number = "\(numbers[step]) · "
            guard let name = step.name else { return [number + text] }
            return [number + name, text]
        }
        func bare(_ text: String) -> String {
            text.hasSuffix(".") || text.hasSuffix(":") ? String(text.dropLast()) : text
        }
        let words = StepWords(
            numbers: numbers.byPath, names: names, actions: actions, subject: EventWords.subject(of: workflow)
        ).step(step)
        func single(_ shape: FlowChart.Shape, _ more: [String] = []) -> [Way] {
            let box = self.box(shape, titled(bare(words.text)) + more, step)
            join(ways, box)
            return [Way(from: box)]
        }
        switch step.kind {
        case .call(let call): return single(.step, [call.action] + recipients(call))
        case .set: return single(.step, words.details.map { "\($0.label ?? "") = \($0.text)" })
        case .wait: return single(.wait)
        case .listen: return single(.wait, words.details.map { bare($0.text) })
        case .sub: return single(.call)
        case .stop:
            _ = single(.end)
            return []
        case .fail:
            _ = single(.failure)
            return []
        case .branch(let branch):
            let question = box(.choice, titled(conditions.lines(branch.condition.text).sentence + "?"), step)
            join(ways, question)
            return block(branch.then, [Way(from: question, label: "yes")])
                + block(branch.else, [Way(from: question, label: "no")])
        case .choice(let choice):
            let question = box(.choice, titled(conditions.value(choice.value.text) + "?"), step)
            join(ways, question)
            var out: [Way] = []
            for one in choice.cases {
                out += block(one.steps, [Way(from: question, label: English.value(.list(one.values), "or"))])
            }
            return out + block(choice.otherwise, [Way(from: question, label: "anything else")])
        case .parallel(let parallel):
            let fork = box(.joint, titled(bare(words.text)), step)
            join(ways, fork)
            var out: [Way] = []
            for branch in parallel.branches { out += self.step(branch, [Way(from: fork)]) }
            guard !out.isEmpty else { return [] }
            let meet = box(.joint, ["\(numbers[step]) · all have ended"])
            join(out, meet)
            return [Way(from: meet)]
        case .forEach(let loop):
            let head = box(.loop, titled(bare(words.text)), step)
            join(ways, head)
            let outer = names
            names.loopVariables.insert(loop.variable)
            back(block(loop.steps, [Way(from: head, label: "each")]), head)
            names = outer
            return [Way(from: head, label: "when all are done")]
        case .rounds(let rounds):
            let head = box(.loop, titled(bare(words.text)), step)
            join(ways, head)
            back(block(rounds.steps, [Way(from: head, label: "again")]), head)
            return [Way(from: head, label: "when it is over")]
        case .attempt(let attempt): return self.attempt(attempt, ways, titled("try"), step)
        case .ask(let ask):
            let box = box(.ask, titled(bare(words.text)), step)
            join(ways, box)
            var out = [Way(from: box, label: ask.isApproval ? "approved" : "answered")]
            out += react(ask.onTimeout, "not in time", box)
            if ask.isApproval {
                out += react(ask.onReject, ask.onTimeout == .reject ? "rejected, or not in time" : "rejected", box)
            }
            return out
        }
    }

    /// To whom an action tells something.
    private func recipients(_ call: ActionCall) -> [String] {
        let named = call.with.filter { input in
            let schema = actions[call.action]?.input.property(input.name)
            return (schema?.format ?? schema?.items.first?.format) == "recipient"
        }
        return named.isEmpty ? [] : ["to " + English.list(named.flatMap { values.recipients($0.source) })]
    }

    private mutating func back(_ ways: [Way], _ head: String) {
        join(ways.map { Way(from: $0.from, label: $0.label, isFailure: $0.isFailure, isBack: true) }, head)
    }

    private mutating func attempt(_ attempt: AttemptStep, _ ways: [Way], _ lines: [String], _ step: Step) -> [Way] {
        let head = box(.joint, lines, step)
        join(ways, head)
        var out = block(attempt.steps, [Way(from: head)])
        if let rescue = attempt.rescue {
            out += block(rescue, [Way(from: head, label: "if that fails", isFailure: true)])
        }
        guard let always = attempt.always else { return out }
        let end = box(.joint, ["\(numbers[step]) · at the end, whatever happened"])
        join(out + (attempt.rescue == nil ? [Way(from: head, label: "if that fails", isFailure: true)] : []), end)
        return block(always, [Way(from: end)])
    }

    private mutating func react(_ reaction: AskStep.Reaction, _ label: String, _ box: String) -> [Way] {
        switch reaction {
        case .fail:
            join([Way(from: box, label: label, isFailure: true)], self.box(.failure, ["the step fails"]))
            return []
        case .approve, .goOn: return [Way(from: box, label: label)]
        case .reject: return []
        case .steps(let steps): return block(steps, [Way(from: box, label: label)])
        }
    }
}
