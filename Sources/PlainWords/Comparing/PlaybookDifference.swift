public import Playbooks
public import WorkflowModel

/// What differs in behaviour between two versions of a playbook, in words.
public struct PlaybookDifference: Sendable, Hashable {
    /// One difference.
    public struct Change: Sendable, Hashable {
        /// The kinds of differences.
        public enum Kind: String, Sendable, Hashable {
            case added, removed, moved, changed
        }

        /// What happened to it.
        public var kind: Kind
        /// Where: `When it starts`, `step “tell”`.
        public var place: String
        /// What is different about it.
        public var what: String
        /// How it was; nil when it was not there.
        public var before: String?
        /// How it is now; nil when it is not there any more.
        public var after: String?

        /// In one sentence.
        public var sentence: String {
            switch (before, after) {
            case (let before?, let after?): "\(place): \(what): was \(before); is now \(after)"
            case (let before?, nil): "\(place): \(what) no longer: \(before)"
            case (nil, let after?): "\(place): \(what) new: \(after)"
            case (nil, nil): "\(place): \(what)"
            }
        }
    }

    /// The differences in behaviour, in the order of the playbook.
    public private(set) var changes: [Change] = []
    /// Differences that change no behaviour: title, names of steps.
    public private(set) var remarks: [String] = []

    private let facets: StepFacets
    /// Steps that one of the two versions lacks, with the place of what was said about them.
    private var gone: [(step: Step, change: Int)] = []
    private var came: [(step: Step, change: Int)] = []

    /// Two versions are equal when their differences are; who computed them does not matter.
    public static func == (a: Self, b: Self) -> Bool { a.changes == b.changes && a.remarks == b.remarks }

