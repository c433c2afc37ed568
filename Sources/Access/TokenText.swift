import Digests

/// A token as its holder has it: `sbx_ID_SECRET`, all letters and digits of Crockford's Base32 in lower case.
///
///     sbx_4k2m9q0x_7f3w…                      3 + 8 + 58 letters and digits, matched by ``pattern``
///
/// The id is public and finds the record; the secret has 256 random bits and ends in 6 letters that are computed from all before
/// them. So a scanner of repositories can tell a token from a look-alike, and a typing error is told apart from a token that is
/// unknown, without asking anybody. Only the hash of the whole text is ever stored.
public struct TokenText: Sendable, Hashable {
    /// Why a text is no token. None of these says anything about which tokens there are.
    public enum Flaw: Error, Sendable, Hashable, CustomStringConvertible {
        /// It has not the form `sbx_ID_SECRET`.
        case form
        /// Its last letters do not fit the rest: a letter was changed or lost.
        case checksum

        /// What is wrong, without the text.
        public var description: String {
            switch self {
            case .form: "this is no token of Signalbox: one begins with sbx_ and has \(TokenText.length) characters"
            case .checksum: "the token is damaged: its last characters do not fit the others; copy it again"
            }
        }
    }

    /// How many characters a token has.
    public static let length = 71
    /// A regular expression that finds tokens in files.
    public static let pattern = "sbx_[0-9a-hjkmnp-tv-z]{8}_[0-9a-hjkmnp-tv-z]{58}"
    /// How many random bytes make a token: 5 for its id, 32 for its secret.
    public static let randomByteCount = 37

    private static let prefix = "sbx_"
    private static let idLength = 8
    private static let checksumLength = 6

    /// The whole text. Whoever has it is the caller: it is shown to its first owner and to nobody else, and is never logged.
    public let text: String
    /// The part that names the token's record.
    public let id: String

    /// A new token of ``randomByteCount`` random bytes; nil for any other number of them.
    public init?(random bytes: [UInt8]) {
        guard bytes.count == Self.randomByteCount else { return nil }
        id = Base32.encode(Array(bytes.prefix(5)))
        let body = Self.prefix + id + "_" + Base32.encode(Array(bytes.dropFirst(5)))
        text = body + Self.checksum(body)
    }

    /// Reads a token.
    ///
    /// - Throws: ``Flaw`` when the text is none.
    public init(_ text: String) throws(Flaw) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.length, text.hasPrefix(Self.prefix) else { throw .form }
        let idEnd = Self.prefix.utf8.count + Self.idLength
        guard bytes[idEnd] == UInt8(ascii: "_"), bytes[4..<idEnd].allSatisfy(Base32.isDigit),
            bytes[(idEnd + 1)...].allSatisfy(Base32.isDigit)
        else { throw .form }
        let body = String(decoding: bytes.dropLast(Self.checksumLength), as: UTF8.self)
        let end = String(decoding: bytes.suffix(Self.checksumLength), as: UTF8.self)
        guard ConstantTime.equal(Self.checksum(body), end) else { throw .checksum }
        self.text = text
        id = String(decoding: bytes[4..<idEnd], as: UTF8.self)
    }

    /// The SHA-256 hash of the text, 64 hexadecimal digits: all that is stored of it. A plain hash is enough: there are 256 random
    /// bits to guess, and no dictionary to guess them from.
    public var hash: String { SHA256.hex(of: text) }

    /// Whether this is the token of the stored `hash`; how long it takes says nothing about where they differ.
    public func isToken(ofHash hash: String) -> Bool { ConstantTime.equal(self.hash, hash) }

    /// 30 bits of a hash of all before.
    private static func checksum(_ body: String) -> String {
        String(Base32.encode(Array(SHA256.digest(of: Array(body.utf8)).prefix(5))).prefix(checksumLength))
    }
}

extension TokenText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The id without the secret, so that a token that slips into a message tells nothing.
    public var description: String { "sbx_\(id)_…" }
    /// The same.
    public var debugDescription: String { description }
    /// The same: a dump has no secret either.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// Crockford's Base32: digits and letters without i, l, o and u, so that nothing is mistaken for something else.
enum Base32 {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Five bits a digit, the last one padded with zero bits.
    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                out.append(digits[Int(bits >> UInt32(count) & 31)])
            }
            bits &= (1 << UInt32(count)) - 1
        }
        if count > 0 { out.append(digits[Int(bits << UInt32(5 - count) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digits.contains(byte)
        default: false
        }
    }
}
