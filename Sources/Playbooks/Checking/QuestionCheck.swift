import WorkflowModel
import YAML

/// Checks whom questions are put to: that the workspace knows them, and that they are enough.
struct QuestionCheck {
    private let reading: PlaybookReading

    init(_ reading: PlaybookReading) { self.reading = reading }

    func run() {
        for question in reading.questions where !reading.isFull { check(question) }
    }

    private func check(_ question: PlaybookReading.Question) {
        var people: Set<String> = []
        var isKnown = true
        var format = Schema(types: ["string"])
        format.format = "recipient"
        for item in question.who.items ?? [question.who] {
            guard let scalar = item.scalar, case .literal = ScalarForm(scalar) else {
                isKnown = false
                continue
            }
            if case .channel = Recipient(scalar.text) {
                reading.report(
                    .unknownRecipient, item, "a channel cannot answer",
                    help: "name people: group:NAME, lead of TEAM, on-call of SCHEDULE, a person's id")
                isKnown = false
                continue
            }
            let before = reading.diagnostics.count
            EntryCheck(reading: reading).check(scalar.text, format, item)
            if reading.diagnostics.count > before { isKnown = false }
            people.formUnion(answerers(Recipient(scalar.text)))
        }
        guard isKnown, reading.environment.directory != nil, people.count < question.count, let node = question.quorum
        else { return }
        let can = people.isEmpty ? "nobody" : people.count == 1 ? "only one person" : "only \(people.count) people"
        reading.report(
            .wrongValue, node, "\(question.count) different people must answer, and \(can) can",
            help: "write a smaller quorum, or name more people")
    }

    /// Whoever can answer; who is known at run time only counts as one more person.
    private func answerers(_ recipient: Recipient) -> [String] {
        guard let directory = reading.environment.directory else { return [] }
        switch recipient {
        case .assignee: return ["assignee"]
        case .onCall(let schedule): return ["on-call of \(schedule)"]
        case .lead(let team): return directory.team(team)?.lead.map { [$0] } ?? []
        case .group(let name): return directory.members(of: name).map(\.id)
        case .list(let name): return (directory.lists[name] ?? []).flatMap { answerers(Recipient($0)) }
        case .person(let id), .address(let id): return [directory.person(id)?.id ?? id]
        case .channel: return []
        }
    }
}
