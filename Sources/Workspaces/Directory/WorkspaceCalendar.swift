import Calendars
public import WorkflowModel
import YAML

/// A business calendar as the table `calendars` declares it.
public struct WorkspaceCalendar: Sendable, Hashable {
    /// A day on which all is closed.
    public struct Holiday: Sendable, Hashable {
        /// The day, `2026-12-25`, in the calendar's zone.
        public var day: String
        /// What people call it.
        public var name: String?
    }

    /// The name by which playbooks call it.
    public var id: String
    /// An IANA zone; nil for the workspace's.
    public var zone: String?
    /// The open hours; nil for always.
    public var hours: WeeklyHours?
    /// The closed days, in the order of the file.
    public var holidays: [Holiday] = []

    /// A calendar that is always open.
    public init(id: String) { self.id = id }

    /// Whether the calendar is open at `instant`; nil when its zone is unknown.
    ///
    /// - Parameter workspaceZone: the zone of a calendar that names none, an IANA name.
    public func isOpen(at instant: Timestamp, workspaceZone: String) -> Bool? {
        let zone = self.zone ?? workspaceZone
        guard let local = LocalTime(instant, zone: zone) else { return nil }
        let isHoliday = holidays.contains { holiday in
            Timestamp(rfc3339: "\(holiday.day)T00:00:00Z").map { Int($0.seconds / 86_400) == local.day } ?? false
        }
        return isHoliday ? false : hours?.isOpen(at: instant, zone: zone) ?? true
    }
}

/// Reads `calendars`: `id`*, `zone`, `hours`, `holidays` (days, or a map from day to name). In CSV a calendar may have many rows, each
/// with one `holiday` and its `holiday_name`.
struct CalendarReader {
    let report: LoadReport

    func calendars(_ raw: RawTable) -> [String: WorkspaceCalendar] {
        let table = KnownTable(
            raw, name: "calendars", columns: ["id", "zone", "hours", "holidays", "holiday", "holiday_name"],
            report: report)
        var calendars: [String: WorkspaceCalendar] = [:]
        for (id, row) in table.rows(unique: !raw.isCSV) {
            var calendar = calendars[id] ?? WorkspaceCalendar(id: id)
            if let zone = table.zone("zone", row) { calendar.zone = zone }
            if let hours = table.hours("hours", row) { calendar.hours = hours }
            var days: [(String, String?)] = []
            if let entries = row["holidays"]?.node?.entries {
                days = entries.map { ($0.key.text ?? "", $0.value.isNull ? nil : $0.value.text) }
            } else {
                days = table.texts("holidays", row).map { ($0, nil) }
            }
            if let day = table.text("holiday", row) { days.append((day, table.text("holiday_name", row))) }
            for (day, name) in days {
                guard day.utf8.count == 10, Timestamp(rfc3339: "\(day)T00:00:00Z") != nil else {
                    table.wrong(
                        .wrongCell, row["holidays"] ?? row["holiday"], row, "`\(day)` is no day such as 2026-12-25")
                    continue
                }
                calendar.holidays.append(.init(day: day, name: name))
            }
            calendars[id] = calendar
        }
        return calendars
    }
}
