import Testing
import WorkflowModel

@Suite("JSON")
struct JSONTests {
    @Test(
        "numbers keep the kind that their text has",
        arguments: [
            ("0", Value.int(0)), ("-1", .int(-1)), ("9223372036854775807", .int(.max)),
            ("-9223372036854775808", .int(.min)), ("9223372036854775808", .uint(9_223_372_036_854_775_808)),
            ("18446744073709551615", .uint(.max)), ("18446744073709551616", .double(18_446_744_073_709_551_616)),
            ("1.0", .double(1)), ("1e2", .double(100)), ("-0.5", .double(-0.5)), ("1E-2", .double(0.01)),
        ])
    func numbers(text: String, value: Value) throws {
        #expect(try JSON.parse(text) == value)
    }

    @Test(
        "texts with escapes are read",
        arguments: [
            (#""a\nb""#, "a\nb"), (#""\u00e9""#, "é"), (#""\ud83d\ude00""#, "😀"), (#""\"\\\/""#, "\"\\/"),
            ("\"é😀\"", "é😀"),
        ])
    func texts(text: String, value: String) throws {
        #expect(try JSON.parse(text) == .string(value))
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\"a\":2}", 1, 8), ("01", 1, 1), ("1.", 1, 3),
            ("nul", 1, 1),
            ("\"\\ud800\"", 1, 8), ("[1] x", 1, 5), ("{\n  \"a\": tru\n}", 2, 8), ("\"a\nb\"", 1, 3), ("1e999", 1, 1),
            ("'a'", 1, 1),
        ])
    func refused(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error.map { [$0.line, $0.column] } == [line, column])
    }

    @Test("invalid UTF-8 inside a text is refused")
    func invalidUTF8() {
        #expect(throws: JSONError.self) { try JSON.parse([0x22, 0xFF, 0x22] as [UInt8]) }
    }

    @Test("nesting is limited")
    func depth() throws {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(throws: JSONError.self) { try JSON.parse(deep) }
        #expect(try JSON.parse(String(deep.dropFirst().dropLast())) != .null)
    }

    @Test("a key that comes twice is found in large objects too")
    func duplicateKeys() {
        let keys = (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(throws: JSONError.self) { try JSON.parse("{\(keys),\"k50\":1}") }
    }

    @Test("what was written reads back, with keys in order")
    func writing() throws {
        let value: Value = ["b": [1, 2.5, nil, true], "a": ["text": "é\n\"\u{1}"]]
        let text = JSONWriter.text(value)
        #expect(text == #"{"b":[1,2.5,null,true],"a":{"text":"é\n\"\u0001"}}"#)
        #expect(try JSON.parse(text) == value)
        #expect(try JSON.parse(JSONWriter.text(value, indent: 2)) == value)
    }

    @Test("kinds that JSON lacks are written by CEL's mapping")
    func mapping() {
        let instant = Timestamp(seconds: 0, nanoseconds: 500_000_000)
        let value: Value = .list([
            .bytes([1, 2]), .timestamp(instant), .duration(.milliseconds(90_500)), .double(.nan), .double(-.infinity),
            .uint(7),
            .secret(SecretText([.plain("Bearer "), .reference("TOKEN")])),
        ])
        #expect(
            JSONWriter.text(value)
                == #"["AQI=","1970-01-01T00:00:00.500Z","90.5s","NaN","-Infinity",7,"Bearer ‹secret TOKEN›"]"#)
    }

    @Test("the journal's encoding gives back every kind exactly")
    func typedRoundTrip() throws {
        var oddKeys = ValueMap()
        oddKeys[.int(1)] = "one"
        oddKeys[.uint(2)] = "two"
        oddKeys[.bool(true)] = "yes"
        let values: [Value] = [
            nil, true, 1, .int(.min), .uint(5), .uint(.max), 1.0, .double(.infinity), .double(.nan), "text",
            .bytes([0, 255]),
            .timestamp(.latest), .timestamp(.earliest), .duration(.nanoseconds(-1)), .duration(.seconds(3)),
            [1, [2.0, "x"]],
            .map(oddKeys), ["$uint": "not one"], .secret(SecretText([.plain("a"), .reference("B"), .plain("c")])),
            ["a": ["b": .uint(1)]],
        ]
        for value in values {
            #expect(try TypedJSON.parse(TypedJSON.text(value)) == value)
        }
    }

    @Test(
        "a text is escaped wherever it needs it",
        arguments: [
            ("", #""""#), ("plain ü 😀", #""plain ü 😀""#), ("\"", #""\"""#), ("a\\", #""a\\""#),
            ("\n\r\t", #""\n\r\t""#), ("a\u{1}b\u{1f}", #""a\u0001b\u001f""#), ("\"x\"y", #""\"x\"y""#),
        ])
    func escaping(text: String, written: String) throws {
        #expect(JSONWriter.text(.string(text)) == written)
        #expect(TypedJSON.text(["k": [.string(text)]]) == "{\"k\":[\(written)]}")
        #expect(try JSON.parse(written) == .string(text))
    }

    @Test("what needs an escape is found wherever it stands in a text")
    func everyPlace() throws {
        for odd in ["\"", "\\", "\n", "\u{1f}", "\u{7f}", "\u{e9}", "\u{1F600}", " "] {
            for before in 0..<20 {
                for after in [0, 1, 7, 8, 9] {
                    let text = String(repeating: "a", count: before) + odd + String(repeating: "z", count: after) + odd
                    #expect(try JSON.parse(JSONWriter.text(.string(text))) == .string(text))
                    #expect(try JSON.parse(JSONWriter.text([.string(text), 1])) == [.string(text), 1])
                }
            }
            guard odd == "\n" || odd == "\u{1f}" else { continue }
            for before in 0..<20 {
                let bare = "\"" + String(repeating: "a", count: before) + odd + "aaaaaaaaaa\""
                #expect(throws: JSONError.self) { try JSON.parse(bare) }
            }
        }
    }

    @Test(
        "a stored form that nobody knows, or that holds something else, is an error",
        arguments: [
            #"{"$new":1}"#, #"{"$time":"noon"}"#, #"{"$time":{"$uint":"5"}}"#, #"{"$uint":"-1"}"#, #"{"$bytes":"*"}"#,
            #"[{"a":{"$double":1}}]"#, #"{"$map":[["a"]]}"#, #"{"$map":[[[],1]]}"#, #"{"$secret":[1]}"#, #"{"$":null}"#,
        ])
    func unknownForm(text: String) {
        #expect(throws: JSONError.self) { try TypedJSON.parse(text) }
        #expect(throws: Never.self) { try JSON.parse(text) }
    }

    @Test("an object with more keys than one that begins with a dollar sign is an object")
    func noForm() throws {
        #expect(try TypedJSON.parse(#"{"$a":1,"b":2}"#) == ["$a": 1, "b": 2])
        #expect(try TypedJSON.parse(#"{"a":{"$uint":"5"}}"#) == ["a": .uint(5)])
        #expect(try JSON.parse(#"{"$uint":"5"}"#) == ["$uint": "5"])
    }

    @Test("base64 round-trips and refuses what is none")
    func base64() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8($0 * 37 & 255) }
            #expect(Base64Text.decode(Base64Text.encode(bytes)) == bytes)
        }
        #expect(Base64Text.decode("AQI") == [1, 2])
        #expect(Base64Text.decode("A") == nil)
        #expect(Base64Text.decode("AQ=I") == nil)
        #expect(Base64Text.decode("*") == nil)
    }
}
