import PluginHost
import Testing
import WorkflowModel
import YAML

/// Genuine deliveries of every kind, good and bad.
@Suite struct WebhookReceiverTests {
    private func hook(_ rest: String, _ settings: Value = [:]) throws -> Hook {
        let text = """
            plugin: tried
            version: 0.1.0
            summary: For a test.
            webhooks:
              verify: { token: { kind: header, header: X-Token } }
              delivery: { header: X-Delivery }
            \(rest)
            """
        let (file, problems) = ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: text))
        #expect(problems == [])
        return try HookSamples.hook(settings, #require(file?.webhooks), plugin: "tried")
    }

    private static let plain = """
          events:
            - { when: has(body.id), type: ticket.created, data: { ticket: { id: =text(body.id), title: =body.title } } }
        """

    private func receive(
        _ hook: Hook, _ body: [UInt8], type: String? = "application/json", delivery: String? = nil
    ) -> WebhookOutcome {
        var headers = [WebhookRequest.Header("X-Token", "s")]
        if let type { headers.append(.init("Content-Type", type)) }
        if let delivery { headers.append(.init("X-Delivery", delivery)) }
        return WebhookReceiver.receive(
            WebhookRequest(name: "sample", headers: headers, body: body, receivedAt: HookSamples.now), hook: hook,
            secrets: ["s"])
    }

    private func receive(_ hook: Hook, _ text: String, type: String? = "application/json") -> WebhookOutcome {
        receive(hook, Array(text.utf8), type: type)
    }

    @Test(arguments: [
        ("", "400 body_unreadable"), ("{", "400 body_unreadable"), (#"{"id":"1""#, "400 body_unreadable"),
        (#"{"id":1,"id":2}"#, "400 body_unreadable"), (#"{"id":1} trailing"#, "400 body_unreadable"),
        (String(repeating: "[", count: 100_000), "400 body_unreadable"),
        (
            #"{"id":"# + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "}",
            "400 body_unreadable"
        ),
        (#"{"id":"\ud800"}"#, "400 body_unreadable"), ("null", "unmapped"), ("17", "unmapped"), ("[]", "unmapped"),
        ("{}", "unmapped"), (#"{"id":1}"#, "accepted"),
    ])
    func `a body that cannot be read is refused and kept, one that is not understood is kept`(
        _ body: String, _ wanted: String
    ) throws {
        let outcome = receive(try hook(Self.plain), body)
        #expect((outcome.refusal.map { "\($0.status) \($0.code)" } ?? outcome.kind.rawValue) == wanted)
        #expect(outcome.isGenuine && outcome.events.count == 1)
        if wanted != "accepted" {
            let kept = try #require(outcome.events.first)
            #expect(kept.type == "webhook.unmapped")
            #expect(kept.data["webhook"]?["body"]?.string == String(body.prefix(WebhookLimits.keptBody)))
            #expect(kept.data["webhook"]?["size"] == .int(Int64(body.utf8.count)))
            #expect(EventCatalog.standard.schema(ofType: kept.type)?.violations(of: .map(kept.data)) == [])
        }
    }

    @Test(
        arguments: [
            (nil, "accepted"), ("application/json", "accepted"), ("Application/JSON; charset=UTF-8", "accepted"),
            ("application/vnd.example.v1+json", "accepted"), ("text/json", "accepted"),
            ("application/json; charset=latin1", "415 unsupported_media_type"),
            ("text/plain", "415 unsupported_media_type"),
            ("application/xml", "415 unsupported_media_type"), ("", "415 unsupported_media_type"),
            ("application/x-www-form-urlencoded", "415 unsupported_media_type"), (";;;", "415 unsupported_media_type"),
        ] as [(String?, String)])
    func `only the content types of the sender are taken`(_ type: String?, _ wanted: String) throws {
        let outcome = receive(try hook(Self.plain), #"{"id":1}"#, type: type)
        #expect((outcome.refusal.map { "\($0.status) \($0.code)" } ?? outcome.kind.rawValue) == wanted)
    }

    @Test func `bytes that are no text are kept as they are`() throws {
        let outcome = receive(try hook(Self.plain), [0xFF, 0x00, 0x7B])
        #expect(outcome.kind == .unreadable)
        #expect(outcome.events.first?.data["webhook"]?["body_base64"] == "/wB7")
    }

    @Test func `a long body is kept up to its limit`() throws {
        let body = Array(repeating: UInt8(ascii: "x"), count: WebhookLimits.keptBody + 10)
        let kept = try #require(receive(try hook(Self.plain), body).events.first?.data["webhook"])
        #expect(kept["truncated"] == true && kept["size"] == .int(Int64(body.count)))
        #expect(kept["body"]?.string?.utf8.count == WebhookLimits.keptBody)
    }

    @Test func `the same body has the same name, whenever it is kept`() throws {
        let hook = try hook(Self.plain)
        let first = receive(hook, "{}").events.first
        #expect(first?.id == receive(hook, "{}").events.first?.id)
        #expect(first?.id != receive(hook, "{ }").events.first?.id)
        #expect(receive(hook, Array("{}".utf8), delivery: "d-1").events.first?.id == "unmapped:d-1")
    }

    @Test func `each rule that fits gives its event, and every element of a list its own`() throws {
        let hook = try hook(
            """
              events:
                - when: body.kind == "none"
                  ignore: nothing of ours
                - for_each: body.items
                  as: item
                  when: item.n > 1
                  type: thing.seen
                  data: { thing: { n: =item.n } }
                - type: thing.counted
                  id: ="count-" + string(size(body.items))
                  time: =moment(body.at)
                  data: { thing: { n: =size(body.items), kind: thing, missing: =body.not_there, nothing: =body.empty } }
            """)
        let outcome = receive(
            hook,
            Array(#"{"kind":"x","at":"2026-01-15 09:00:00","empty":null,"items":[{"n":1},{"n":2},{"n":3},{}]}"#.utf8),
            delivery: "d")
        #expect(outcome.kind == .accepted)
        #expect(outcome.events.map(\.type) == ["thing.seen", "thing.seen", "thing.counted"])
        #expect(outcome.events.map(\.id) == ["d", "d#2", "count-4"])
        #expect(outcome.events[2].data == ["thing": ["n": 4, "kind": "thing", "nothing": .null]])
        #expect(outcome.events[2].time.rfc3339 == "2026-01-15T09:00:00Z")
        #expect(outcome.events.allSatisfy { $0.source == "/hooks/sample" && $0.attributes["delivery"] == "d" })
        let ignored = receive(hook, #"{"kind":"none","items":[{"n":5}]}"#)
        #expect(ignored.kind == .ignored && ignored.reason == "nothing of ours" && ignored.events.isEmpty)
    }

    @Test func `an expression that fails is told, and what the other rules give is taken`() throws {
        let hook = try hook(
            """
              events:
                - { type: thing.one, data: { thing: { n: =body.n / body.zero } } }
                - { type: thing.two, data: { thing: { n: =body.n } } }
            """)
        let outcome = receive(hook, #"{"n":1,"zero":0}"#)
        #expect(outcome.kind == .unmapped)
        #expect(outcome.events.map(\.type) == ["thing.two", "webhook.unmapped"])
        #expect(outcome.reason?.contains("zero") == true)
    }

    @Test func `a delivery has a thousand events at most, and the rest is told`() throws {
        let hook = try hook(
            "  events:\n    - { for_each: body, as: item, type: thing.one, data: { thing: { n: =item } } }")
        let list = "[" + (0..<1001).map(String.init).joined(separator: ",") + "]"
        let outcome = receive(hook, list)
        #expect(outcome.kind == .unmapped && outcome.events.count == WebhookLimits.events + 1)
        #expect(outcome.reason?.contains("more than 1000 events") == true)
    }

    @Test func `a sender that asks whether we are there is answered`() throws {
        let hook = try hook(
            """
              handshake: { when: body.type == "url_verification", answer: { challenge: =body.challenge } }
              events:
                - { type: thing.one, data: { thing: =body } }
            """)
        let outcome = receive(hook, #"{"type":"url_verification","challenge":"c-1"}"#)
        #expect(outcome.kind == .handshake && outcome.answer == ["challenge": "c-1"] && outcome.events.isEmpty)
        #expect(receive(hook, #"{"type":"x"}"#).kind == .accepted)
    }

    @Test func `words of the workspace go before those of the manifest, and unknown ones are kept and told`() throws {
        let rest = """
              words: { status: { A: new, B: open }, unused: {} }
              events:
                - type: ticket.updated
                  data:
                    ticket:
                      id: x
                      status: =word("status", body.status)
                      assignee: =person(body.who)
                      queue: =word("unused", body.queue)
                      priority: =word_among("status", [body.status, "A"])
            """
        let hook = try hook(rest, ["map": ["status": ["B": "hold", "C": "closed"], "people": ["9": "agent-9"]]])
        func ticket(_ body: String) throws -> (Value, [String]) {
            let outcome = receive(hook, body)
            return (
                try #require(outcome.events.first?.data["ticket"]),
                outcome.unknownWords.map { "\($0.table): \($0.word)" }
            )
        }
        var (found, unknown) = try ticket(#"{"status":"B","who":9,"queue":"q"}"#)
        #expect(found == ["id": "x", "status": "hold", "assignee": "agent-9", "queue": "q", "priority": "hold"])
        #expect(unknown == [])
        (found, unknown) = try ticket(#"{"status":"Z","who":"8"}"#)
        #expect(found == ["id": "x", "status": "Z", "assignee": "8", "priority": "new"])
        #expect(unknown == ["status: Z", "people: 8"])
        (found, unknown) = try ticket(#"{"status":"closed","who":null}"#)
        #expect(found == ["id": "x", "status": "closed", "assignee": .null, "priority": "new"])
        #expect(unknown == [])
    }

    @Test(
        arguments: [
            (#""2026-01-15T09:30:00.000+0000""#, "2026-01-15T09:30:00Z"),
            (#""2026-01-15T10:30:00+01:00""#, "2026-01-15T09:30:00Z"),
            (#""2026-01-15 09:30:00""#, "2026-01-15T09:30:00Z"), ("1768469400", "2026-01-15T09:30:00Z"),
            ("1768469400123", "2026-01-15T09:30:00.123Z"), (#""1768469400""#, "2026-01-15T09:30:00Z"),
            (#""0001-01-01T00:00:00Z""#, nil), (#""""#, nil), ("null", nil), ("0", nil),
            (#""2026-01-15T09:30:00-0500""#, "2026-01-15T14:30:00Z"),
            (#""2026-01-15T09:30:00-05:00""#, "2026-01-15T14:30:00Z"),
            (#""yesterday""#, "unmapped"), ("[]", "unmapped"), (#""2026-13-99T00:00:00Z""#, "unmapped"),
        ] as [(String, String?)])
    func `times are read in the forms that senders have`(_ text: String, _ wanted: String?) throws {
        let hook = try hook("  events:\n    - { type: thing.one, data: { thing: { at: =moment(body.at) } } }")
        let outcome = receive(hook, "{\"at\":\(text)}")
        let found = outcome.kind == .unmapped ? "unmapped" : outcome.events.first?.data["thing"]?["at"]?.string
        #expect(found == wanted)
    }
}
