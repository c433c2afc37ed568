public import WorkflowModel
import YAML

/// Turns a ticket system's export, one row per update of a ticket, into the events that the updates were.
///
/// The rows of a ticket are put in order by time, then by the mapping's order column, then as they stand in the file. The first is
/// `ticket.created`; each later one gives, in this order, `ticket.reopened` (out of solved or closed), `ticket.updated`, `ticket.assigned`
/// (assignee or team), `ticket.resolved` and `ticket.closed`: those that its changes mean, and `ticket.updated` also where a
/// change is left that none of the others tells or nothing visible changed. All carry the ticket as it was after the update and
/// `changes` with `{from, to}` per field.
///
/// An export repeats how a ticket ended on every row. What could not be known when a row was written is left out there: see
/// ``ImportMapping``.
public enum TicketImport {
    /// The events of an export in the order of their times; events of one time keep the order of tickets in the file, and those of a
    /// ticket the order of its updates.
    ///
    /// - Parameters:
    ///   - csv: the file: UTF-8, at most 256 MiB, the first row names the columns.
    ///   - path: the file's name, for messages.
    /// - Throws: ``ImportFailure`` when the file is no table, or lacks a column that the mapping names. Single bad rows do not throw: they
    ///   are skipped and reported.
    public static func run(
        csv: [UInt8], path: String, mapping: ImportMapping, options: ImportOptions = ImportOptions()
    ) throws(ImportFailure) -> (events: [Event], report: ImportReport) {
        let table = try HistoryTable(csv, path: path, mapping: mapping)
        var reader = TicketReader(
            mapping: mapping, positions: table.positions,
            times: LocalTimes(zone: mapping.zone, pattern: mapping.pattern),
            report: ImportReport(name: mapping.name))
        let skippedByTable = table.skipped
        let (order, updates, skipped) = group(table.rows, limit: options.ticketLimit, &reader)
        for row in (skippedByTable + skipped).sorted(by: { $0.row < $1.row }) { reader.report.skip(row) }

        var events: [(event: Event, rank: Int)] = []
        for (rank, id) in order.enumerated() {
            let given = updates[id] ?? []
            let sorted = given.sorted(by: TicketHistory.Update.precedes)
            reader.report.rowsOutOfOrder += zip(given, given.dropFirst()).count { $1.time < $0.time }
            reader.report.rows += sorted.count
            var history = TicketHistory(id: id, source: mapping.eventSource)
            for (sequence, update) in sorted.enumerated() {
                let ticket = reader.ticket(id, update.row, at: update.time)
                for event in history.events(update, sequence: sequence, ticket: ticket)
                where options.includes(event.time) {
                    reader.report.count(event.type)
                    events.append((event, rank))
                }
            }
        }
        // The sort is stable, so that the events of a ticket keep their order.
        events.sort { ($0.event.time, $0.rank) < ($1.event.time, $1.rank) }
        var report = reader.report
        report.tickets = order.count
        report.ambiguousTimes = reader.times.ambiguous
        report.impossibleTimes = reader.times.skippedByTheClock
        if let first = events.first, let last = events.last { report.span = first.event.time...last.event.time }
        return (events.map(\.event), report)
    }

    /// The updates by ticket, the tickets in the order of the file, and the rows that have no usable id or time.
    private static func group(
        _ rows: [HistoryTable.Row], limit: Int?, _ reader: inout TicketReader
    ) -> (order: [String], updates: [String: [TicketHistory.Update]], skipped: [ImportReport.SkippedRow]) {
        var order: [String] = []
        var updates: [String: [TicketHistory.Update]] = [:]
        var skipped: [ImportReport.SkippedRow] = []
        let mapping = reader.mapping
        for row in rows {
            guard let id = reader.cell(mapping.ticket, row), !id.isEmpty else {
                skipped.append(.init(row: row.number, reason: "has no ticket in column \(mapping.ticket.text)"))
                continue
            }
            guard isUsable(id) else {
                let reason =
                    "the ticket in column \(mapping.ticket.text) is longer than 200 bytes or has control characters"
                skipped.append(.init(row: row.number, reason: reason))
                continue
            }
            guard let text = reader.cell(mapping.time, row), !text.isEmpty else {
                skipped.append(.init(row: row.number, reason: "\(id) has no time in column \(mapping.time.text)"))
                continue
            }
            guard let time = reader.times.instant(text) else {
                let shown = text.prefix(40)
                skipped.append(
                    .init(row: row.number, reason: "\(id): \"\(shown)\" in column \(mapping.time.text) is no such time")
                )
                continue
            }
            if updates[id] == nil {
                if let limit, order.count >= limit { continue }
                order.append(id)
            }
            let number = mapping.order.flatMap { reader.cell($0, row) }.flatMap { Int64($0) }
            updates[id, default: []].append(.init(row: row, time: time, order: number))
        }
        return (order, updates, skipped)
    }

    private static func isUsable(_ id: String) -> Bool {
        id.utf8.count <= 200 && id.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
