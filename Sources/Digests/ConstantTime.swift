import CLibCrypto

/// Comparison whose duration says nothing about where two values differ.
public enum ConstantTime {
    /// Whether both are the same bytes. Only a difference in length shows in the time taken.
    public static func equal(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        return CRYPTO_memcmp(first, second, first.count) == 0
    }

    /// Whether both are the same UTF-8 bytes; unlike `==` on texts, `é` and `e` + accent differ.
    public static func equal(_ first: String, _ second: String) -> Bool {
        equal(Array(first.utf8), Array(second.utf8))
    }
}
