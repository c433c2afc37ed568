import Digests
import Testing

@Suite struct SecrecyTests {
    @Test(arguments: [
        ([UInt8](), [UInt8](), true), ([1, 2], [1, 2], true), ([1, 2], [1, 3], false), ([1], [1, 1], false),
    ])
    func `constant-time comparison agrees with the plain one`(first: [UInt8], second: [UInt8], same: Bool) {
        #expect(ConstantTime.equal(first, second) == same)
    }

    @Test func `texts are compared by their bytes`() {
        #expect(ConstantTime.equal("caf\u{e9}", "caf\u{e9}"))
        #expect(!ConstantTime.equal("caf\u{e9}", "cafe\u{301}"))
    }

    @Test func `tokens have the asked length, the URL-safe alphabet, and do not repeat`() throws {
        var seen: Set<String> = []
        for _ in 0..<200 {
            let token = try RandomToken.urlSafe(byteCount: 24)
            #expect(token.utf8.count == 32)
            #expect(
                token.utf8.allSatisfy {
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8.contains($0)
                })
            #expect(seen.insert(token).inserted)
        }
        #expect(try RandomToken.bytes(0).isEmpty)
        #expect(try RandomToken.bytes(-5).isEmpty)
    }
}
