import Foundation
import Testing
import TicketImport
import WorkflowModel
import YAML

/// The history that the sample workspace ships: 200 incidents of a real desk. Nobody here wrote it.
@Suite("A real history")
struct RealHistoryTests {
    static func run() throws -> (events: [Event], report: ImportReport) {
        let mapping = try Exports.workspace.appending(path: "imports/servicenow.yaml").read()
        let (read, diagnostics) = ImportMapping.read(SourceFile(path: "servicenow.yaml", bytes: mapping))
        #expect(diagnostics.filter { $0.severity == .error }.isEmpty)
        // SIGNALBOX_TEST_HISTORY names a larger export with the same columns.
        let other = ProcessInfo.processInfo.environment["SIGNALBOX_TEST_HISTORY"].map { URL(filePath: $0) }
        let csv = try (other ?? Exports.workspace.appending(path: "history/servicenow-200.csv")).read()
        return try TicketImport.run(csv: csv, path: "servicenow-200.csv", mapping: #require(read))
    }

    @Test(.disabled(if: ProcessInfo.processInfo.environment["SIGNALBOX_TEST_HISTORY"] != nil))
    func `the counts are those that another program finds`() throws {
        let (events, report) = try RealHistoryTests.run()
        #expect(report.tickets == 200 && report.rows == 1285 && report.skippedRows == 0)
        #expect(events.count == 1349)
        #expect(report.eventsByType.map(\.count) == [200, 4, 548, 194, 203, 200])
    }

    @Test func `ids are unique, and times never go back`() throws {
        let (events, _) = try RealHistoryTests.run()
        #expect(Set(events.map(\.id)).count == events.count)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test func `no event tells a time after its own, nor how the ticket will end`() throws {
        let (events, _) = try RealHistoryTests.run()
        for event in events {
            let ticket = try #require(event.data["ticket"]?.map)
            for time in RealHistoryTests.times(.map(event.data)) { #expect(time <= event.time, "\(event.id)") }
            let status = ticket["status"]?.string
            if status != "closed" {
                for field in ["closed_at", "closed_code", "made_sla"] { #expect(ticket[field] == nil, "\(event.id)") }
                if status != "solved" { #expect(ticket["resolved_by"] == nil, "\(event.id)") }
            }
        }
        #expect(events.contains { $0.data["ticket"]?["closed_code"] != nil })
    }

    @Test func `every event is one that the schemas know and that comes back from its JSON`() throws {
        for event in try RealHistoryTests.run().events.prefix(300) {
            let schema = try #require(EventCatalog.standard.schema(ofType: event.type))
            let parsed = try JSON.parse(JSONWriter.text(event.envelope))
            let again = try Event(cloudEvent: parsed, now: Timestamp(seconds: 0))
            #expect(again.time == event.time && again.subject == event.subject)
            #expect(schema.violations(of: .map(again.data)).isEmpty)
        }
    }

    private static func times(_ value: Value) -> [Timestamp] {
        switch value {
        case .timestamp(let time): [time]
        case .map(let map): map.flatMap { times($0.value) }
        case .list(let items): items.flatMap(times)
        default: []
        }
    }
}

extension URL {
    func read() throws -> [UInt8] { try Array(Data(contentsOf: self)) }
}
