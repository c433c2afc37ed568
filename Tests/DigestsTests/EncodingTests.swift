import Digests
import Testing

@Suite struct EncodingTests {
    /// RFC 4648 section 10.
    @Test(
        "the vectors of RFC 4648 go both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, encoded: String) throws {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(try Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "what is no Base64 is refused with the place of the fault",
        arguments: [("Zg=", 3), ("Zg==Zg==", 2), ("Z===", 1), ("Zm9v\n", 5), ("Zm 9", 2), ("Zh==", 1), ("Zm-_", 2)])
    func refused(text: String, offset: Int) {
        let failure = #expect(throws: Base64Failure.self) { try Base64.decode(text) }
        #expect(failure?.offset == offset)
    }

    @Test func `every byte survives both alphabets at every length`() throws {
        let all = (0...255).map { UInt8($0) }
        for length in 0...all.count {
            let bytes = Array(all.suffix(length))
            #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(try Base64.decodeURLSafe(Base64.encodeURLSafe(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
        #expect(Base64.encodeURLSafe([0xfb, 0xff]) == "-_8")
    }

    @Test(arguments: ["a", "0g", "é0", "0 1"])
    func `what is no hexadecimal text gives nothing`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `upper case digits are read too`() {
        #expect(Hex.decode("0aFF") == [10, 255])
    }
}
