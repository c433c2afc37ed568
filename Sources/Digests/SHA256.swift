import CLibCrypto

/// SHA-256 (FIPS 180-4): the whole text at once, or piece by piece.
///
///     SHA256.hex(of: Array("abc".utf8))      // "ba7816bf…"
public struct SHA256: ~Copyable {
    /// The length of a digest in bytes.
    public static let byteCount = 32

    private let context: OpaquePointer

    /// Begins an empty digest. Like every allocation in Swift it stops the process when there is no memory.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto has no memory for a SHA-256 digest")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes in more bytes.
    public mutating func update(_ bytes: [UInt8]) {
        let done = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1, "libcrypto refused bytes for a SHA-256 digest")
    }

    /// Takes in the UTF-8 bytes of a text.
    public mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// Ends the digest and gives its 32 bytes.
    public consuming func finish() -> [UInt8] {
        let done: Bool
        let digest = [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            count = EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 ? Self.byteCount : 0
        }
        done = digest.count == Self.byteCount
        precondition(done, "libcrypto could not finish a SHA-256 digest")
        return digest
    }

    /// The 32 bytes of the digest of `bytes`.
    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    public static func hex(of bytes: [UInt8]) -> String { Hex.encode(digest(of: bytes)) }

    /// The digest of the UTF-8 bytes of `text` as 64 lower-case hexadecimal digits.
    public static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }
}
