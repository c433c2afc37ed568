import Testing
import TicketImport
import WorkflowModel

@Suite("Events of a history")
struct EventTests {
    static let life = [
        "A1,0,01-03-2016 09:00,Printer,New,P3,?,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,1,01-03-2016 09:30,Printer,Active,P3,p1,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,2,01-03-2016 09:30,Printer,Active,P2,p1,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,3,01-03-2016 11:00,Printer,Resolved,P2,p2,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,4,01-03-2016 12:00,Printer,Active,P2,p2,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,5,02-03-2016 10:00,Printer,Resolved,P2,p2,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
        "A1,6,07-03-2016 10:00,Printer,Closed,P2,p2,c1,02-03-2016 10:00,code 5,07-03-2016 10:00",
    ]

    @Test func `a life of a ticket gives its events in order, several for one update`() throws {
        let (events, report) = try Exports.run(EventTests.life)
        #expect(
            events.map(\.id) == [
                "A1-0-created", "A1-1-updated", "A1-1-assigned", "A1-2-updated", "A1-3-assigned", "A1-3-resolved",
                "A1-4-reopened", "A1-5-resolved", "A1-6-closed",
            ])
        #expect(events.map(\.type) == events.map { "ticket." + ($0.id.split(separator: "-").last ?? "") })
        #expect(events.allSatisfy { $0.subject == "ticket:A1" && $0.source == "https://desk.example.com" })
        #expect(events.first?.time == Timestamp(rfc3339: "2016-03-01T08:00:00Z"))
        #expect(report.events == 9 && report.rows == 7 && report.tickets == 1 && report.skippedRows == 0)
        #expect(report.eventsByType.map(\.count) == [1, 1, 2, 2, 2, 1])
    }

    @Test func `changes say from what to what`() throws {
        let (events, _) = try Exports.run(EventTests.life)
        let handover = try #require(events.first { $0.id == "A1-3-assigned" })
        #expect(
            handover.data["changes"]?.map == [
                "status": ["from": "open", "to": "solved"], "assignee": ["from": "p1", "to": "p2"],
            ])
        #expect(handover.data["previous_assignee"] == "p1")
        #expect(events.first?.data["changes"] == nil)
        let first = try #require(events.first { $0.id == "A1-1-assigned" })
        #expect(first.data["changes"]?["assignee"] == ["from": .null, "to": "p1"])
    }

    @Test func `what only the end tells is not known before`() throws {
        let (events, report) = try Exports.run(EventTests.life)
        func told(_ id: String, _ field: String) -> Value? {
            events.first { $0.id == id }?.data["ticket"]?[field]
        }
        #expect(told("A1-0-created", "resolved_at") == nil)
        // The row says Resolved, but its time of resolution is that of the second one.
        #expect(told("A1-3-resolved", "resolved_at") == nil)
        #expect(told("A1-5-resolved", "resolved_at") == .timestamp(Timestamp(seconds: 1_456_909_200)))
        #expect(told("A1-5-resolved", "closed_code") == nil)
        #expect(told("A1-6-closed", "closed_code") == "code 5")
        #expect(report.withheld == ["resolved_at": 5, "closed_code": 6])
    }

    @Test func `a ticket first seen as solved was created and solved`() throws {
        let (events, _) = try Exports.run(["B,0,01-03-2016 09:00,x,Resolved,P3,?,c1,?,?,?"])
        #expect(events.map(\.id) == ["B-0-created", "B-0-resolved"])
    }

    @Test func `updates of one minute keep their order, and a number used twice still names its update`() throws {
        let (events, _) = try Exports.run([
            "A,2,01-03-2016 09:00,x,Active,P1,?,c1,?,?,?",
            "A,1,01-03-2016 09:00,x,Active,P3,?,c1,?,?,?",
            "A,2,01-03-2016 09:00,x,Active,P2,?,c1,?,?,?",
        ])
        #expect(events.map(\.id) == ["A-1-created", "A-2-updated", "A-2.2-updated"])
        #expect(events.map { $0.data["ticket"]?["priority"] } == ["P3", "P1", "P2"])
    }

    @Test func `an update in which nothing visible changed is an update`() throws {
        let row = "x,Active,P3,?,c1,?,?,?"
        let (events, _) = try Exports.run(["A,0,01-03-2016 09:00,\(row)", "A,1,01-03-2016 09:05,\(row)"])
        #expect(events.map(\.type) == ["ticket.created", "ticket.updated"])
        #expect(events[1].data["changes"] == .map([:]))
    }

    @Test func `the events of all tickets are in the order of their times`() throws {
        let (events, report) = try Exports.run([
            "B,0,01-03-2016 09:00,x,New,P3,?,c1,?,?,?", "B,1,03-03-2016 09:00,x,Active,P3,?,c1,?,?,?",
            "A,1,01-03-2016 10:00,x,Active,P3,?,c1,?,?,?", "A,0,01-03-2016 09:00,x,New,P3,?,c1,?,?,?",
        ])
        #expect(events.map(\.id) == ["B-0-created", "A-0-created", "A-1-updated", "B-1-updated"])
        #expect(report.rowsOutOfOrder == 1)
    }

    @Test func `tickets and times can be limited, and what was before still counts`() throws {
        let rows = ["B,0,01-03-2016 08:00,x,New,P3,?,c1,?,?,?"] + EventTests.life
        let first = try Exports.run(rows, options: ImportOptions(ticketLimit: 1))
        #expect(first.events.map(\.id) == ["B-0-created"])
        #expect(first.report.tickets == 1)
        let part = try Exports.run(
            rows,
            options: ImportOptions(
                from: Timestamp(rfc3339: "2016-03-01T10:00:00Z"), until: Timestamp(rfc3339: "2016-03-02T09:00:00Z")))
        #expect(part.events.map(\.id) == ["A1-3-assigned", "A1-3-resolved", "A1-4-reopened"])
    }

    @Test func `rows without a usable ticket, time or width are skipped with their row and reason`() throws {
        let (events, report) = try Exports.run([
            "?,0,01-03-2016 09:00,x,New,P3,?,c1,?,?,?",
            "A,0,31-02-2016 09:00,x,New,P3,?,c1,?,?,?",
            "A,0,,x,New,P3,?,c1,?,?,?",
            "A,0,01-03-2016",
            "",
            "A,0,01-03-2016 09:00,\"a \"\"quoted\"\", title\",New,P3,?,c1,?,?,?",
        ])
        #expect(events.count == 1)
        #expect(events.first?.data["ticket"]?["title"] == "a \"quoted\", title")
        #expect(report.skipped.map(\.row) == [2, 3, 4, 5])
        #expect(
            report.skipped.map(\.reason) == [
                "has no ticket in column number", "A: \"31-02-2016 09:00\" in column at is no such time",
                "A has no time in column at", "has 3 fields, the header names 11",
            ])
    }

    @Test func `words that values do not list get the default and are counted`() throws {
        let (events, report) = try Exports.run(["A,0,01-03-2016 09:00,x,Parked,P3,?,c1,?,?,?"])
        #expect(events.first?.data["ticket"]?["status"] == "hold")
        #expect(report.unlisted == ["status": ["Parked": 1]])
    }

    @Test func `lists, numbers, prefixes, constants and plans are read as they are meant`() throws {
        let mapping = """
            import: desk
            source: desk
            zone: UTC
            ticket: number
            time: { column: at, format: rfc3339 }
            fields:
              tags: { column: labels, split: "," }
              reopen_count: reopened
              due_at: { column: due, planned: true, format: yyyy-MM-dd }
              url: { column: number, prefix: "https://desk.example.com/" }
              channel: { value: phone }
              title: { columns: [a, b], between: " / " }
              weight: { column: weight, integer: true }

            """
        let (events, report) = try Exports.run(
            ["7,2016-03-01T09:00:00+01:00,\"vip, urgent\",2,2016-04-01,x,,heavy"], mapping: mapping,
            header: "number,at,labels,reopened,due,a,b,weight")
        #expect(
            events.first?.data["ticket"]?.map == [
                "id": "7", "tags": ["vip", "urgent"], "reopen_count": 2,
                "due_at": .timestamp(Timestamp(seconds: 1_459_468_800)), "url": "https://desk.example.com/7",
                "channel": "phone", "title": "x",
            ])
        #expect(events.first?.time == Timestamp(rfc3339: "2016-03-01T08:00:00Z"))
        #expect(events.first?.id == "7-0-created")
        #expect(report.unreadable == ["weight": 1])
    }
}
