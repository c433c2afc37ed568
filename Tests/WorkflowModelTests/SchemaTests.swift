import Testing
import WorkflowModel

@Suite("Schemas")
struct SchemaTests {
    private static let text = #"""
        {"type":"object","required":["to"],"additionalProperties":false,"properties":{
         "to":{"type":["string","array"],"items":{"type":"string"}},
         "by":{"enum":["chat","email"],"default":"chat"},
         "limit":{"type":"integer","minimum":1,"maximum":10},
         "text":{"type":"string","minLength":1,"maxLength":5},
         "after":{"type":"string","format":"duration"},
         "at":{"type":"string","format":"date-time"}}}
        """#

    private func schema() throws -> Schema { try Schema(JSON.parse(Self.text)) }

    @Test(
        "what does not fit is named with its place",
        arguments: [
            (#"{}"#, "to: is missing"), (#"{"to":1}"#, "to: must be text or a list, is whole number"),
            (#"{"to":["a",1]}"#, "to[1]: must be text, is whole number"),
            (#"{"to":"a","by":"emial"}"#, "by: must be one of chat, email; did you mean email?"),
            (#"{"to":"a","limit":11}"#, "limit: must be at most 10"),
            (#"{"to":"a","limit":1.5}"#, "limit: must be a whole number, is number"),
            (#"{"to":"a","text":""}"#, "text: must not be empty"),
            (#"{"to":"a","text":"123456"}"#, "text: must have at most 5 characters, has 6"),
            (#"{"to":"a","after":"soon"}"#, "after: must be a duration such as 15m or 1h30m"),
            (#"{"to":"a","tot":1}"#, "tot: is not known here; did you mean to?"),
            (#"[]"#, "must be a map, is list"),
        ])
    func violations(json: String, message: String) throws {
        #expect(try schema().violations(of: JSON.parse(json)).map(\.description) == [message])
    }

    @Test("an optional field may be null; a whole double is a whole number")
    func lenient() throws {
        #expect(try schema().violations(of: ["to": "a", "limit": nil]).isEmpty)
        #expect(try schema().violations(of: ["to": "a", "limit": 2.0]).isEmpty)
    }

    @Test("defaults are filled in, times and durations bound")
    func binding() throws {
        let bound = try schema().bound(["to": "a", "after": "15m", "at": "1970-01-01T00:00:01Z"])
        #expect(
            bound == [
                "to": "a", "after": .duration(.seconds(900)), "at": .timestamp(Timestamp(seconds: 1)), "by": "chat",
            ])
    }

    @Test("a keyword that is not supported is an error with its path")
    func malformed() throws {
        let value = try JSON.parse(#"{"properties":{"a":{"tipe":"string"}}}"#)
        let error = #expect(throws: Schema.Malformed.self) { try Schema(value) }
        #expect(error?.path == "/properties/a/tipe")
    }

    @Test(
        "what was meant is found",
        arguments: [
            ("notify.sned", "notify.send"), ("Priority", "priority"), ("dedupe-key", "dedupe_key"),
            ("pririty", "priority"), ("xyz", nil), ("zzzzzzzz", nil),
        ] as [(String, String?)])
    func similarity(written: String, meant: String?) {
        let known = ["priority", "notify.send", "notify.page", "dedupe_key", "status"]
        #expect(Similarity.nearest(to: written, among: known) == meant)
    }
}
