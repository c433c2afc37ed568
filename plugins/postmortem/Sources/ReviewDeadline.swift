import Calendars
import WorkflowModel

/// When a post-mortem must be done: within 3 days after the gravest incidents, 5 working days after grave ones, 10 after others
/// (PagerDuty's post-mortem guide, "How to write a postmortem", has the first two).
enum ReviewDeadline {
    /// The deadline of a post-mortem that is opened at `instant`.
    ///
    /// - Parameter zone: The zone whose Saturdays and Sundays are not working days, an IANA name.
    static func due(severity: String?, openedAt instant: Timestamp, zone: String) -> Timestamp {
        switch severity?.uppercased() {
        case "SEV1": instant + .seconds(3 * 86_400)
        case "SEV2": workingDays(5, after: instant, zone: zone)
        default: workingDays(10, after: instant, zone: zone)
        }
    }

    private static func workingDays(_ count: Int, after instant: Timestamp, zone: String) -> Timestamp {
        var left = count
        var instant = instant
        while left > 0 {
            instant = instant + .seconds(86_400)
            let weekday = LocalTime(instant, zone: zone)?.weekday ?? 0
            if weekday < 5 { left -= 1 }
        }
        return instant
    }
}
