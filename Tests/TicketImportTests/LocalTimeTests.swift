import Testing
import TicketImport
import WorkflowModel

@Suite("Local times")
struct LocalTimeTests {
    static func time(_ text: String, format: String = "yyyy-MM-dd HH:mm", zone: String = "Europe/Berlin") throws
        -> (time: Timestamp?, report: ImportReport)
    {
        let mapping = """
            import: d
            source: d
            zone: \(zone)
            ticket: n
            time: { column: at, format: "\(format)" }
            fields: { title: n }

            """
        let (events, report) = try Exports.run(["1,\(text)"], mapping: mapping, header: "n,at")
        return (events.first?.time, report)
    }

    @Test(arguments: [
        ("2016-01-15 12:00", "2016-01-15T11:00:00Z"), ("2016-07-15 12:00", "2016-07-15T10:00:00Z"),
        ("2016-03-27 01:59", "2016-03-27T00:59:00Z"), ("2016-03-27 03:00", "2016-03-27T01:00:00Z"),
        ("2016-10-30 01:59", "2016-10-29T23:59:00Z"), ("2016-10-30 03:00", "2016-10-30T02:00:00Z"),
    ])
    func `a local time is an instant of its zone`(text: String, instant: String) throws {
        let (time, report) = try LocalTimeTests.time(text)
        #expect(time == Timestamp(rfc3339: instant))
        #expect(report.ambiguousTimes == 0 && report.impossibleTimes == 0)
    }

    @Test func `a time that the clock skips is read with the offset before`() throws {
        let (time, report) = try LocalTimeTests.time("2016-03-27 02:30")
        #expect(time == Timestamp(rfc3339: "2016-03-27T01:30:00Z"))
        #expect(report.impossibleTimes == 1)
    }

    @Test func `a time that the clock shows twice is the first of them`() throws {
        let (time, report) = try LocalTimeTests.time("2016-10-30 02:30")
        #expect(time == Timestamp(rfc3339: "2016-10-30T00:30:00Z"))
        #expect(report.ambiguousTimes == 1)
        let west = try LocalTimeTests.time("2016-11-06 01:30", zone: "America/New_York")
        #expect(west.time == Timestamp(rfc3339: "2016-11-06T05:30:00Z"))
    }

    @Test(arguments: [
        ("dd-MM-yyyy HH:mm", "29-02-2016 01:16", "2016-02-29T01:16:00Z"),
        ("dd-MM-yyyy HH:mm", "1-3-2016 9:05", "2016-03-01T09:05:00Z"),
        ("MM/dd/yyyy", "02/29/2016", "2016-02-29T00:00:00Z"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2016-02-29T01:16:09", "2016-02-29T01:16:09Z"),
        ("yyyyMMddHHmmss", "20160229011609", "2016-02-29T01:16:09Z"),
        ("rfc3339", "2016-02-29T01:16:09+01:00", "2016-02-29T00:16:09Z"),
    ])
    func `patterns read what they say`(format: String, text: String, instant: String) throws {
        #expect(try LocalTimeTests.time(text, format: format, zone: "UTC").time == Timestamp(rfc3339: instant))
    }

    @Test(arguments: [
        "29-02-2015 01:16", "29-13-2016 01:16", "29-02-2016 24:00", "29-02-2016 01:60", "29-02-16 01:16",
        "29-02-2016 01:16 ", "29/02/2016 01:16", "2016-02-29", "x",
    ])
    func `what is no such time is refused`(text: String) throws {
        let (time, report) = try LocalTimeTests.time("\"\(text)\"", format: "dd-MM-yyyy HH:mm", zone: "UTC")
        #expect(time == nil)
        #expect(report.skippedRows == 1)
    }
}
