import WorkflowModel
import YAML

/// Reads `ask` and `approve`: questions to people.
struct AskReader {
    let reading: PlaybookReading
    let steps: StepReader

    private var values: ValueReader { ValueReader(reading: reading) }

    /// The words for what follows, by key.
    enum Timeout: String, CaseIterable { case fail, approve, reject, `continue` }
    enum OtherEnd: String, CaseIterable { case fail, `continue` }
    /// What they mean, for people.
    static let meanings = [
        "fail": "the step fails", "approve": "as if somebody had approved", "reject": "as if somebody had rejected",
        "continue": "the run goes on behind the question",
    ]

    /// The question of a step; nil, with a report, when it cannot be asked.
    func ask(_ key: String, _ fields: Fields, _ scope: NameScope, _ part: BlockReader.Part) -> Step.Kind? {
        let isApproval = key == "approve"
        let number = scope.step ?? -1
        reading.steps.setKind(.ask(isApproval ? nil : []), of: number)
        guard let node = fields.value(key), let inside = Fields(node, "`\(key)`", reading) else { return nil }
        inside.refuseUnknown(isApproval ? KeyTable.approve : KeyTable.ask, "`\(key)`")
        let (whoKey, questionKey) = isApproval ? ("by", "prompt") : ("who", "question")
        let who = self.who(inside, whoKey, key, scope)
        let question = self.question(inside, questionKey, key, scope)
        var form: [InputField] = []
        if !isApproval {
            form = self.form(inside)
            // Later steps may use the fields, whatever else is wrong.
            reading.steps.setKind(.ask(form), of: number)
        }
        let quorum = inside.count("quorum", 1...AskStep.maximumQuorum) ?? 1
        let timeout = inside.duration("timeout") ?? AskStep.standardTimeout
        let calendar = CalendarKey(reading: reading).name(inside, of: "timeout")
        if calendar != nil, !inside.has("timeout"), let node = inside.value("calendar") {
            reading.report(
                .missingKey, node, "`calendar` counts the time of `timeout`, and there is none",
                help: "write how much open time there is to answer, such as `timeout: 8h`")
        }
        let remindEvery = self.remindEvery(inside, timeout)
        let onTimeout = reaction(inside, "on_timeout", part) {
            if isApproval { return inside.word("on_timeout", as: Timeout.self).map(Self.reaction) }
            return inside.word("on_timeout", as: OtherEnd.self).map(Self.reaction)
        }
        let onReject =
            isApproval
            ? reaction(inside, "on_reject", part) {
                inside.word("on_reject", as: OtherEnd.self).map(Self.reaction)
            } : .fail
        guard let who, let question else { return nil }
        if let node = inside.value(whoKey) {
            reading.questions.append(.init(who: node, quorum: inside.value("quorum"), count: quorum))
        }
        var ask = AskStep(
            isApproval: isApproval, who: who, question: question, fields: form, quorum: quorum,
            remindEvery: remindEvery, timeout: timeout, onTimeout: onTimeout, onReject: onReject)
        ask.calendar = calendar
        return .ask(ask)
    }

    private static func reaction(_ word: Timeout) -> AskStep.Reaction {
        switch word {
        case .fail: .fail
        case .approve: .approve
        case .reject: .reject
        case .continue: .goOn
        }
    }

    private static func reaction(_ word: OtherEnd) -> AskStep.Reaction { word == .fail ? .fail : .goOn }

    /// A word, or a list of steps.
    private func reaction(
        _ fields: Fields, _ key: String, _ part: BlockReader.Part, _ word: () -> AskStep.Reaction?
    ) -> AskStep.Reaction {
        guard let node = fields.value(key) else { return .fail }
        if node.items != nil { return .steps(steps.steps(node, in: part(key, nil))) }
        if node.entries != nil {
            reading.report(
                .wrongKind, node, "`\(key)` must be a word or a list of steps, is \(node.kindInWords)",
                help: "write a `-` before each step")
            return .fail
        }
        return word() ?? .fail
    }

    private func needs(_ fields: Fields, _ key: String, _ kind: String, _ help: String) {
        guard !fields.has(key), !fields.node.isIncomplete else { return }
        // `approve` and `ask` name the same things differently.
        let other = ["by": "who", "who": "by", "prompt": "question", "question": "prompt"][key] ?? ""
        guard !fields.has(other) else { return }
        reading.report(.missingKey, fields.node, "`\(kind)` needs `\(key)`", help: help)
    }

    private func who(_ fields: Fields, _ key: String, _ kind: String, _ scope: NameScope) -> ValueSource? {
        needs(fields, key, kind, "write who answers: a person's id, group:NAME, lead of TEAM, on-call of SCHEDULE, …")
        guard let node = fields.value(key) else { return nil }
        let items = node.items ?? [node]
        if node.items?.isEmpty == true { reading.report(.emptyList, node, "`\(key)` names nobody") }
        for item in items where item.scalar == nil || item.isNull || item.scalar?.resolved != .string {
            guard !item.isDamaged else { return nil }
            reading.report(
                .wrongKind, item, "`\(key)` must be a recipient or a list of them, is \(item.kindInWords)",
                help: "write for instance group:incident-managers")
            return nil
        }
        return values.source(node, scope)
    }

    private func question(_ fields: Fields, _ key: String, _ kind: String, _ scope: NameScope) -> ValueSource? {
        needs(fields, key, kind, "write what is asked, in one sentence")
        guard let node = fields.value(key) else { return nil }
        guard node.scalar != nil, !node.isNull, node.text?.isEmpty == false else {
            reading.report(.wrongKind, node, "`\(key)` must be a text, is \(node.kindInWords)")
            return nil
        }
        let source = values.source(node, scope)
        if case .literal(let value) = source, value.string == nil, let text = node.text {
            return .literal(.string(text))
        }
        return source
    }

    private func form(_ fields: Fields) -> [InputField] {
        guard let node = fields.value("fields"), !node.isNull, let list = Fields(node, "`fields`", reading) else {
            return []
        }
        let entries = list.node.entries ?? []
        if entries.isEmpty {
            reading.report(.emptyList, node, "`fields` has no fields", help: "leave it out to ask for a comment only")
        }
        if entries.count > AskStep.maximumFields {
            reading.report(.wrongValue, node, "a question has at most \(AskStep.maximumFields) fields")
        }
        for entry in entries {
            guard let name = entry.key.text, AskStep.resultNames.contains(name) else { continue }
            reading.report(
                .reservedName, entry.key, "`\(name)` is what every question gives and cannot be the name of a field",
                help: "write another one, such as the_\(name)")
        }
        return entries.compactMap(InputReader(reading: reading, noun: "field").input)
    }

    private func remindEvery(_ fields: Fields, _ timeout: Duration) -> Duration? {
        guard let every = fields.duration("remind_every"), let node = fields.value("remind_every") else { return nil }
        if every < AskStep.shortestReminder {
            reading.report(
                .wrongValue, node, "`remind_every` must be at least 1m", help: "people need time to read")
        } else if every >= timeout {
            reading.report(
                .wrongValue, node,
                "nobody is reminded: the question expires after \(DurationText.forPeople(timeout)) already",
                severity: .warning)
        }
        return every
    }
}
