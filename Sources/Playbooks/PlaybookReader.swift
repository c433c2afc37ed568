public import WorkflowModel
public import YAML

/// Reads a playbook's file: its workflow, and all its mistakes in one go.
public enum PlaybookReader {
    /// What was read: the workflow when the file has no errors, and everything there is to say about the file, by place.
    public typealias Result = (workflow: Workflow?, diagnostics: [Diagnostic])

    /// Parses and checks a file.
    ///
    /// Warnings do not keep the workflow back. With ``CheckEnvironment/structureOnly`` names of the workspace are not checked.
    public static func read(_ source: SourceFile, in environment: CheckEnvironment) -> Result {
        let parsed = YAMLParser.parse(source)
        return read(parsed.root, parsed.diagnostics, source, in: environment)
    }

    /// Checks a file that is parsed already, with what its parser reported.
    public static func read(
        _ root: YAMLNode?, _ parserDiagnostics: [Diagnostic] = [], _ source: SourceFile,
        in environment: CheckEnvironment
    ) -> Result {
        let found = inspect(root, parserDiagnostics, source, in: environment)
        return (found.workflow, Diagnostics.sortedAndCapped(found.settled(isWhole: false).kept))
    }

    /// Checks a file and keeps what those must know who look at several: nothing is sorted, capped or allowed yet.
    public static func inspect(
        _ root: YAMLNode?, _ parserDiagnostics: [Diagnostic] = [], _ source: SourceFile,
        in environment: CheckEnvironment
    ) -> PlaybookInspection {
        let reading = PlaybookReading(source, environment)
        reading.take(parserDiagnostics)
        var workflow: Workflow?
        var traits: PlaybookTraits?
        if let root, let fields = Fields(root, "a playbook", reading) {
            workflow = DocumentReader(reading: reading).workflow(fields)
            let names = NameTable(reading)
            TypeCheck(reading, names).run()
            InputCheck(reading, names).run()
            QuestionCheck(reading).run()
            EventTypeCheck(reading: reading).run()
            UnmarkedNames(reading, names).run()
            if environment.givesAdvice, !reading.hasErrors, let workflow {
                let advice = PlaybookAdvice(reading, names, root, workflow)
                advice.run()
                traits = PlaybookTraits(advice)
            }
        }
        var allowances: Allowances?
        if environment.givesAdvice {
            let read = Allowances(source, root) { Allowances.ownCodes.union(environment.otherCodes) }
            reading.take(read.diagnostics)
            if !read.isEmpty { allowances = read }
        }
        return PlaybookInspection(
            workflow: reading.hasErrors ? nil : workflow, diagnostics: reading.diagnostics, allowances: allowances,
            traits: traits)
    }
}

/// What is found in one playbook's file, for those who look at several.
public struct PlaybookInspection: Sendable {
    /// The workflow when the file has no errors.
    public var workflow: Workflow?
    /// Everything there is to say about the file, in no order.
    public var diagnostics: [Diagnostic]
    /// The comments that allow warnings; nil when there are none.
    public var allowances: Allowances?
    /// What it does to the world and with the workspace's parts; nil when advice was not asked for or the file has errors.
    public var traits: PlaybookTraits?

    /// What is said, and what is allowed.
    ///
    /// - Parameter isWhole: whether ``diagnostics`` also has what looking at the whole workspace gives.
    public func settled(isWhole: Bool) -> (kept: [Diagnostic], allowed: [AllowedWarning]) {
        guard let allowances else { return (diagnostics, []) }
        return allowances.settle(diagnostics) { code in
            isWhole || (Allowances.ownCodes.contains(code) && !code.hasPrefix("SB195"))
        }
    }
}

/// Reads the top level of a playbook.
struct DocumentReader {
    let reading: PlaybookReading

    /// The workflow, as far as it can be read.
    func workflow(_ fields: Fields) -> Workflow? {
        fields.refuseUnknown(KeyTable.playbook, "a playbook")
        let id = playbookID(fields)
        reading.id = id
        let title = fields.text("title")
        _ = fields.text("description")
        let owner = owner(fields)
        let mode = mode(fields)
        let triggers = triggers(fields)
        if reading.triggerTypes.count != 1 { reading.given = [] }
        let gates = GateReader(reading: reading).gates(fields)
        let timeout = fields.duration("timeout")
        let vars = variables(fields)
        let stopWhen = fields.value("stop_when").map { StopReader(reading: reading).options($0, triggers) } ?? []
        var steps: [Step] = []
        if let node = fields.value("steps") {
            steps = block(node, "steps", isOnFailure: false)
        } else if !fields.has("steps"), !fields.node.isIncomplete {
            reading.report(.missingKey, start(fields), "`steps` is missing", help: "write what the playbook does")
        }
        let onFailure = fields.value("on_failure").map { block($0, "on_failure", isOnFailure: true) }
        let outputs =
            fields.value("outputs").map {
                ValueReader(reading: reading).named($0, "`outputs`", NameScope(part: .outputs))
            } ?? []
        guard let id else { return nil }
        var workflow = Workflow(
            id: id, title: title, owner: owner, mode: mode, file: reading.source.path, triggers: triggers,
            stopWhen: stopWhen, vars: vars, steps: steps, onFailure: onFailure, outputs: outputs)
        workflow.gates = gates
        workflow.timeout = timeout
        return workflow
    }

