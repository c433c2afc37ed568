import Expressions
import Testing
import WorkflowModel

@Suite struct SecretTests {
    @Test func `a secret is passed on, joined to texts and put into lists and maps`() throws {
        let secret = SecretText(secret: "TOKEN")
        #expect(try Samples.value("secrets.TOKEN") == .secret(secret))
        #expect(
            try Samples.value("\"Bearer \" + secrets.TOKEN + \"!\"")
                == .secret(SecretText([.plain("Bearer "), .reference("TOKEN"), .plain("!")])))
        #expect(try Samples.value("[secrets.TOKEN]") == .list([.secret(secret)]))
        #expect(try Samples.value("{\"a\": secrets.TOKEN}.a") == .secret(secret))
        #expect(try Samples.value("true ? secrets.TOKEN : \"\"") == .secret(secret))
        #expect(try Samples.value("has(secrets.TOKEN)") == .bool(true))
    }

    @Test(
        "nothing can look into a secret",
        arguments: [
            "secrets.TOKEN == \"x\"", "\"x\" != secrets.TOKEN", "secrets.TOKEN == secrets.TOKEN",
            "secrets.TOKEN < \"x\"",
            "secrets.TOKEN in [\"x\"]", "\"x\" in [secrets.TOKEN]", "size(secrets.TOKEN)",
            "secrets.TOKEN.contains(\"x\")",
            "secrets.TOKEN.matches(\"x\")", "secrets.TOKEN.startsWith(\"x\")", "\"x\".startsWith(secrets.TOKEN)",
            "secrets.TOKEN.charAt(0)", "secrets.TOKEN.substring(0, 1)", "secrets.TOKEN.split(\"\")",
            "[secrets.TOKEN].join()",
            "\"%s\".format([secrets.TOKEN])", "\"%s\".format([[secrets.TOKEN]])", "string(secrets.TOKEN)",
            "bytes(secrets.TOKEN)",
            "int(secrets.TOKEN)", "{secrets.TOKEN: 1}", "{\"x\": 1}[secrets.TOKEN]", "[secrets.TOKEN] == [\"x\"]",
            "{\"a\": secrets.TOKEN} == {\"a\": \"x\"}", "secrets.TOKEN.x", "secrets.TOKEN[0]",
            "secrets.TOKEN in {\"x\": 1}",
            "[secrets.TOKEN, \"a\"].sort()", "mentions(secrets.TOKEN, \"x\")", "secrets.TOKEN.exists(x, true)",
            "[\"a\", secrets.TOKEN, secrets.TOKEN].distinct()", "secrets.TOKEN + 1", "timestamp(secrets.TOKEN)",
            "type(secrets.TOKEN)",
            "secrets.TOKEN.lowerAscii()", "base64.encode(secrets.TOKEN)", "\"abc\".replace(\"b\", secrets.TOKEN)",
            "ip(secrets.TOKEN)",
        ])
    func hidden(_ text: String) throws {
        let failure = try #require(try Samples.failure(text))
        #expect(failure.code == .secret)
    }

    @Test func `a text with a secret part becomes a text with a secret`() throws {
        let template = try TextTemplate(parsing: "Bearer ${{ secrets.TOKEN }}")
        #expect(try template.render(Samples.scope) == .secret(SecretText([.plain("Bearer "), .reference("TOKEN")])))
        #expect(throws: EvaluationError.self) {
            try TextTemplate(parsing: "${{ {\"a\": secrets.TOKEN} }}").render(Samples.scope)
        }
    }
}
