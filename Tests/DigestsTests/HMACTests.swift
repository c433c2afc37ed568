import Digests
import Testing

@Suite struct HMACTests {
    private static let body = "{\"id\":\"7\",\"title\":\"café down\"}"

    /// What vendors publish, or follows from the way they say they sign.
    @Test(
        "the way each vendor signs gives the known mark",
        arguments: [
            ("test-secret", body, "dbe2a957d5a70b3c5ee9bea7bd70089a347bb0ff5cecb54c46f6903e56de577e"),
            (
                "test-secret", "v0:1768469400:" + body,
                "063eddc3bb74496b36776294fce6a313308dbd224717a8ab3268982bc0e74538"
            ),
            (
                "test-secret", "1768469400:" + body,
                "f8784380814586babcfd88feaaf92363a1d3948d36daafe04d36ce60ef1dd185"
            ),
            (
                "It's a Secret to Everybody", "Hello, World!",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
            (
                "It's a Secret to Everybody", "Hello World!",
                "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
            ),
        ])
    func sha256Hex(key: String, message: String, hex: String) {
        #expect(Hex.encode(HMAC.sha256(key: Array(key.utf8), message: Array(message.utf8))) == hex)
    }

    @Test(
        "the vendors that write Base64 get the known mark",
        arguments: [
            (HMAC.Algorithm.sha256, "2026-01-15T09:30:00Z" + body, "kH6t+ShARaRnHplozyjL8RG8meqDASUUP+tQJ7Avtns="),
            (
                .sha256, "POSThttps://runner.example.com/hooks/hubspot" + body + "1768469400000",
                "0C1Rz0FNFZI8OvOqYZzK2nIaixXRmZt2poYOK1jKjGQ="
            ),
            (
                .sha1, "https://runner.example.com/hooks/twilioBodycaféFrom+15555550101To+15555550100",
                "Jml1moNQydF6osOrNiWLlXxYm6Y="
            ),
        ])
    func base64(algorithm: HMAC.Algorithm, message: String, expected: String) {
        let code = HMAC.code(algorithm, key: Array("test-secret".utf8), message: Array(message.utf8))
        #expect(Base64.encode(code) == expected)
    }

    @Test func `SHA-1 in hexadecimal digits is the known mark`() {
        let code = HMAC.sha1(key: Array("test-secret".utf8), message: Array(Self.body.utf8))
        #expect(Hex.encode(code) == "6b79e20f4bb20c7eb66323ce2c20bbf22b430273")
    }

    /// RFC 4231 cases 1, 3 and 6, RFC 2202 case 1: short, block-filling and over-long keys.
    @Test(
        "the vectors of the RFCs",
        arguments: [
            (
                HMAC.Algorithm.sha256, [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                .sha256, [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                .sha256, [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                .sha1, [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b617318655057264e28bc0b6fb378c8ef146be00"
            ),
        ])
    func rfc(algorithm: HMAC.Algorithm, key: [UInt8], message: [UInt8], hex: String) {
        #expect(Hex.encode(HMAC.code(algorithm, key: key, message: message)) == hex)
    }

    @Test func `an empty key and an empty message have a mark, the same each time`() {
        _ = HMAC.sha256(key: [1, 2, 3], message: [4])
        let expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hex.encode(HMAC.sha256(key: [], message: [])) == expected)
    }
}