    /// The first key: where a report about the file as a whole stands.
    private func start(_ fields: Fields) -> YAMLNode { fields.node.entries?.first?.key ?? fields.node }

    private func playbookID(_ fields: Fields) -> String? {
        guard let node = fields.value("playbook") else {
            if !fields.has("playbook"), !fields.node.isIncomplete {
                reading.report(
                    .missingKey, start(fields), "`playbook` is missing: the id of the playbook",
                    help: "begin the file with `playbook: a-name`")
            }
            return nil
        }
        guard let text = node.text, node.scalar?.resolved == .string, NameRules.isPlaybookID(text) else {
            let made = node.text?.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            let id = made.map { String($0) }.flatMap { NameRules.isPlaybookID($0) ? $0 : nil }
            reading.report(
                .wrongValue, node, "the id of a playbook is made of lower-case letters, digits and `-`",
                help: id.map { "write \($0)" })
            return nil
        }
        return text
    }

    private func owner(_ fields: Fields) -> String? {
        guard let owner = fields.text("owner"), !owner.isEmpty else {
            if !fields.node.isIncomplete, fields.node.entry("owner")?.value.isDamaged != true {
                reading.report(
                    .missingOwner, start(fields), "the playbook has no `owner`: nobody is told when it fails",
                    help: "write `owner:` with a person, a team or an address", severity: .warning)
            }
            return nil
        }
        if let directory = reading.environment.directory, !reading.environment.people.contains(owner),
            let node = fields.value("owner")
        {
            let recipient = Recipient(owner)
            if directory.team(owner) == nil, let problem = recipient.unknown(in: directory) {
                reading.report(.unknownOwner, node, "`owner`: \(problem)", severity: .warning)
            }
        }
        return owner
    }

    private func mode(_ fields: Fields) -> Workflow.Mode {
        if fields.has("mode") { return fields.word("mode", as: Workflow.Mode.self) ?? .shadow }
        if !fields.node.isIncomplete {
            reading.report(
                .missingMode, start(fields), "the playbook has no `mode`, so it is a shadow: it sends nothing",
                help: "write `mode: shadow` if that is meant, or `mode: active`", severity: .warning)
        }
        return .shadow
    }

    private func triggers(_ fields: Fields) -> [Trigger] {
        if let node = fields.value("trigger") { return TriggerReader(reading: reading).triggers(node) }
        if !fields.has("trigger"), !fields.node.isIncomplete {
            reading.report(
                .missingKey, start(fields), "`trigger` is missing: nothing starts the playbook",
                help: "write `trigger: { event: ticket.created }`, `{ schedule: { cron: … } }` or `{ manual: {} }`")
        }
        return []
    }

    private func variables(_ fields: Fields) -> [NamedSource] {
        guard let node = fields.value("vars"), !node.isNull, let vars = Fields(node, "`vars`", reading) else {
            return []
        }
        var sources: [NamedSource] = []
        for entry in vars.node.entries ?? [] {
            let name = entry.key.text ?? ""
            reading.checkVariableName(entry.key)
            var scope = NameScope(part: .vars(sources.count))
            scope.assumptions = reading.given
            reading.assignments.append(.init(name: name, value: entry.value))
            sources.append(
                NamedSource(
                    name, ValueReader(reading: reading).source(entry.value, scope), at: reading.place(entry.key)))
        }
        reading.variables = sources.map(\.name)
        reading.declaredVariables = sources.count
        return sources
    }

    /// The steps of `steps` or `on_failure`.
    func block(_ node: YAMLNode, _ name: String, isOnFailure: Bool) -> [Step] {
        StepReader(reading: reading, isOnFailure: isOnFailure).steps(
            node,
            in: .init(
                parent: -1, name: name, path: { StepPath("\(name)[\($0)]") }, loops: [],
                assumptions: reading.given))
    }
}

extension PlaybookReading {
    /// Reports a variable's name that expressions could not use.
    func checkVariableName(_ key: YAMLNode) {
        guard let name = key.text, !NameRules.isName(name) else { return }
        guard !NameRules.reservedWords.contains(name) else {
            report(
                .wrongValue, key, "`\(name)` is a word of the expression language and cannot be a variable's name",
                help: "write another one")
            return
        }
        report(
            .wrongValue, key, "a variable's name is made of letters, digits and `_`",
            help: NameRules.stepID(from: name).map { "write \($0)" } ?? NameRules.nameHelp)
    }
}
