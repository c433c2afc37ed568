import PluginKit
import WorkflowModel

/// Brings what is kept and told of a ticket's clocks in line with what its history says.
struct ClockKeeper {
    let store: any PluginStore
    let now: Timestamp
    let computation: ClockComputation
    let teller: ClockTeller

    /// The most thresholds ahead that are kept of a clock.
    private static let mostAhead = 40
    /// What is first heard of so long after it was is on record and told to nobody: old tickets that are taken in must wake nobody up.
    private static let stale = Duration.seconds(86_400)

    /// Computes the clocks of `ticket`, keeps them, tells what is new, and sets the timers of what comes next.
    ///
    /// - Parameter firing: the threshold whose timer has just gone off, with its clock.
    @discardableResult
    func keep(_ ticket: TicketRecord, firing: (clock: String, key: String)? = nil) throws -> ClockBook {
        let book = computation.clocks(of: ticket.history, at: now)
        for clock in book.clocks {
            let id = ClockRecord.id(ticket.id, clock)
            let before = try store.document(id, in: SLAPlugin.clocks)
            // What is over stays as it is, unless its history says otherwise.
            var record = ClockRecord(ticket: ticket.id, body: before)
            let state = record.state
            if firing?.clock == id, let key = firing?.key { mark(&record, key, .told, clock) }
            try tellState(clock, id, before: state, ticket.id)
            try tellThresholds(clock, id, &record, ticket.id)
            record.take(clock, ticket.fields, at: now)
            try setTimer(clock, id, &record, ticket.id)
            try record.put(id, in: store)
        }
        try forget(ticket, book)
        var ticket = ticket
        ticket.fold(by: computation)
        try ticket.put(isOpen: book.clocks.contains(where: \.isOpen), in: store)
        return book
    }

    /// Clocks that a late event has made never to have been.
    private func forget(_ ticket: TicketRecord, _ book: ClockBook) throws {
        let known = try store.documents(
            in: SLAPlugin.clocks, DocumentQuery([.init("ticket", .equals(.string(ticket.id)))], limit: 1000))
        guard known.count > book.clocks.count else { return }
        let real = Set(book.clocks.map { ClockRecord.id(ticket.id, $0) })
        for document in known where !real.contains(document.id) {
            // What was over when the history was folded stays as it was.
            if let cut = ticket.foldedUntil, let stop = document.body["stop"]?.timestamp, stop <= cut { continue }
            try store.cancelTimer(document.id)
            try store.remove(document.id, in: SLAPlugin.clocks)
        }
    }

    // MARK: States

    private func tellState(_ clock: Clock, _ id: String, before: Clock.State?, _ ticket: String) throws {
        let view = ClockView.map(id, clock)
        func tell(_ type: String, _ at: Timestamp) throws {
            guard now - at <= Self.stale else { return }
            try teller.tell(ClockTeller.draft(type, ticket, view, key: "\(id)/\(type)/\(at.rfc3339)"))
        }
        if before == nil, clock.state != .cancelled { try tell("started", clock.start) }
        switch (before ?? .running, clock.state) {
        case (.running, .paused), (.met, .paused), (.cancelled, .paused): try tell("paused", lastPause(clock))
        case (.paused, .running), (.met, .running), (.cancelled, .running): try tell("resumed", resumed(clock))
        case (.paused, .met):
            // The pause has ended first, then it was fulfilled.
            try tell("resumed", clock.stop ?? now)
            try tell("met", clock.stop ?? now)
        case (.running, .met), (.cancelled, .met): try tell("met", clock.stop ?? now)
        default: break
        }
    }

    private func lastPause(_ clock: Clock) -> Timestamp {
        clock.pauses.filter { $0.from <= now }.map(\.from).max() ?? now
    }

    private func resumed(_ clock: Clock) -> Timestamp {
        clock.pauses.compactMap(\.to).filter { $0 <= now }.max() ?? now
    }

    // MARK: Thresholds

    private func tellThresholds(
        _ clock: Clock, _ id: String, _ record: inout ClockRecord, _ ticket: String
    ) throws {
        let new = clock.firings.filter { $0.at <= now && record.fired[$0.key] == nil }
        // What was expected at that instant is late because nobody ran: each is told, in order. What comes up only now, by a late
        // start or a change, is told by its highest alone.
        let isExpected = new.map { record.ahead[$0.key]?.timestamp == $0.at }
        let highest = zip(new, isExpected).lastIndex { !$0.1 && !$0.0.isSkipped && !$0.0.isQuiet }
        for (index, firing) in new.enumerated() {
            var outcome = ClockRecord.Outcome.told
            if firing.isQuiet {
                outcome = .quiet
            } else if firing.isSkipped || (!isExpected[index] && (index != highest || now - firing.at > Self.stale)) {
                outcome = .skipped
            } else if !clock.isOpen, !firing.threshold.isBreach || !isExpected[index] {
                // Nobody can do anything about it any more.
                outcome = .skipped
            }
            mark(&record, firing.key, outcome, clock)
            guard outcome == .told else { continue }
            try teller.tell(draft(firing, clock, id, ticket, late: late(firing)))
        }
    }

    private func late(_ firing: Clock.Firing) -> Duration? {
        let late = now - firing.at
        return late >= .seconds(1) ? late : nil
    }

    private func draft(
        _ firing: Clock.Firing, _ clock: Clock, _ id: String, _ ticket: String, late: Duration?
    ) -> EventDraft {
        ClockTeller.draft(
            firing.threshold.isBreach ? "breached" : "at_risk", ticket,
            ClockView.map(id, clock, at: firing, late: late), key: "\(id)/\(firing.key)")
    }

    private func mark(_ record: inout ClockRecord, _ key: String, _ outcome: ClockRecord.Outcome, _ clock: Clock) {
        var told: ValueMap = ["outcome": .string(outcome.rawValue)]
        if let firing = clock.firings.first(where: { $0.key == key }) {
            told["at"] = .timestamp(firing.at)
            if let late = late(firing) { told["late_by"] = .duration(late) }
        }
        record.fired[key] = .map(told)
    }

    private func setTimer(_ clock: Clock, _ id: String, _ record: inout ClockRecord, _ ticket: String) throws {
        let ahead = clock.isOpen ? clock.firings.filter { $0.at > now && record.fired[$0.key] == nil } : []
        record.ahead = ValueMap(strings: ahead.prefix(Self.mostAhead).map { ($0.key, .timestamp($0.at)) })
        guard let next = ahead.first(where: { !$0.isSkipped && !$0.isQuiet }) else {
            if record.timer != nil { try store.cancelTimer(id) }
            record.timer = nil
            return
        }
        let name = "\(next.key) \(next.at.rfc3339) \(next.target.components.seconds)"
        guard record.timer != name else { return }
        record.timer = name
        try store.setTimer(id, due: next.at, emitting: draft(next, clock, id, ticket, late: nil))
    }
}

extension Sequence {
    /// The place of the last element that fits.
    fileprivate func lastIndex(where fits: (Element) -> Bool) -> Int? {
        var found: Int?
        for (index, element) in enumerated() where fits(element) { found = index }
        return found
    }
}
