import Digests
import Testing

@Suite struct SHA256Tests {
    /// The vectors of FIPS 180-2 appendix B, the empty text, and the UTF-8 body used by the signature vectors.
    @Test(
        "the digest of a known text is the published one",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "{\"id\":\"7\",\"title\":\"café down\"}",
                "460379ce3b0caa80651d305d3ce9448fa42640b39d842bbf9abb233b077bb5ca"
            ),
        ])
    func vectors(text: String, hex: String) {
        #expect(SHA256.hex(of: text) == hex)
    }

    @Test func `a million times the letter a, in uneven pieces, gives the published digest`() {
        var hash = SHA256()
        var left = 1_000_000
        var size = 1
        while left > 0 {
            let piece = min(size, left)
            hash.update([UInt8](repeating: UInt8(ascii: "a"), count: piece))
            left -= piece
            size = size * 3 % 8191 + 1
        }
        #expect(Hex.encode(hash.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `a digest that was never fed is that of nothing`() {
        #expect(SHA256().finish() == SHA256.digest(of: []))
    }
}
