import PluginKit
import Testing
import WorkflowModel

@Suite("Inputs of actions")
struct ActionInputTests {
    private let input = ActionInput([
        "text": "a", "list": ["a", "b"], "mixed": ["a", 1], "number": 3, "flag": true, "nothing": nil,
        "at": .timestamp(Timestamp(seconds: 0)), "after": .duration(.seconds(90)),
        "secret": .secret(SecretText(secret: "TOKEN")),
    ])

    @Test("each kind is read as what it is, and what is not given is nil or empty")
    func reading() throws {
        #expect(try input.text("text") == "a")
        #expect(try input.texts("list") == ["a", "b"])
        #expect(try input.texts("text") == ["a"])
        #expect(try input.texts("other") == [])
        #expect(try input.optionalInt("number") == 3)
        #expect(try input.flag("flag"))
        #expect(try !input.flag("other"))
        #expect(input["nothing"] == nil)
        #expect(try input.optionalText("nothing") == nil)
        #expect(try input.optionalText("at") == "1970-01-01T00:00:00Z")
        #expect(try input.optionalDuration("after") == .seconds(90))
        #expect(try input.optionalTimestamp("at") == Timestamp(seconds: 0))
    }

    @Test("what does not fit is a permanent failure that names the input")
    func refusing() {
        let attempts: [(String, () throws -> Void)] = [
            ("other", { _ = try input.text("other") }), ("number", { _ = try input.text("number") }),
            ("mixed", { _ = try input.texts("mixed") }), ("text", { _ = try input.optionalInt("text") }),
            ("text", { _ = try input.flag("text") }), ("text", { _ = try input.optionalTimestamp("text") }),
            ("text", { _ = try input.optionalDuration("text") }), ("secret", { _ = try input.text("secret") }),
        ]
        for (name, attempt) in attempts {
            let failure = #expect(throws: Failure.self) { try attempt() }
            #expect(failure?.code == "invalid_input")
            #expect(failure?.kind == .permanent)
            #expect(failure?.message.contains(name) == true)
        }
    }

    @Test("a secret is revealed by its look-up, and only as a text")
    func revealing() async throws {
        struct Book: SecretLookup {
            func secret(_ name: String) async throws -> String { "<\(name)>" }
        }
        let text = SecretText([.plain("Bearer "), .reference("TOKEN")])
        #expect(try await Book().reveal(.secret(text)) == "Bearer <TOKEN>")
        #expect(try await Book().reveal("plain") == "plain")
        await #expect(throws: Failure.self) { try await Book().reveal(1) }
    }
}
