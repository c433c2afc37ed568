import Expressions
import Testing
import WorkflowModel

@Suite struct CELJSONTests {
    @Test(
        "values as plain JSON",
        arguments: [
            ("b\"hi\"", "\"aGk=\""), ("now", "\"2026-11-22T08:00:00Z\""), ("duration(\"1m30.5s\")", "\"90.5s\""),
            ("0.0 / 0.0", "\"NaN\""),
            ("-1.0 / 0.0", "\"-Infinity\""), ("{1: true, \"a\": null}", "{\"1\":true,\"a\":null}"),
            ("[1, 2u, \"x\"]", "[1,2,\"x\"]"),
            ("type(1)", "\"int\""), ("optional.none()", "null"), ("optional.of(1)", "1"), ("ip(\"::1\")", "\"::1\""),
            ("secrets.TOKEN", "\"‹secret TOKEN›\""),
        ])
    func plain(_ text: String, _ wanted: String) throws {
        #expect(JSONWriter.text(CELJSON.value(try Samples.value(text))) == wanted)
    }

    @Test(
        "the typed encoding keeps every kind",
        arguments: [
            "null", "true", "-5", "5u", "0.1", "0.0 / 0.0", "1.0 / 0.0", "\"x\"", "b\"\\xff\"", "now",
            "duration(\"-1.5s\")", "type(1)",
            "[1, [2u]]", "{1: 2, \"a\": {true: null}}",
        ])
    func typed(_ text: String) throws {
        let value = try Samples.value(text)
        #expect(CELJSON.untyped(CELJSON.typed(value)) == value)
    }

    @Test func `the typed encoding is that of the conformance data`() throws {
        #expect(
            JSONWriter.text(CELJSON.typed(try Samples.value("[5, 1.0]")))
                == #"{"type":"list","value":[{"type":"int","value":"5"},{"type":"double","value":"1.0"}]}"#)
        #expect(CELJSON.untyped(["type": "int", "value": "x"]) == nil)
        #expect(CELJSON.untyped(["type": "nonsense"]) == nil)
    }
}
