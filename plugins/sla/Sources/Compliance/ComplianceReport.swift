import PluginKit
import WorkflowModel

/// Counts tickets by priority and by what became of their target.
struct ComplianceReport {
    /// What became of the target of a ticket.
    enum Result: String {
        case met
        case breached
        /// Not over, and not missed.
        case running
        /// No policy or target fits, or nobody measures it any more.
        case unmeasured
    }

    /// The tickets of one priority.
    private struct Row {
        var tickets = 0
        var results: [Result: Int] = [:]
        /// The desk's own words, beside ours where there is one.
        var logKept = 0, logMissed = 0, agree = 0, onlyLogKept = 0, onlyLogMissed = 0
        /// Of those that differ: how many would not under another reading.
        var explained: [ClockBatch.Reading: Int] = [:]
        var unexplained = 0
        /// Elapsed time and the desk's word, of clocks that have stopped.
        var measured: [(elapsed: Duration, kept: Bool)] = []
        var targets: [Duration: Int] = [:]
    }

    private struct Difference {
        var ticket: String
        var clock: Clock?
        var result: Result
        var logKept: Bool
        var ways: [ClockBatch.Reading]
    }

    let metric: Metric
    let compare: String?
    let batch: ClockBatch
    let now: Timestamp
    /// How many of the tickets that differ are listed.
    let listed: Int
    private var rows: [String: Row] = [:]
    private var differences: [Difference] = []
    private var keeping = KeptClocks()

    init(metric: Metric, compare: String?, batch: ClockBatch, now: Timestamp, listed: Int) {
        self.metric = metric
        self.compare = compare
        self.batch = batch
        self.now = now
        self.listed = listed
    }

    // MARK: Counting

    /// Adds a ticket with all of its events, oldest first.
    ///
    /// - Parameter kept: what is kept of the ticket's clocks; nil when that is not to be compared.
    mutating func add(_ ticket: String, _ events: [Event], kept: [Document]? = nil) {
        let history = batch.history(of: events)
        if let kept { keeping.compare(ticket, batch.book(of: history, at: now).clocks, kept) }
        let (clock, result) = measure(history, .asWritten)
        let priority = clock?.priority ?? Timeline(history).moments.last?.priority ?? "none"
        var row = rows[priority] ?? Row()
        defer { rows[priority] = row }
        row.tickets += 1
        row.results[result, default: 0] += 1
        if let target = clock?.target { row.targets[target, default: 0] += 1 }
        guard let compare, let kept = ComplianceReport.word(compare, events) else { return }
        if kept { row.logKept += 1 } else { row.logMissed += 1 }
        if let clock, clock.stop != nil, result != .unmeasured { row.measured.append((clock.elapsed, kept)) }
        guard let ours = ComplianceReport.kept(result) else { return }
        guard ours != kept else {
            row.agree += 1
            return
        }
        if kept { row.onlyLogKept += 1 } else { row.onlyLogMissed += 1 }
        let ways = ClockBatch.Reading.allCases.filter { way in
            way != .asWritten && ComplianceReport.kept(measure(history, way).result) == kept
        }
        for way in ways { row.explained[way, default: 0] += 1 }
        if ways.isEmpty { row.unexplained += 1 }
        if differences.count < listed {
            differences.append(
                Difference(ticket: ticket, clock: clock, result: result, logKept: kept, ways: ways))
        }
    }

    /// The ticket's last clock of the metric, and what became of it; one missed cycle is enough to have missed it.
    private func measure(_ history: [Happening], _ way: ClockBatch.Reading) -> (clock: Clock?, result: Result) {
        let clocks = batch.book(of: history, at: now, read: way).clocks.filter {
            $0.metric == metric && $0.kind == .sla
        }
        guard let last = clocks.last else { return (nil, .unmeasured) }
        if clocks.contains(where: \.isBreached) { return (last, .breached) }
        switch last.state {
        case .met: return (last, .met)
        case .running, .paused: return (last, .running)
        case .cancelled: return (last, .unmeasured)
        }
    }

    private static func kept(_ result: Result) -> Bool? {
        switch result {
        case .met: true
        case .breached: false
        case .running, .unmeasured: nil
        }
    }

