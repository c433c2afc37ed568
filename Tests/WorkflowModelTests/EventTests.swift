import Testing
import WorkflowModel

@Suite("Events")
struct EventTests {
    private static let now = Timestamp(seconds: 1_795_305_600)

    private func event(_ json: String) throws -> Event { try Event(cloudEvent: JSON.parse(json), now: Self.now) }

    @Test("a CloudEvents envelope is read; the type names the subject")
    func reading() throws {
        let event = try event(
            #"{"specversion":"1.0","id":"1","source":"/desk","type":"ticket.created","time":"2026-11-22T08:00:00Z","tenant":"a","data":{"ticket":{"id":"4711"}}}"#
        )
        #expect(event.subject == "ticket:4711")
        #expect(event.time == Timestamp(rfc3339: "2026-11-22T08:00:00Z"))
        #expect(event.attributes["tenant"] == "a")
        #expect(event.data["ticket"]?["id"] == "4711")
    }

    @Test("the envelope of an event is read back as that event")
    func envelopeComesBack() throws {
        let event = Event(
            id: "1", source: "/desk", type: "ticket.created", time: Timestamp(seconds: 5, nanoseconds: 7),
            data: ["ticket": ["id": "4711", "created_at": .timestamp(Timestamp(seconds: 3))]])
        #expect(try Event(cloudEvent: event.envelope, now: Self.now) == event)
    }

    @Test("what only Signalbox says of an event is not believed when a sender claims it")
    func claims() throws {
        let json =
            #"{"specversion":"1.0","id":"1","source":"s","type":"custom","origin":"own","depth":9,"causedby":"run_1"}"#
        let event = try event(json)
        #expect(event.origin == .outside && event.depth == 0 && event.causedBy == nil && event.attributes.isEmpty)
        let own = Event(
            id: "1", source: "s", type: "custom", time: Self.now, origin: .own, depth: 3, causedBy: RunID("run_1"))
        let again = try Event(cloudEvent: own.envelope, now: Self.now)
        #expect(again.origin == .outside && again.depth == 0 && again.causedBy == nil)
        let handedOver = try Event(handedOver: own.envelope, now: Self.now)
        #expect(handedOver.origin == .own && handedOver.depth == 0 && handedOver.causedBy == nil)
    }

    @Test("an event without a time happens now; data that is no object is put under value")
    func defaults() throws {
        let event = try event(#"{"specversion":"1.0","id":"1","source":"s","type":"custom","data":[1]}"#)
        #expect(event.time == Self.now)
        #expect(event.data["value"] == [1])
        #expect(event.subject == nil)
    }

    @Test(
        "what an envelope lacks is named",
        arguments: [
            (#"[]"#, nil), (#"{"source":"s","type":"t","specversion":"1.0"}"#, "id"),
            (#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, "id"),
            (#"{"specversion":"1.0","id":5,"source":"s","type":"t"}"#, "id"),
            (#"{"specversion":"1.0","id":"1","type":"t"}"#, "source"),
            (#"{"specversion":"1.0","id":"1","source":"s"}"#, "type"),
            (#"{"id":"1","source":"s","type":"t"}"#, "specversion"),
            (#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, "specversion"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"today"}"#, "time"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","my_field":"x"}"#, "my_field"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","extra":{"a":1}}"#, "extra"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":{},"data_base64":""}"#, "data_base64"),
            (#"{"specversion":"1.0","id":"a\u0007","source":"s","type":"t"}"#, "id"),
        ] as [(String, String?)])
    func refused(json: String, attribute: String?) {
        let error = #expect(throws: EventError.self) { try event(json) }
        #expect(error?.attribute == attribute)
    }

    @Test("every known type has a schema, and all families of the vocabulary are there")
    func catalogue() {
        let families = Set(EventCatalog.standard.names.map { String($0.prefix { $0 != "." }) })
        #expect(
            families == [
                "ticket", "sla", "incident", "notification", "maintenance", "postmortem", "action", "ask", "routing",
                "oncall", "schedule", "run", "playbook", "alert", "webhook",
            ])
        #expect(EventCatalog.standard.types.count >= 40)
    }

    @Test("known fields always exist, and times are times")
    func binding() {
        let data: ValueMap = ["ticket": ["id": "1", "created_at": "2026-11-22T08:00:00Z", "own": 5]]
        let bound = EventCatalog.standard.bound(data, ofType: "ticket.created")
        #expect(bound["ticket"]?["priority"] == .null)
        #expect(bound["ticket"]?["created_at"] == .timestamp(Timestamp(seconds: 1_795_334_400)))
        #expect(bound["ticket"]?["own"] == 5)
        #expect(EventCatalog.standard.bound(["a": 1], ofType: "custom") == ["a": 1])
        // The fields of the schema in its order, then what else there is; what is inside likewise.
        let keys = bound["ticket"]?.map?.keys ?? []
        let known = EventCatalog.standard.schema(ofType: "ticket.created")?.property("ticket")?.properties ?? []
        #expect(keys.prefix(known.count) == known.map { .string($0.name) }[...])
        #expect(keys.last == .string("own"))
    }

    @Test("the subject of an SLA event is its ticket")
    func subjects() {
        let catalog = EventCatalog.standard
        #expect(
            catalog.subject(ofType: "sla.at_risk", data: ["sla": ["metric": "x"], "ticket": ["id": "7"]]) == "ticket:7")
        #expect(catalog.subject(ofType: "incident.declared", data: ["incident": ["id": "I1"]]) == "incident:I1")
        #expect(catalog.subject(ofType: "custom", data: ["custom": ["id": "1"]]) == nil)
    }
}
