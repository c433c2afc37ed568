/// Prints an explanation, as plain text or as Markdown.
public struct ExplanationText {
    /// The form.
    public enum Form: Sendable {
        /// For a terminal or a mail, wrapped.
        case plain
        /// For a page.
        case markdown
    }

    private let form: Form
    private let width: Int
    private var lines: [String] = []

    /// A printer; plain text is wrapped to `width` characters.
    public init(_ form: Form, width: Int = 100) {
        self.form = form
        self.width = max(40, width)
    }

    /// The text of `explanation`, ending in a line break.
    public static func text(_ explanation: PlaybookExplanation, _ form: Form, width: Int = 100) -> String {
        var printer = ExplanationText(form, width: width)
        printer.print(explanation)
        return printer.lines.joined(separator: "\n") + "\n"
    }

    private mutating func print(_ explanation: PlaybookExplanation) {
        let title = explanation.title ?? explanation.playbook
        lines.append(form == .markdown ? "# \(escaped(title))" : title)
        lines.append("")
        item("Playbook \(explanation.playbook), \(explanation.mode).", at: 0)
        item(explanation.owner.map { "\($0) answers for it." } ?? "Nobody is named who answers for it.", at: 0)
        heading("When it starts")
        if explanation.starts.isEmpty { item("Nothing starts it.", at: 0) }
        for start in explanation.starts {
            item(start.text, at: 0)
            if let condition = start.lines { self.condition(condition, at: 1) }
        }
        for gate in explanation.gates { item(gate, at: 0) }
        if !explanation.ends.isEmpty {
            heading("When it ends early")
            for end in explanation.ends { item("When \(end).", at: 0) }
        }
        details("What it works with", explanation.variables)
        heading("What it does")
        for step in explanation.steps { self.step(step, at: 0) }
        heading("If something fails")
        for text in explanation.failure { item(text, at: 0) }
        for step in explanation.onFailure { self.step(step, at: 0) }
        details("What a run gives back", explanation.outputs)
        abilities(explanation.abilities)
        if !explanation.remarks.isEmpty {
            heading("Remarks")
            for remark in explanation.remarks { item(remark, at: 0) }
        }
    }

    private mutating func heading(_ text: String) {
        lines.append("")
        lines.append(form == .markdown ? "## \(text)" : text)
        lines.append("")
    }

    private mutating func details(_ title: String, _ details: [PlaybookExplanation.Detail]) {
        guard !details.isEmpty else { return }
        heading(title)
        for detail in details { self.detail(detail, at: 0) }
    }

    private mutating func abilities(_ abilities: [PlaybookExplanation.Ability]) {
        heading("What this playbook can change")
        guard !abilities.isEmpty else { return item("Nothing: it only looks and computes.", at: 0) }
        for group in [true, false] {
            let inside = abilities.filter { $0.isOutside == group }
            if inside.isEmpty { continue }
            item(group ? "Outside:" : "What Signalbox itself keeps:", at: 0)
            for ability in inside {
                let what = ability.targets.isEmpty ? "" : " – \(ability.targets.joined(separator: "; "))"
                let steps = ability.steps.count == 1 ? "step" : "steps"
                let summary = ability.summary.isEmpty ? "" : " (\(ability.summary.trimmingFullStop))"
                item("\(ability.action)\(summary)\(what). In \(steps) \(English.list(ability.steps)).", at: 1)
            }
        }
    }

    // MARK: Steps

    private mutating func step(_ step: PlaybookExplanation.Step, at depth: Int) {
        var text = step.name.map { "\($0.trimmingFullStop). " } ?? ""
        let isBranch = step.text.hasPrefix("If ")
        var lines: ConditionWords.Lines?
        var what = step.text
        if let action = step.action { what += form == .markdown ? " (`\(action)`)" : " (\(action))" }
        if let condition = step.condition, !isBranch {
            let sentence = condition.sentence
            if condition.single != nil || sentence.count < 100 {
                text += "Only if \(sentence): \(what)"
            } else {
                text += "Only if \(condition.isAny ? "at least one of these holds" : "all of these hold"):"
                lines = condition
            }
        } else {
            text += what
            if let condition = step.condition, condition.single == nil { lines = condition }
        }
        if form == .plain, depth == 0, self.lines.last != "" { self.lines.append("") }
        item(text, at: depth, mark: step.number)
        if let lines {
            self.condition(lines, at: depth + 1)
            if !isBranch { item("Then: \(what)", at: depth, mark: nil, isLabel: true) }
        }
        for detail in step.details { self.detail(detail, at: depth + 1) }
        for block in step.blocks {
            if let label = block.label { item("\(label):", at: depth, mark: nil, isLabel: true) }
            for inner in block.steps { self.step(inner, at: depth + 1) }
        }
    }

    private mutating func detail(_ detail: PlaybookExplanation.Detail, at depth: Int) {
        guard let label = detail.label else { return item(detail.text, at: depth) }
        guard detail.isMessage else { return item("\(label): \(detail.text)", at: depth) }
        item("\(label):", at: depth)
        for line in detail.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
            detail.text.hasSuffix("\n") ? 1 : 0)
        {
            quote(String(line), at: depth + 1)
        }
    }

    private mutating func condition(_ condition: ConditionWords.Lines, at depth: Int) {
        switch condition {
        case .one(let text): item(text, at: depth)
        case .all(let parts), .any(let parts):
            for part in parts {
                if part.single == nil {
                    item(part.isAny ? "at least one of these:" : "all of these:", at: depth)
                    self.condition(part, at: depth + 1)
                } else {
                    self.condition(part, at: depth)
                }
            }
        }
    }

    // MARK: Lines

    private mutating func item(_ text: String, at depth: Int, mark: String? = "-", isLabel: Bool = false) {
        let indent = String(repeating: form == .markdown ? "  " : "   ", count: depth)
        if form == .markdown {
            let number = mark.map { $0 == "-" ? "- " : "- **\($0)** " } ?? "- "
            lines.append(indent + number + escaped(text))
            return
        }
        let lead = isLabel ? indent + "   " : indent + (mark.map { $0 == "-" ? "- " : "\($0). " } ?? "")
        wrap(text, lead)
    }

    private mutating func quote(_ text: String, at depth: Int) {
        let indent = String(repeating: form == .markdown ? "  " : "   ", count: depth)
        if form == .markdown {
            lines.append(indent + (text.isEmpty ? ">" : "> " + escaped(text) + "  "))
        } else {
            wrap(text, indent + "| ", "| ")
        }
    }

    /// Adds `text` behind `lead`, wrapped; further lines begin below the text.
    private mutating func wrap(_ text: String, _ lead: String, _ mark: String = "") {
        let indent = String(repeating: " ", count: lead.count - mark.count) + mark
        var line = lead
        var isFirst = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isFirst, line.count + 1 + word.count > width {
                lines.append(line)
                line = indent + word
            } else {
                line += isFirst ? String(word) : " " + word
            }
            isFirst = false
        }
        while line.last == " " { line.removeLast() }
        lines.append(line)
    }

    /// Markdown's own marks made harmless; what stands in backticks stays.
    private func escaped(_ text: String) -> String {
        guard form == .markdown else { return text }
        var result = ""
        var isCode = false
        for character in text {
            if character == "`" { isCode.toggle() }
            if !isCode, "*_[]<>#|\\".contains(character) { result.append("\\") }
            result.append(character == "\n" ? " " : character)
        }
        return isCode ? text.replacing("`", with: "'") : result
    }
}

extension String {
    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
