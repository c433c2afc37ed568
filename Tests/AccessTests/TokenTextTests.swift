import Access
import Testing

@Suite struct TokenTextTests {
    private func token(_ seed: UInt8 = 0) throws -> TokenText {
        try #require(TokenText(random: (0..<37).map { UInt8(truncatingIfNeeded: Int($0) * 7) &+ seed }))
    }

    @Test func `a token has the form that scanners look for, and is read again`() throws {
        let token = try token()
        #expect(token.text.utf8.count == TokenText.length)
        #expect(try Regex(TokenText.pattern).wholeMatch(in: token.text) != nil)
        #expect(try TokenText(token.text) == token)
        #expect(token.text.hasPrefix("sbx_\(token.id)_"))
        #expect(token.hash.utf8.count == 64)
        #expect(token.isToken(ofHash: token.hash))
        #expect(try !token.isToken(ofHash: self.token(1).hash))
        #expect(!token.isToken(ofHash: ""))
    }

    @Test func `the same bytes make the same token and each byte matters`() throws {
        let bytes = (0..<37).map { UInt8($0) }
        let one = try #require(TokenText(random: bytes))
        #expect(TokenText(random: bytes) == one)
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 1
            #expect(TokenText(random: other)?.text != one.text, "byte \(place)")
        }
        #expect(TokenText(random: Array(bytes.dropLast())) == nil)
    }

    @Test func `every change of one letter is seen as a typing error, not as an unknown token`() throws {
        let token = try token(9)
        let letters = Array(token.text)
        for place in letters.indices.dropFirst(4) where letters[place] != "_" {
            var changed = letters
            changed[place] = changed[place] == "7" ? "8" : "7"
            #expect(throws: TokenText.Flaw.checksum) { try TokenText(String(changed)) }
        }
    }

    @Test(arguments: [
        "", "sbx_", "Bearer", "sbx_4k2m9q0x", String(repeating: "a", count: 71), String(repeating: "é", count: 71),
        "sbx_" + String(repeating: "0", count: 67), "sbx_4k2m9q0x_" + String(repeating: "u", count: 58),
        "sbx_4K2M9Q0X_" + String(repeating: "0", count: 58), "sbx_4k2m9q0x_" + String(repeating: "0", count: 100_000),
        "sbx_4k2m9q0x_" + String(repeating: "0", count: 57) + "\n",
        "sbx_4k2m9q0x_" + String(repeating: "\0", count: 58),
    ])
    func `what has not the form is no token`(text: String) {
        #expect(throws: TokenText.Flaw.form) { try TokenText(text) }
    }

    @Test func `a token in a message or a dump shows no secret`() throws {
        let token = try token()
        let secret = String(token.text.dropFirst(13))
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains(secret) && !text.contains(secret.prefix(10)), "\(text)")
        }
    }
}