    /// The newest word of the desk itself.
    private static func word(_ field: String, _ events: [Event]) -> Bool? {
        for event in events.reversed() {
            guard let value = event.data["ticket"]?[field], !value.isNull else { continue }
            if let flag = value.bool { return flag }
            switch value.string?.lowercased() {
            case "true", "yes", "1", "met", "kept": return true
            case "false", "no", "0", "missed", "breached": return false
            default: continue
            }
        }
        return nil
    }

    // MARK: The answer

    var value: Value {
        var map: ValueMap = [
            "metric": .string(metric.rawValue), "at": .timestamp(now), "policies": .string(batch.version),
            "compared_with": compare.map(Value.string) ?? .null,
        ]
        map["priorities"] = .list(rows.sorted { $0.key < $1.key }.map { value($0.key, $0.value) })
        map["differences"] = .list(differences.map(value))
        map["kept"] = keeping.value
        return .map(map)
    }

    private func value(_ priority: String, _ row: Row) -> Value {
        func count(_ result: Result) -> Value { .int(Int64(row.results[result] ?? 0)) }
        let (met, breached) = (row.results[.met] ?? 0, row.results[.breached] ?? 0)
        let usual = row.targets.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        var map: ValueMap = [
            "priority": .string(priority), "tickets": .int(Int64(row.tickets)),
            "target": usual.map(Value.duration) ?? .null, "met": count(.met), "breached": count(.breached),
            "running": count(.running), "unmeasured": count(.unmeasured),
            "share": met + breached > 0 ? .double(Double(met) / Double(met + breached)) : .null,
        ]
        map["compared"] = compare == nil ? .null : compared(row)
        return .map(map)
    }

    private func compared(_ row: Row) -> Value {
        let known = row.logKept + row.logMissed
        let both = row.agree + row.onlyLogKept + row.onlyLogMissed
        var map: ValueMap = [
            "kept": .int(Int64(row.logKept)), "missed": .int(Int64(row.logMissed)),
            "share": known > 0 ? .double(Double(row.logKept) / Double(known)) : .null,
            "agree": .int(Int64(row.agree)), "only_log_kept": .int(Int64(row.onlyLogKept)),
            "only_log_missed": .int(Int64(row.onlyLogMissed)),
            "agreement": both > 0 ? .double(Double(row.agree) / Double(both)) : .null,
        ]
        var ways = ValueMap()
        for way in ClockBatch.Reading.allCases {
            if let count = row.explained[way] { ways[.string(way.rawValue)] = .int(Int64(count)) }
        }
        map["explained_by"] = .map(ways)
        map["unexplained"] = .int(Int64(row.unexplained))
        let best = ComplianceReport.bestTarget(row.measured)
        map["best_target"] = best.map { .duration($0.target) } ?? .null
        map["best_agreement"] = best.map { .double($0.share) } ?? .null
        return .map(map)
    }

    /// The target by which the desk's own word is told best: as many as possible below it kept, and above it missed.
    static func bestTarget(_ measured: [(elapsed: Duration, kept: Bool)]) -> (target: Duration, share: Double)? {
        let sorted = measured.sorted { $0.elapsed < $1.elapsed }
        guard !sorted.isEmpty, sorted.contains(where: \.kept) else { return nil }
        // With a target below all of them, right are those that the desk says were missed.
        var right = sorted.count { !$0.kept }
        var best: (target: Duration, right: Int)?
        for (place, item) in sorted.enumerated() {
            right += item.kept ? 1 : -1
            // Those of one length are on the same side.
            if place + 1 < sorted.count, sorted[place + 1].elapsed == item.elapsed { continue }
            if best.map({ right > $0.right }) ?? true { best = (item.elapsed, right) }
        }
        return best.map { ($0.target, Double($0.right) / Double(sorted.count)) }
    }

    private func value(_ difference: Difference) -> Value {
        let clock = difference.clock
        return [
            "ticket": .string(difference.ticket), "priority": clock?.priority.map(Value.string) ?? .null,
            "ours": .string(difference.result.rawValue), "log": .string(difference.logKept ? "kept" : "missed"),
            "elapsed": clock.map { .duration($0.elapsed) } ?? .null,
            "target": clock?.target.map(Value.duration) ?? .null,
            "explained_by": .list(difference.ways.map { .string($0.rawValue) }),
        ]
    }
}
