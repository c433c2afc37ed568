public import WorkflowModel

/// What an import did, and what it could not use: nothing is dropped without a word.
public struct ImportReport: Sendable, Hashable {
    /// A row that gave no event.
    public struct SkippedRow: Sendable, Hashable {
        /// The row as a spreadsheet counts it: the header is row 1.
        public let row: Int
        /// Why, in words.
        public let reason: String
    }

    /// The import's name.
    public let name: String
    /// The rows that were read, without the header and those skipped.
    public internal(set) var rows = 0
    /// The tickets among them, of which ``ImportOptions/ticketLimit`` may have left some out.
    public internal(set) var tickets = 0
    /// The events made.
    public internal(set) var events = 0
    /// Event type to count, in the order in which an update's events come.
    public internal(set) var eventsByType: [(type: String, count: Int)] {
        get { TicketHistory.types.map { ($0, counts[$0] ?? 0) } }
        set { counts = Dictionary(newValue.map { ($0.type, $0.count) }) { $1 } }
    }
    /// How many rows gave nothing.
    public internal(set) var skippedRows = 0
    /// The first of them, at most ``maximumListed``.
    public internal(set) var skipped: [SkippedRow] = []
    /// Ticket's field to how often a value stood in a row that could not be known yet at that time.
    public internal(set) var withheld: [String: Int] = [:]
    /// Ticket's field to how often a value could not be read as a time or a whole number; it is left out there.
    public internal(set) var unreadable: [String: Int] = [:]
    /// Ticket's field to the words that its `values` do not have, with their counts.
    public internal(set) var unlisted: [String: [String: Int]] = [:]
    /// How many rows stood after a later row of their ticket.
    public internal(set) var rowsOutOfOrder = 0
    /// How many different local times occur twice on the clock; the first occurrence was taken.
    public internal(set) var ambiguousTimes = 0
    /// How many different local times the clock never shows; they were read with the offset before the change.
    public internal(set) var impossibleTimes = 0
    /// The times of the first and the last event; nil without events.
    public internal(set) var span: ClosedRange<Timestamp>?

    private var counts: [String: Int] = [:]

    /// How many skipped rows are listed.
    public static let maximumListed = 100
    private static let maximumWords = 50

    init(name: String) { self.name = name }

    mutating func count(_ type: String) {
        events += 1
        counts[type, default: 0] += 1
    }

    mutating func skip(_ row: SkippedRow) {
        skippedRows += 1
        if skipped.count < ImportReport.maximumListed { skipped.append(row) }
    }

    mutating func unlisted(_ word: String, field: String) {
        let words = unlisted[field] ?? [:]
        let key = words[word] != nil || words.count < ImportReport.maximumWords ? String(word.prefix(100)) : "…"
        unlisted[field, default: [:]][key, default: 0] += 1
    }
}
