import CloudEvents
import Testing
import WorkflowModel

/// The examples of cloudevents/conformance and sentences of cloudevents/spec (Apache-2.0, see Conformance/).
@Suite struct ConformanceTests {
    private static let now = Timestamp(seconds: 1_795_334_400)

    @Test(
        "What must be read is read, and what must be refused is refused", arguments: try ConformanceCase.all().map(\.id)
    )
    func request(_ id: String) throws {
        let test = try #require(try ConformanceCase.all().first { $0.id == id })
        let headers = test.headers.map { (name: $0.name.lowercased(), value: $0.value) }
        do {
            let (mode, type) = try CloudEventReader.mode(
                contentType: headers.first { $0.name == "content-type" }?.value,
                hasAttributes: headers.contains { $0.name == "ce-specversion" })
            let events = try CloudEventReader(now: Self.now).events(
                mode: mode, type: type, headers: { headers }, body: test.body)
            let expected = try #require(test.events, "it must be refused, and gave \(events)")
            #expect(mode.rawValue == test.mode || test.mode == "batched")
            try #require(events.count == expected.count)
            for (event, expected) in zip(events, expected) { try Self.compare(event, expected) }
        } catch let refusal as CloudEventRefusal {
            #expect(test.events == nil, "it was refused: \(refusal)")
        }
    }

    @Test("The data has all its cases") func count() throws { #expect(try ConformanceCase.all().count == 83) }

    private static func compare(_ event: Event, _ expected: Value) throws {
        var given: [String: String] = [
            "specversion": "1.0", "id": event.id, "source": event.source, "type": event.type,
        ]
        given["subject"] = event.subject
        for attribute in event.attributes {
            let name = try #require(attribute.key.string)
            given[name] = attribute.value.string ?? JSONWriter.text(attribute.value)
        }
        var wanted: [String: String] = [:]
        for attribute in expected["attributes"]?.map?.entries ?? [] {
            wanted[try #require(attribute.key.string)] = attribute.value.string
        }
        // Times are compared as instants: Signalbox keeps no zones.
        let time = wanted.removeValue(forKey: "time")
        #expect(event.time == (try time.map { try #require(Timestamp(rfc3339: $0)) } ?? now))
        #expect(given == wanted)
        switch expected["data"]?["kind"]?.string {
        case "json":
            switch expected["data"]?["json"] {
            case .map(let map)?: #expect(event.data == map)
            case .null?: #expect(event.data.isEmpty)
            case let other?: #expect(event.data == ["value": other])
            case nil: Issue.record("the case has no data")
            }
        case "text": #expect(event.data["value"]?.string == expected["data"]?["text"]?.string)
        case "binary":
            let bytes = try #require(expected["data"]?["base64"]?.string.flatMap(Base64Text.decode))
            #expect(event.data["value"] == .bytes(bytes))
        default: #expect(event.data.isEmpty)
        }
    }
}
