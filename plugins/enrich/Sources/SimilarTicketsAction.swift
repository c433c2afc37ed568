import PluginKit
import WorkflowModel

/// `enrich.similar_tickets`.
struct SimilarTicketsAction: ReadAction {
    static let tickets = "ticket.tickets"
    /// How many hits of the full-text search are looked at closely.
    private static let candidates = 200
    private static let unresolved: Set<String> = ["new", "open", "pending", "hold"]

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let question = try SimilarityQuestion(input, context.action)
        let limit = try input.optionalInt("limit") ?? 5
        let threshold = input["threshold"]?.number ?? 0.3
        let isOpenOnly = try input.flag("unresolved")
        let hits = try await context.documents.read { store in
            try store.search(question.searchText, in: Self.tickets, limit: Self.candidates)
        }
        var same: [Found] = []
        var similar: [Found] = []
        for hit in hits where hit.document.id != question.ticket {
            let body = hit.document.body
            if isOpenOnly, !Self.unresolved.contains(body["status"]?.string ?? "new") { continue }
            let found = Found(id: hit.document.id, body: body, score: question.likeness(to: body))
            if question.isSame(as: body) {
                same.append(found)
            } else if found.score >= threshold {
                similar.append(found)
            }
        }
        same.sort { $0.createdAt == $1.createdAt ? $0.id < $1.id : $0.createdAt > $1.createdAt }
        similar.sort {
            $0.score == $1.score
                ? ($0.createdAt == $1.createdAt ? $0.id < $1.id : $0.createdAt > $1.createdAt) : $0.score > $1.score
        }
        let (first, second) = (same.prefix(limit), similar.prefix(limit))
        return [
            "same": .list(first.map(\.value)), "similar": .list(second.map(\.value)),
            "count": .int(Int64(first.count + second.count)),
        ]
    }

    private struct Found {
        var id: String
        var body: ValueMap
        var score: Double

        var createdAt: Timestamp { body["created_at"]?.timestamp ?? .earliest }

        var value: Value {
            var value: ValueMap = ["id": .string(id)]
            for field in ["title", "status", "priority", "assignee", "service", "category", "created_at", "url"] {
                value[field] = body[field] ?? .null
            }
            value["score"] = .double((score * 1000).rounded() / 1000)
            return .map(value)
        }
    }
}

/// What is looked for, and how near a ticket comes to it.
struct SimilarityQuestion: Sendable {
    /// Words that say nothing about a request.
    private static let emptyWords: Set<String> = [
        "the", "and", "for", "not", "are", "was", "were", "but", "you", "our", "has", "have", "had", "with", "this",
        "that",
        "from", "can", "cannot", "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "von", "den", "auf",
    ]
    private static let prefixes: Set<String> = ["re", "fw", "fwd", "aw", "wg"]

    let ticket: String?
    let searchText: String
    private let title: String
    private let words: Set<String>
    private let titleWords: Set<String>
    private let requester: Set<String>
    private let service: String?
    private let now: Timestamp
    private let sameWithin: Duration
    private let within: Duration

    init(_ input: ActionInput, _ context: ActionContext) throws {
        var title = try input.optionalText("title")
        var text = try input.optionalText("text")
        if title == nil, text == nil {
            title = context.ticket("title")?.string
            text = context.ticket("text")?.string
        }
        let own = MessageText.own(String((text ?? "").prefix(ClassifyAction.longestText)))
        let titleWords = Self.telling(title ?? "")
        let words = titleWords.union(Self.telling(own))
        guard !words.isEmpty else {
            throw Failure.invalidInput("there are no words to compare by; give title or text")
        }
        self.titleWords = titleWords
        self.words = words
        // The title says best what it is about; a long text would make every ticket a candidate.
        searchText = (titleWords.sorted() + words.subtracting(titleWords).sorted()).prefix(60).joined(separator: " ")
        self.title = Self.normalised(title ?? "")
        ticket =
            try input.optionalText("ticket") ?? context.ticket("id")?.string
            ?? context.subject.flatMap { $0.hasPrefix("ticket:") ? String($0.dropFirst(7)) : nil }
        let people = try [
            input.optionalText("requester"), context.ticket("requester", "id")?.string,
            context.ticket("requester", "email")?.string,
        ]
        requester = Set((people[0] != nil ? [people[0]] : people).compactMap { $0.map(FoldedText.of) })
        service = try input.optionalText("service") ?? context.ticket("service")?.string
        now = context.now
        sameWithin = try input.optionalDuration("same_within") ?? .seconds(7 * 86_400)
        within = try input.optionalDuration("within") ?? .seconds(180 * 86_400)
    }

    /// Whether the ticket is the same request again: same requester, same title, not too old.
    func isSame(as body: ValueMap) -> Bool {
        guard !title.isEmpty, !requester.isEmpty, age(of: body) <= sameWithin else { return false }
        let theirs = [body["requester"]?["id"]?.string, body["requester"]?["email"]?.string]
        guard theirs.contains(where: { $0.map { requester.contains(FoldedText.of($0)) } ?? false }) else {
            return false
        }
        return Self.normalised(body["title"]?.string ?? "") == title
    }

    /// 0 to 1: the cosine of the sets of telling words, of the titles or of all; a little more within one service, less with age, and
    /// 0 beyond the window.
    func likeness(to body: ValueMap) -> Double {
        let age = age(of: body)
        guard age <= within else { return 0 }
        let theirTitle = Self.telling(body["title"]?.string ?? "")
        let theirs = theirTitle.union(
            Self.telling(MessageText.own(String((body["text"]?.string ?? "").prefix(20_000)))))
        var score = max(Self.cosine(titleWords, theirTitle), Self.cosine(words, theirs), Self.cosine(words, theirTitle))
        if let service, body["service"]?.string == service { score *= 1.15 }
        let decay = 1 - 0.3 * max(0, age.inSeconds) / max(1, within.inSeconds)
        return min(1, score * decay)
    }

    private func age(of body: ValueMap) -> Duration {
        max(.zero, body["created_at"]?.timestamp.map { now - $0 } ?? .zero)
    }

    private static func cosine(_ a: Set<String>, _ b: Set<String>) -> Double {
        guard !a.isEmpty, !b.isEmpty else { return 0 }
        return Double(a.intersection(b).count) / (Double(a.count) * Double(b.count)).squareRoot()
    }

    private static func telling(_ text: String) -> Set<String> {
        Set(FoldedText.words(text, limit: 2000).map(\.folded).filter { $0.count > 2 && !emptyWords.contains($0) })
    }

    /// The words of a title without `Re:` and the like.
    private static func normalised(_ title: String) -> String {
        FoldedText.words(title).map(\.folded).drop { prefixes.contains($0) }.joined(separator: " ")
    }
}
