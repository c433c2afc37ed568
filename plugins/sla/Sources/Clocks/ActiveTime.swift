import Calendars
public import WorkflowModel

/// A time in which a clock does not run.
public struct PauseSpan: Sendable, Hashable {
    /// Why: `status pending`, `maintenance`, the reason that the policy gives, `solved`, `reopen_grace`.
    public var source: String
    /// When it begins.
    public var from: Timestamp
    /// When it ends, this instant not in it; nil while nobody knows.
    public var to: Timestamp?
    /// Whether a message of the customer was unanswered when it began.
    public var isUnanswered = false

    /// A pause.
    public init(source: String, from: Timestamp, to: Timestamp?, isUnanswered: Bool = false) {
        self.source = source
        self.from = from
        self.to = to
        self.isUnanswered = isUnanswered
    }

    /// Whether `instant` is in it.
    func covers(_ instant: Timestamp) -> Bool { from <= instant && (to.map { instant < $0 } ?? true) }
}

/// The time that counts for a clock: the open hours of its calendar from a moment on, without its pauses. Pauses that overlap count once.
///
/// Everything about a clock is computed from this and its events; nothing is ever counted up.
struct ActiveTime: Sendable {
    /// Nil for always.
    let calendar: BusinessCalendar?
    let from: Timestamp
    /// In order, apart from each other, after `from`; only the last may have no end.
    let gaps: [(from: Timestamp, to: Timestamp?)]

    init(calendar: BusinessCalendar?, from: Timestamp, pauses: [PauseSpan]) {
        self.calendar = calendar
        self.from = from
        var gaps: [(from: Timestamp, to: Timestamp?)] = []
        let spans = pauses.filter { span in span.to.map { $0 > from && $0 > span.from } ?? true }
        for span in spans.sorted(by: { ($0.from, $0.to ?? .latest) < ($1.from, $1.to ?? .latest) }) {
            let begin = max(span.from, from)
            guard let last = gaps.last else {
                gaps.append((begin, span.to))
                continue
            }
            guard let lastEnd = last.to else { break }
            if begin > lastEnd {
                gaps.append((begin, span.to))
            } else {
                gaps[gaps.count - 1].to = span.to.map { max($0, lastEnd) }
            }
        }
        self.gaps = gaps
    }

    /// The times between the pauses, in order; the last has no end unless a pause has none.
    private var stretches: [(from: Timestamp, to: Timestamp?)] {
        var found: [(from: Timestamp, to: Timestamp?)] = []
        var begin = from
        for gap in gaps {
            if begin < gap.from { found.append((begin, gap.from)) }
            guard let end = gap.to else { return found }
            begin = end
        }
        found.append((begin, nil))
        return found
    }

    /// How much of it has passed at `instant`.
    func elapsed(to instant: Timestamp) -> Duration {
        var total = Duration.zero
        for stretch in stretches {
            let end = min(stretch.to ?? instant, instant)
            guard stretch.from < end else { break }
            total += open(stretch.from, end)
        }
        return total
    }

    /// The instant at which `amount` of it has passed; nil when a pause has no end before that, or it is more than two years away.
    func instant(of amount: Duration) -> Timestamp? {
        var left = amount
        for stretch in stretches {
            if let end = stretch.to {
                let length = open(stretch.from, end)
                if length < left {
                    left -= length
                    continue
                }
            }
            return moment(after: left, stretch.from)
        }
        return nil
    }

    private func open(_ from: Timestamp, _ to: Timestamp) -> Duration {
        guard let calendar else { return to - from }
        // Only over a hundred years it cannot be told; such a ticket has no clock that anybody looks at.
        do { return try calendar.elapsed(from: from, to: to) } catch { return to - from }
    }

    private func moment(after amount: Duration, _ from: Timestamp) -> Timestamp? {
        guard let calendar else { return from.adding(amount) }
        // Nothing of the target left: it was over when this stretch began, not when the calendar opens next.
        if amount <= .zero { return from }
        // Two years without so many open hours: nobody can say when it is due, which is what nil means.
        do { return try calendar.add(amount, to: from) } catch { return nil }
    }
}
