import Calendars
import WorkflowModel
import YAML

/// Reads `calendars`: `id`*, `zone`, `hours` (always when left out), `holidays` (days, or a map from day to name) and `special` (a map
/// from day to hours). In CSV a calendar may have many rows, each with one `holiday` and its `holiday_name`, or one `special` day
/// with its hours: `2026-12-24 09:00-12:00`.
struct CalendarReader {
    let report: LoadReport
    let workspaceZone: String

    private static let columns = ["id", "zone", "hours", "holidays", "special", "holiday", "holiday_name"]
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
