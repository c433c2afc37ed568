import RunStore
import WorkflowEngine
import WorkflowModel

/// Questions to people, as text.
struct AskText {
    let paint: Paint

    /// One question in a table.
    func row(_ ask: AskRecord) -> [String] {
        var question = ask.question.split(whereSeparator: \.isNewline).joined(separator: " ")
        if question.count > 60 { question = question.prefix(59) + "…" }
        return [
            ask.id, state(ask.state), question,
            ask.who.prefix(3).joined(separator: ", ") + (ask.who.count > 3 ? ", …" : ""),
            ask.state == .open ? ask.dueAt.map { "until \($0.forPeople)" } ?? "" : ask.settledAt?.forPeople ?? "",
        ]
    }

    /// All there is to say about one.
    func lines(_ ask: AskRecord) -> [String] {
        var lines = [paint.bold(ask.question), ""]
        var table = TextTable()
        table.add(["question", ask.id + ", " + state(ask.state)])
        table.add(["asked by", "\(ask.playbook), step \(ask.label), run \(ask.run)"])
        if let subject = ask.subject { table.add(["about", subject]) }
        table.add(["asked", ask.who.joined(separator: ", ") + (ask.quorum > 1 ? " (\(ask.quorum) of them)" : "")])
        table.add(["since", ask.openedAt.forPeople])
        if let due = ask.dueAt { table.add(["until", due.forPeople]) }
        lines += table.lines()
        let fields = ask.fields["properties"]?.map ?? ValueMap()
        if !fields.isEmpty {
            lines += ["", "fields"]
            let required = (ask.fields["required"]?.list ?? []).compactMap(\.string)
            var table = TextTable()
            for field in fields {
                let name = field.key.jsonText
                let choices = field.value["enum"]?.list.map { $0.map(ValueText.short).joined(separator: " | ") }
                table.add([
                    name, choices ?? field.value["format"]?.string ?? field.value["type"]?.string ?? "any",
                    required.contains(name) ? "must be given" : "", field.value["description"]?.string ?? "",
                ])
            }
            lines += table.lines(indent: 2)
        }
        if !ask.answers.isEmpty {
            lines += ["", "answers"] + ask.answers.map { "  " + answer($0) }
        }
        if ask.state == .open { lines += ["", "answer it with: \(ask.howToAnswer)"] }
        return lines
    }

    /// `2026-11-22T08:00:00Z lead-1 approved: after the backup`.
    func answer(_ answer: AskAnswer) -> String {
        var text = "\(answer.at.forPeople) \(answer.by) "
        switch answer.verdict {
        case .approve?: text += paint.green("approved")
        case .reject?: text += paint.red("rejected")
        case nil: text += ValueText.line(.map(answer.values), limit: 2000)
        }
        return text + (answer.comment.map { ": \($0)" } ?? "")
    }

    private func state(_ state: AskRecord.State) -> String {
        switch state {
        case .open: paint.cyan(state.rawValue)
        case .answered: paint.green(state.rawValue)
        case .expired, .withdrawn: paint.yellow(state.rawValue)
        }
    }
}
