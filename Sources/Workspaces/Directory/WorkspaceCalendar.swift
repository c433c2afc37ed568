public import Calendars

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
    /// When it is open: hours, holidays and special days, in its zone.
    public var business: BusinessCalendar
    /// The closed days, in the order of the file.
    public var holidays: [Holiday]

    /// A calendar of these parts.
    public init(id: String, business: BusinessCalendar, holidays: [Holiday] = []) {
        self.id = id
        self.business = business
        self.holidays = holidays
    }
}
