import Testing
import WorkflowModel

@testable import Calendars

@Suite("Holidays from calendar files")
struct HolidayFeedTests {
    private static let feed = """
        BEGIN:VCALENDAR\r
        VERSION:2.0\r
        BEGIN:VEVENT\r
        DTSTART;VALUE=DATE:20261225\r
        DTEND;VALUE=DATE:20261227\r
        SUMMARY:Christmas\\, both
          days\r
        RRULE:FREQ=YEARLY;COUNT=2\r
        END:VEVENT\r
        BEGIN:VEVENT\r
        DTSTART;VALUE=DATE:20261031\r
        SUMMARY:Halloween\r
        DESCRIPTION:Observance\\nTo hide observances\\, go to settings\r
        END:VEVENT\r
        BEGIN:VEVENT\r
        DTSTART;TZID=Europe/London:20261105T180000\r
        SUMMARY:Fireworks\r
        END:VEVENT\r
        BEGIN:VEVENT\r
        DTSTART;VALUE=DATE:20260101\r
        SUMMARY:Moved\r
        STATUS:CANCELLED\r
        END:VEVENT\r
        END:VCALENDAR\r
        """

    @Test("Whole days are days off, several days and years of them too; observances and times are only proposed")
    func days() throws {
        let feed = try HolidayFeed(Self.feed)
        #expect(
            feed.days.map { day in
                "\(day.date.year)-\(day.date.month)-\(day.date.day) \(day.name)\(day.isProposed ? " ?" : "")"
            } == [
                "2026-10-31 Halloween ?", "2026-11-5 Fireworks ?", "2026-12-25 Christmas, both days",
                "2026-12-26 Christmas, both days", "2027-12-25 Christmas, both days", "2027-12-26 Christmas, both days",
            ])
    }

    @Test("What is no calendar is refused, and odd events do not spoil the others", arguments: ["", "hello", "<html>"])
    func wrong(text: String) {
        #expect(throws: CalendarError.self) { try HolidayFeed(text) }
    }

    @Test("An event with a day that does not exist or a rule that cannot be read is as good as it can be")
    func odd() throws {
        let text =
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260231\nSUMMARY:Never\nEND:VEVENT\n"
            + "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=SOMETIMES\nSUMMARY:Once\nEND:VEVENT\nEND:VCALENDAR\n"
        #expect(try HolidayFeed(text).days.map(\.name) == ["Once"])
    }
}
