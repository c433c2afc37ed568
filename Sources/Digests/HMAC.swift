import CLibCrypto

/// Keyed message authentication codes (RFC 2104), for the signatures of webhooks.
///
///     let mark = HMAC.sha256(key: secret, message: body)
///     Hex.encode(mark)                        // as GitHub and Slack write it
///     Base64.encode(mark)                     // as Zendesk writes it
public enum HMAC {
    /// The hash under the code.
    public enum Algorithm: String, Sendable, CaseIterable {
        /// HMAC-SHA256, 32 bytes (RFC 4231).
        case sha256
        /// HMAC-SHA1, 20 bytes (RFC 2202). Only for senders that offer nothing better.
        case sha1

        /// The length of the code in bytes.
        public var byteCount: Int {
            switch self {
            case .sha256: 32
            case .sha1: 20
            }
        }
    }

    /// The code of `message` under `key`, in bytes.
    public static func code(_ algorithm: Algorithm, key: [UInt8], message: [UInt8]) -> [UInt8] {
        let hash =
            switch algorithm {
            case .sha256: EVP_sha256()
            case .sha1: EVP_sha1()
            }
        // libcrypto takes a null key as "the key of the call before", so an empty key needs an address of its own.
        let keyBytes = key.isEmpty ? [0] : key
        let code = [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { buffer, count in
            var length: UInt32 = 0
            let done = CLibCrypto.HMAC(
                hash, keyBytes, Int32(key.count), message, message.count, buffer.baseAddress, &length)
            count = done == nil ? 0 : Int(length)
        }
        precondition(code.count == algorithm.byteCount, "libcrypto could not compute an HMAC")
        return code
    }

    /// HMAC-SHA256 of `message` under `key`: 32 bytes.
    public static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        code(.sha256, key: key, message: message)
    }

    /// HMAC-SHA1 of `message` under `key`: 20 bytes.
    public static func sha1(key: [UInt8], message: [UInt8]) -> [UInt8] {
        code(.sha1, key: key, message: message)
    }
}
