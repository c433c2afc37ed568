import CloudEvents
import Testing
import WorkflowModel

/// Where a mistake is, and what is too much.
@Suite struct ReaderTests {
    private let reader = CloudEventReader(
        now: Timestamp(seconds: 1_795_334_400), maximumEventBytes: 120, maximumEvents: 3)

    private static func event(_ id: Int) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"t","data":{"n":\#(id)}}"#
    }

    private func refusal(_ body: () throws -> [Event]) throws -> CloudEventRefusal {
        do {
            let events = try body()
            throw Unexpected(events: events)
        } catch let refusal as CloudEventRefusal {
            return refusal
        }
    }

    private struct Unexpected: Error { let events: [Event] }

    @Test("One event a line, lines of white space left out")
    func lines() throws {
        let events = try reader.lines(Array("\(Self.event(1))\n\r\n  \n\(Self.event(2))\r\n\(Self.event(3))".utf8))
        #expect(events.map(\.id) == ["1", "2", "3"])
        #expect(try reader.lines([]).isEmpty)
    }

    @Test("A mistake in a line is told with the line, the column and the position of the event")
    func badLine() throws {
        let found = try refusal { try reader.lines(Array("\(Self.event(1))\n\n{\"id\" 3}\n".utf8)) }
        #expect(found.kind == .unreadable)
        #expect((found.line, found.column, found.event) == (3, 7, 1))
        #expect(found.description.hasPrefix("event 2, line 3, column 7: "))
    }

    @Test("A mistake in a batch is told with the position of the event and its attribute")
    func badInBatch() throws {
        let found = try refusal {
            try reader.list(Array("[\(Self.event(1)),{\"specversion\":\"1.0\",\"id\":\"2\",\"type\":\"t\"}]".utf8))
        }
        #expect(found.kind == .badEvent)
        #expect(found.event == 1)
        #expect(found.attribute == "source")
    }

    @Test("Events that are too many or too large are refused, in a batch and a line each")
    func limits() throws {
        let four = (1...4).map(Self.event)
        #expect(try refusal { try reader.lines(Array(four.joined(separator: "\n").utf8)) }.kind == .tooManyEvents)
        #expect(try refusal { try reader.list(Array("[\(four.joined(separator: ","))]".utf8)) }.kind == .tooManyEvents)
        let large =
            #"{"specversion":"1.0","id":"9","source":"/s","type":"t","data":"\#(String(repeating: "x", count: 80))"}"#
        #expect(try refusal { [try reader.event(Array(large.utf8))] }.kind == .eventTooLarge)
        let second = try refusal { try reader.list(Array("[\(Self.event(1)),\(large)]".utf8)) }
        #expect((second.kind, second.event) == (.eventTooLarge, 1))
        let line = try refusal { try reader.lines(Array("\(Self.event(1))\n\(large)".utf8)) }
        #expect((line.kind, line.line) == (.eventTooLarge, 2))
    }

    @Test("Deep JSON is refused where it becomes too deep")
    func deep() throws {
        let deep = String(repeating: "[", count: 100)
        let found = try refusal { [try CloudEventReader(now: .earliest).event(Array(deep.utf8))] }
        #expect(found.column == 65)
        #expect(found.message.contains("64"))
    }

    @Test(
        "What is neither a CloudEvent nor JSON is told what to send instead",
        arguments: [
            nil, "text/plain", "application/cloudevents+avro", "application/xml", "nonsense",
            "application/cloudevents-batch+xml",
        ] as [String?])
    func contentType(_ type: String?) throws {
        let found = try refusal {
            _ = try CloudEventReader.mode(contentType: type, hasAttributes: false)
            return []
        }
        #expect(found.kind == .unsupportedContentType)
    }

    @Test("Text of another charset than UTF-8 is refused, or read when it is Latin 1 data")
    func charset() throws {
        #expect(
            try refusal {
                try reader.events(
                    mode: .structured, type: MediaType("application/cloudevents+json; charset=utf-16"), headers: { [] },
                    body: Array(Self.event(1).utf8))
            }.kind == .unsupportedContentType)
        let attributes = [("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t")]
        let events = try reader.events(
            mode: .binary, type: MediaType("text/plain; charset=iso-8859-1"),
            headers: { attributes.map { (name: $0.0, value: $0.1) } }, body: [0xE4])
        #expect(events.first?.data == ["value": "ä"])
    }

    @Test("Nothing that only Signalbox says of an event is believed in a header")
    func ownAttributes() throws {
        let attributes = [
            ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t"), ("ce-origin", "own"),
            ("ce-depth", "9"), ("ce-causedby", "run_1"),
        ]
        let event = try #require(
            try reader.events(
                mode: .binary, type: nil, headers: { attributes.map { (name: $0.0, value: $0.1) } }, body: []
            ).first)
        #expect(event.origin == .outside)
        #expect(event.depth == 0)
        #expect(event.causedBy == nil)
    }
}