    /// Hashes the differences.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(changes)
        hasher.combine(remarks)
    }

    /// What differs between `old` and `new`; `actions` says what actions take, by full name.
    public init(_ old: Workflow, _ new: Workflow, actions: [String: ActionSignature] = [:]) {
        facets = StepFacets(actions: actions)
        document(old, new)
        starts(old, new)
        compare("Before a run begins", gates(old), gates(new))
        compare(
            "When it ends early", Self.one("events", CanonicalText.options(old.stopWhen), ending(old)),
            Self.one("events", CanonicalText.options(new.stopWhen), ending(new)))
        compare("What it works with", named(old.vars, "variable"), named(new.vars, "variable"))
        if old.vars.map(\.name) != new.vars.map(\.name), Set(old.vars.map(\.name)) == Set(new.vars.map(\.name)) {
            changes.append(
                Change(kind: .moved, place: "What it works with", what: "the variables are worked out in another order")
            )
        }
        block(old.steps, new.steps, "")
        onFailure(old, new)
        pairMoved()
        compare("What a run gives back", named(old.outputs, "output"), named(new.outputs, "output"))
    }

    /// The differences as JSON: `changed`, `changes` (`kind`, `place`, `what`, `before`, `after`, `text`), `remarks`.
    public var json: Value {
        [
            "changed": .bool(!changes.isEmpty),
            "changes": .list(
                changes.map { change in
                    [
                        "kind": .string(change.kind.rawValue), "place": .string(change.place),
                        "what": .string(change.what),
                        "before": change.before.map(Value.string) ?? .null,
                        "after": change.after.map(Value.string) ?? .null,
                        "text": .string(change.sentence),
                    ]
                }), "remarks": .list(remarks.map(Value.string)),
        ]
    }

    // MARK: The playbook

    private var conditions: ConditionWords { ConditionWords() }
    private var values: ValueWords { ValueWords(conditions: conditions) }

    private mutating func document(_ old: Workflow, _ new: Workflow) {
        compare(
            "Playbook",
            [
                Facet(name: "id", canonical: old.id, words: old.id),
                Facet(name: "mode", canonical: old.mode.rawValue, words: PlaybookExplainer.mode(old.mode)),
                Facet(name: "owner", canonical: old.owner ?? "", words: old.owner),
            ],
            [
                Facet(name: "id", canonical: new.id, words: new.id),
                Facet(name: "mode", canonical: new.mode.rawValue, words: PlaybookExplainer.mode(new.mode)),
                Facet(name: "owner", canonical: new.owner ?? "", words: new.owner),
            ])
        if old.title != new.title { remarks.append("The title is another: “\(new.title ?? "")”.") }
    }

    private static func one(_ name: String, _ canonical: String, _ words: String?) -> [Facet] {
        words == nil ? [] : [Facet(name: name, canonical: canonical, words: words)]
    }

    private func ending(_ workflow: Workflow) -> String? {
        guard !workflow.stopWhen.isEmpty else { return nil }
        let triggers = TriggerWords(conditions: conditions, values: values)
        return workflow.stopWhen.map { "when \(triggers.ending($0))" }.joined(separator: "; ")
    }

    private func named(_ sources: [NamedSource], _ kind: String) -> [Facet] {
        sources.map {
            Facet(name: "\(kind) \($0.name)", canonical: CanonicalText.value($0.source), words: values.value($0.source))
        }
    }

    private func gates(_ workflow: Workflow) -> [Facet] {
        func words(_ change: (inout PlaybookGates) -> Void) -> String {
            var gates = PlaybookGates()
            change(&gates)
            return GateWords(conditions: conditions, subject: EventWords.subject(of: workflow)).sentences(gates)
                .joined()
        }
        var found: [Facet] = []
        let gates = workflow.gates
        if let rule = gates.repeats {
            found.append(
                Facet(
                    name: "repeats", canonical: "\(rule.kind) \(CanonicalText.expression(rule.key))",
                    words: words { $0.repeats = rule }))
        }
        if let rule = gates.throttle {
            found.append(
                Facet(
                    name: "throttle",
                    canonical: "\(CanonicalText.expression(rule.key)) \(rule.limit) \(rule.per) \(rule.over)",
                    words: words { $0.throttle = rule }))
        }
        if let rule = gates.concurrency {
            found.append(
                Facet(
                    name: "concurrency",
                    canonical: "\(CanonicalText.expression(rule.key)) \(rule.ifBusy) \(rule.limit)",
                    words: words { $0.concurrency = rule }))
        }
        if let setting = gates.breaker {
            found.append(Facet(name: "breaker", canonical: "\(setting)", words: words { $0.breaker = setting }))
        }
        return found
    }

    /// Compares what two versions say under the same names.
    private mutating func compare(_ place: String, _ old: [Facet], _ new: [Facet]) {
        for before in old where !new.contains(where: { $0.name == before.name }) {
            guard let words = before.words else { continue }
            changes.append(Change(kind: .removed, place: place, what: before.name, before: words))
        }
        for after in new {
            guard let before = old.first(where: { $0.name == after.name }) else {
                if let words = after.words {
                    changes.append(Change(kind: .added, place: place, what: after.name, after: words))
                }
                continue
            }
            guard before.canonical != after.canonical else { continue }
            let isSame = before.words == after.words
            // Words may be the same where the text is not.
            changes.append(
                Change(
                    kind: .changed, place: place, what: after.name,
                    before: isSame ? "`\(before.canonical)`" : before.words,
                    after: isSame ? "`\(after.canonical)`" : after.words))
        }
    }

    // MARK: What starts it

    private mutating func starts(_ old: Workflow, _ new: Workflow) {
        let place = "When it starts"
        var before = old.triggers
        var after: [Trigger] = []
        for trigger in new.triggers {
            if let same = before.firstIndex(where: { canonical($0) == canonical(trigger) }) {
                before.remove(at: same)
            } else {
                after.append(trigger)
            }
        }
        let words = TriggerWords(conditions: conditions, values: values)
        func text(_ trigger: Trigger) -> String {
            let statement = words.statement(trigger)
            return statement.text + (statement.lines.map { " \($0.sentence)" } ?? "")
        }
        for trigger in after {
            guard let match = before.firstIndex(where: { isAlike($0, trigger) }) else {
                changes.append(Change(kind: .added, place: place, what: "a trigger", after: text(trigger)))
                continue
            }
            let earlier = before.remove(at: match)
            if case .event(let one) = earlier, case .event(let other) = trigger, conditions(one, other, place) {
                continue
            }
            changes.append(
                Change(kind: .changed, place: place, what: "a trigger", before: text(earlier), after: text(trigger)))
        }
        for trigger in before {
            changes.append(Change(kind: .removed, place: place, what: "a trigger", before: text(trigger)))
        }
    }

    private func isAlike(_ a: Trigger, _ b: Trigger) -> Bool {
        switch (a, b) {
        case (.event(let a), .event(let b)): !Set(a.types).isDisjoint(with: b.types)
        case (.schedule, .schedule), (.manual, .manual): true
        default: false
        }
    }

    private func canonical(_ trigger: Trigger) -> String {
        switch trigger {
        case .event(let event):
            return
                "event \(event.types.sorted()) \(CanonicalText.condition(event.condition)) \(event.firing) \(event.includesOwn)"
        case .schedule(let schedule):
            return
                "schedule \(schedule.times) \(schedule.zone ?? "") \(schedule.catchUp) \(String(describing: schedule.overlap))"
        case .manual(let manual):
            return
                "manual \(manual.inputs.map { "\($0.name) \(JSONWriter.text(SchemaJSON.value($0.schema))) \($0.isRequired)" })"
        }
    }

    /// Says which lines of a condition came and went, when nothing else differs and both must hold wholly; false when it is not so.
    private mutating func conditions(_ old: EventTrigger, _ new: EventTrigger, _ place: String) -> Bool {
        guard old.types.sorted() == new.types.sorted(), old.firing == new.firing, old.includesOwn == new.includesOwn
        else {
            return false
        }
        let event = "when \(EventWords.phrase(new.types))"
        let (before, after) = (parts(old.condition), parts(new.condition))
        let gone = before.filter { !after.contains($0) }
        let came = after.filter { !before.contains($0) }
        if gone.isEmpty, came.isEmpty { return false }
        if gone.count == 1, came.count == 1 {
            changes.append(Change(kind: .changed, place: place, what: event, before: gone[0], after: came[0]))
            return true
        }
        for part in gone {
            changes.append(Change(kind: .removed, place: place, what: "\(event), it must hold", before: part))
        }
        for part in came {
            changes.append(Change(kind: .added, place: place, what: "\(event), it must also hold", after: part))
        }
        return true
    }

    private func parts(_ condition: Condition?) -> [String] {
        guard let condition else { return [] }
        let lines = conditions.lines(condition)
        if case .all(let parts) = lines { return parts.map(\.sentence) }
        return [lines.sentence]
    }

    // MARK: Steps

    private mutating func onFailure(_ old: Workflow, _ new: Workflow) {
        let place = "If something fails"
        switch (old.onFailure, new.onFailure) {
        case (nil, nil): break
        case (nil, let steps?):
            changes.append(
                Change(
                    kind: .added, place: place, what: "steps of its own", after: English.list(steps.map(facets.label))))
        case (let steps?, nil):
            changes.append(
                Change(
                    kind: .removed, place: place, what: "steps of its own",
                    before: English.list(steps.map(facets.label))))
        case (let before?, let after?): block(before, after, "on failure, ")
        }
    }

    private mutating func block(_ old: [Step], _ new: [Step], _ prefix: String) {
        let canonical = (old: old.map(facets.canonical), new: new.map(facets.canonical))
        var match = [Int?](repeating: nil, count: new.count)
        var isTaken = [Bool](repeating: false, count: old.count)
        func pair(_ fits: (Int, Int) -> Bool) {
            for index in new.indices where match[index] == nil {
                if let found = old.indices.first(where: { !isTaken[$0] && fits($0, index) }) {
                    match[index] = found
                    isTaken[found] = true
                }
            }
        }
        pair { old[$0].id != nil && old[$0].id == new[$1].id }
        pair { canonical.old[$0] == canonical.new[$1] }
        pair { old[$0].name != nil && old[$0].name == new[$1].name && facets.sort(old[$0]) == facets.sort(new[$1]) }
        pair { (old[$0].id == nil || new[$1].id == nil) && facets.sort(old[$0]) == facets.sort(new[$1]) }
        for index in old.indices where !isTaken[index] {
            gone.append((old[index], changes.count))
            changes.append(Change(kind: .removed, place: prefix + "step \(facets.label(old[index]))", what: "is gone"))
        }
        // Steps that keep their order among each other have not moved.
        let stays = Self.longestRun(match.compactMap(\.self))
        for (index, step) in new.enumerated() {
            let place = prefix + "step \(facets.label(step))"
            guard let found = match[index] else {
                came.append((step, changes.count))
                let where_ = index == 0 ? "at the beginning" : "behind \(facets.label(new[index - 1]))"
                changes.append(Change(kind: .added, place: place, what: "is new, \(where_)", after: words(step)))
                continue
            }
            if !stays.contains(found) {
                let where_ = index == 0 ? "to the beginning" : "behind \(facets.label(new[index - 1]))"
                changes.append(Change(kind: .moved, place: place, what: "has moved \(where_)"))
            }
            if canonical.old[found] != canonical.new[index] { change(old[found], step, place, prefix) }
            if old[found].name != step.name { remarks.append("\(English.sentence(place)) is called another name.") }
        }
    }

    private func words(_ step: Step) -> String {
        let said = facets.facets(step).compactMap { facet in
            facet.words.map { "\(facet.name) \($0)" }
        }
        return said.joined(separator: "; ")
    }

    private mutating func change(_ old: Step, _ new: Step, _ place: String, _ prefix: String) {
        if facets.sort(old) != facets.sort(new) {
            changes.append(
                Change(
                    kind: .changed, place: place, what: "does something else",
                    before: "\(facets.kind(old)): \(words(old))", after: "\(facets.kind(new)): \(words(new))"))
            return
        }
        if old.id != new.id {
            changes.append(
                Change(kind: .changed, place: place, what: "id", before: old.id ?? "none", after: new.id ?? "none"))
        }
        compare(place, facets.facets(old), facets.facets(new))
        let (before, after) = (old.blocks, new.blocks)
        let names = facets.blockNames(new)
        for index in 0..<max(before.count, after.count) {
            let name = index < names.count ? names[index] : ""
            block(
                index < before.count ? before[index] : [], index < after.count ? after[index] : [],
                "\(prefix)in \(facets.label(new))\(name.isEmpty ? "" : ", \(name)"), ")
        }
    }

    /// A step that is gone here and new there has moved.
    private mutating func pairMoved() {
        var superfluous: Set<Int> = []
        for (step, change) in came {
            guard
                let match = gone.firstIndex(where: {
                    $0.step.id != nil
                        ? $0.step.id == step.id : step.id == nil && facets.canonical($0.step) == facets.canonical(step)
                })
            else { continue }
            let earlier = gone.remove(at: match)
            superfluous.insert(earlier.change)
            let isSame = facets.canonical(earlier.step) == facets.canonical(step)
            changes[change] = Change(
                kind: .moved, place: changes[change].place,
                what: changes[change].what.replacing("is new, ", with: "has moved ")
                    + (isSame ? "" : ", and is another"),
                before: isSame ? nil : words(earlier.step), after: isSame ? nil : words(step))
        }
        changes = changes.indices.filter { !superfluous.contains($0) }.map { changes[$0] }
    }

    /// The numbers of the longest rising run in `numbers`, in any distance.
    static func longestRun(_ numbers: [Int]) -> Set<Int> {
        guard numbers.count <= 2000 else { return Set(numbers) }
        var best = [Int](repeating: 1, count: numbers.count)
        var before = [Int?](repeating: nil, count: numbers.count)
        for i in numbers.indices {
            for j in 0..<i where numbers[j] < numbers[i] && best[j] + 1 > best[i] {
                best[i] = best[j] + 1
                before[i] = j
            }
        }
        var kept: Set<Int> = []
        var at = numbers.indices.max { best[$0] < best[$1] }
        while let index = at {
            kept.insert(numbers[index])
            at = before[index]
        }
        return kept
    }
}

extension StepFacets {
    /// What the blocks of a step are called, in the order of its blocks.
    func blockNames(_ step: Step) -> [String] {
        switch step.kind {
        case .branch: ["if so", "otherwise"]
        case .choice(let choice):
            choice.cases.map { "if \(English.value(.list($0.values), "or"))" } + ["otherwise"]
        case .attempt: ["try", "if that fails", "at the end"]
        case .ask: ["not in time", "rejected"]
        default: [""]
        }
    }
}
