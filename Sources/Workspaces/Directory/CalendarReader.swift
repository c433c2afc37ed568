import Calendars
import WorkflowModel
import YAML

/// Reads `calendars`: `id`*, `zone`, `hours` (always when left out), `holidays` (days, or a map from day to name) and `special` (a map
/// from day to hours), `ics` (calendar files of the workspace, whose whole days are holidays but for those of `except`; observances are
/// taken only when `include` names them). In CSV a calendar may have many rows, each with one `holiday` and its `holiday_name`, or one `special` day
/// with its hours: `2026-12-24 09:00-12:00`.
struct CalendarReader {
    let report: LoadReport
    let workspaceZone: String
    /// Reads a file of the workspace; nil, with a report, when it cannot.
    var file: (String) -> SourceFile? = { _ in nil }

    private static let columns = [
        "id", "zone", "hours", "holidays", "special", "holiday", "holiday_name", "ics", "except", "include",
    ]
    private static let always = WeeklyHours(
        days: Array(repeating: [WeeklyHours.Interval(start: 0, end: 1440)], count: 7))

    private struct Draft {
        var zone: String?
        var hours: WeeklyHours?
        var holidays: [WorkspaceCalendar.Holiday] = []
        var closed: Set<CivilDate> = []
        var special: [CivilDate: [WeeklyHours.Interval]] = [:]
        var row: RawRow
    }

    func calendars(_ raw: RawTable) -> [String: WorkspaceCalendar] {
        let table = KnownTable(raw, name: "calendars", columns: Self.columns, report: report)
        var drafts: [String: Draft] = [:]
        var order: [String] = []
        for (id, row) in table.rows(unique: !raw.isCSV) {
            if drafts[id] == nil { order.append(id) }
            var draft = drafts[id] ?? Draft(row: row)
            if let zone = table.zone("zone", row) { draft.zone = zone }
            if let hours = table.hours("hours", row) { draft.hours = hours }
            holidays(table, row, &draft)
            feeds(table, row, &draft)
            special(table, row, &draft)
            drafts[id] = draft
        }
        var calendars: [String: WorkspaceCalendar] = [:]
        for id in order {
            guard let draft = drafts[id] else { continue }
            do throws(CalendarError) {
                let zone = try ZoneClock(draft.hours?.zone ?? draft.zone ?? workspaceZone)
                let business = try BusinessCalendar(
                    zone: zone, weekly: draft.hours ?? Self.always, holidays: draft.closed, special: draft.special)
                calendars[id] = WorkspaceCalendar(id: id, business: business, holidays: draft.holidays)
            } catch {
                table.wrong(.wrongCell, draft.row["hours"], draft.row, "calendar \(id): \(error.message)")
            }
        }
        return calendars
    }

    private func holidays(_ table: KnownTable, _ row: RawRow, _ draft: inout Draft) {
        var days: [(String, String?)] = []
        if let entries = row["holidays"]?.node?.entries {
            days = entries.map { ($0.key.text ?? "", $0.value.isNull ? nil : $0.value.text) }
        } else {
            days = table.texts("holidays", row).map { ($0, nil) }
        }
        if let day = table.text("holiday", row) { days.append((day, table.text("holiday_name", row))) }
        for (day, name) in days {
            guard let date = date(day) else {
                table.wrong(
                    .wrongCell, row["holidays"] ?? row["holiday"], row, "`\(day)` is no day such as 2026-12-25")
                continue
            }
            draft.holidays.append(.init(day: day, name: name))
            draft.closed.insert(date)
        }
    }

    /// The holidays of ICS files, without those that `except` names, with the proposed ones that `include` names.
    private func feeds(_ table: KnownTable, _ row: RawRow, _ draft: inout Draft) {
        let paths = table.texts("ics", row)
        let except = table.texts("except", row)
        let include = table.texts("include", row)
        guard !paths.isEmpty else {
            for column in ["except", "include"] where row[column].map({ !$0.isEmpty }) ?? false {
                table.wrong(
                    .wrongCell, row[column], row, "`\(column)` is about the days of `ics`, and there is none",
                    help: "write `ics: holidays.ics`")
            }
            return
        }
        var matched: Set<String> = []
        for path in paths {
            guard let source = file(path) else { continue }
            do throws(CalendarError) {
                let feed = try HolidayFeed(String(decoding: source.bytes, as: UTF8.self))
                for day in feed.days {
                    let text = LocalDateTime(seconds: day.date.daysSinceEpoch * 86_400, isDate: true).text
                    func isNamed(_ names: [String]) -> Bool {
                        let hits = names.filter { $0 == text || $0.lowercased() == day.name.lowercased() }
                        matched.formUnion(hits)
                        return !hits.isEmpty
                    }
                    let isOff = isNamed(except)
                    let isTaken = isNamed(include)
                    guard !isOff, !day.isProposed || isTaken else { continue }
                    draft.holidays.append(.init(day: text, name: day.name))
                    draft.closed.insert(day.date)
                }
            } catch {
                report.report(.wrongCell, source.path, nil, error.message, help: error.help)
            }
        }
        for (column, names) in [("except", except), ("include", include)] {
            for name in names where !matched.contains(name) {
                report.report(
                    .unknownRow, table.raw.source.path, row[column]?.range ?? row.range,
                    "no day of the calendar file is called `\(name)`", help: "write its name or its date",
                    severity: .warning)
            }
        }
    }

    private func special(_ table: KnownTable, _ row: RawRow, _ draft: inout Draft) {
        guard let cell = row["special"], !cell.isEmpty else { return }
        var days: [(day: String, hours: String)] = []
        if let entries = cell.node?.entries {
            for entry in entries {
                let hours = entry.value.items?.map { $0.text ?? "" }.joined(separator: ",") ?? entry.value.text ?? ""
                days.append((entry.key.text ?? "", hours))
            }
        } else {
            for part in (cell.text ?? "").split(separator: ";") {
                let words = KnownTable.trimmed(part).split(separator: " ", maxSplits: 1)
                days.append((words.first.map(String.init) ?? "", words.count > 1 ? String(words[1]) : ""))
            }
        }
        for (day, hours) in days {
            guard let date = date(day) else {
                table.wrong(
                    .wrongCell, cell, row, "`\(day)` is no day such as 2026-12-24",
                    help: "write { 2026-12-24: 09:00-12:00 }")
                continue
            }
            do throws(HoursText.Problem) {
                draft.special[date] = try HoursText.day(hours)
            } catch {
                table.wrong(
                    .wrongCell, cell, row, "`\(day)` \(error.message)",
                    help: "write hours such as 09:00-12:00, or closed")
            }
        }
    }

    private func date(_ text: String) -> CivilDate? {
        guard text.utf8.count == 10, let local = LocalDateTime(text), local.isDate else { return nil }
        return local.date
    }
}
