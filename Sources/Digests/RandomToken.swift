import CLibCrypto

/// The system gave no randomness, so no token was made.
public struct RandomnessFailure: Error, CustomStringConvertible, Equatable {
    /// What happened and what to do.
    public var description: String {
        "the system gave no random bytes, so no token was made; check that /dev/urandom can be read, then try again"
    }
}

/// Tokens that nobody can guess.
public enum RandomToken {
    /// `byteCount` bytes from the system's cryptographic generator (at most 1 MiB are given at once).
    ///
    /// - Throws: ``RandomnessFailure`` when the system has none; never weaker bytes instead.
    public static func bytes(_ byteCount: Int) throws(RandomnessFailure) -> [UInt8] {
        let wanted = min(max(byteCount, 0), 1 << 20)
        var bytes = [UInt8](repeating: 0, count: wanted)
        guard RAND_bytes(&bytes, Int32(wanted)) == 1 else { throw RandomnessFailure() }
        return bytes
    }

    /// A token of `byteCount` random bytes (32: 256 bits) in the URL-safe Base64 alphabet, without padding.
    ///
    /// - Throws: ``RandomnessFailure`` when the system has no randomness.
    public static func urlSafe(byteCount: Int = 32) throws(RandomnessFailure) -> String {
        Base64.encodeURLSafe(try bytes(byteCount))
    }
}
