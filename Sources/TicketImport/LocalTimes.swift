import Foundation
import WorkflowModel

/// Turns the local times of an export into instants.
///
/// Where clocks go back, a local time occurs twice: the first occurrence is taken. Where clocks go forward, a local time does not
/// exist: it is read with the offset before the change, so 02:30 becomes what clocks then show as 03:30 (the rules of RFC 5545,
/// 3.3.5). Both are counted, since an export without offsets cannot say better.
struct LocalTimes {
    private let zone: TimeZone
    private let pattern: TimePattern
    private var known: [String: Timestamp?] = [:]

    /// Times that occur twice on the clock.
    private(set) var ambiguous = 0
    /// Times that the clock never shows.
    private(set) var skippedByTheClock = 0

    private static let largestCache = 200_000
    private static let day: Int64 = 86_400

    init(zone: TimeZone, pattern: TimePattern) {
        self.zone = zone
        self.pattern = pattern
    }

    /// The instant of a text of the file; nil when it is no time of the pattern.
    mutating func instant(_ text: String, _ own: TimePattern? = nil) -> Timestamp? {
        if own == nil, let answer = known[text] { return answer }
        let answer: Timestamp?
        switch (own ?? pattern).read(text) {
        case .instant(let instant)?: answer = instant
        case .local(let seconds)?: answer = Timestamp(seconds: instant(ofLocal: seconds))
        case nil: answer = nil
        }
        // The same times are repeated on every row of a ticket, and asking the zone is dear.
        if own == nil, known.count < LocalTimes.largestCache { known[text] = .some(answer) }
        return answer
    }

    private mutating func instant(ofLocal local: Int64) -> Int64 {
        let before = offset(at: local - LocalTimes.day)
        let after = offset(at: local + LocalTimes.day)
        let early = local - before
        guard before != after else { return early }
        let late = local - after
        switch (offset(at: early) == before, offset(at: late) == after) {
        case (true, true):
            if early != late { ambiguous += 1 }
            return min(early, late)
        case (true, false): return early
        case (false, true): return late
        case (false, false):
            skippedByTheClock += 1
            return early
        }
    }

    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}
