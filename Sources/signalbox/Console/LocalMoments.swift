import Calendars
import WorkflowModel
import Workspaces

/// Instants as the reader's clock shows them, always with the offset from UTC, so that nobody has to guess.
struct LocalMoments: Sendable {
    let zone: ZoneClock

    /// The zone that is asked for, else that of the person who reads, else the workspace's.
    ///
    /// - Throws: ``CommandFailure`` when there is no such zone.
    init(_ asked: String?, in open: OpenWorkspace, _ state: StateFolder) throws {
        let directory = open.workspace.directory
        let person = asked == nil ? try ActingPerson.find(nil, in: open, state) : nil
        let name = asked ?? person.flatMap { directory.person($0.id)?.zone } ?? directory.zone
        do {
            zone = try ZoneClock(name)
        } catch {
            throw CommandFailure(.usage, error.message, help: "zones have names such as Europe/London")
        }
    }

    /// `Mon 2026-11-23 15:00 +00:00`; seconds only where there are some.
    func text(_ instant: Timestamp) -> String {
        let text = zone.rfc3339(Timestamp(seconds: instant.seconds))
        // 2026-11-23T15:00:00+00:00
        let date = text.prefix(10)
        var clock = text.dropFirst(11).prefix(8)
        if clock.hasSuffix(":00") { clock = clock.dropLast(3) }
        let rest = text.dropFirst(19)
        return "\(weekday(instant)) \(date) \(clock) \(rest == "Z" ? "+00:00" : String(rest))"
    }

    private func weekday(_ instant: Timestamp) -> String {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        // 1970-01-01 was a Thursday.
        return days[Int(((zone.local(at: instant).date.daysSinceEpoch + 3) % 7 + 7) % 7)]
    }
}
