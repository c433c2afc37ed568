import PluginKit

/// Which addresses we hand to a mail server: a dot-atom, `@`, and a domain name (RFC 5321 section 4.1.2). Quoted local
/// parts and addresses outside ASCII are refused, since many servers refuse them too.
enum MailAddressRule {
    static func check(_ address: String, role: String) throws(MailFailure) -> String {
        let halves = address.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, isDotAtom(halves[0]), halves[0].utf8.count <= 64, isDomain(halves[1]),
            address.utf8.count <= 254
        else {
            throw .invalid("an address in \(role) does not look like user@example.com: \(shown(address))")
        }
        return address
    }

    /// RFC 5322 section 3.2.3.
    static func isDotAtom(_ text: Substring) -> Bool {
        let words = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return words.allSatisfy { word in !word.isEmpty && word.allSatisfy(isAtomByte) }
    }

    private static func isAtomByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomain(_ text: Substring) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hyphen = UInt8(ascii: "-")
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The text with control characters made visible, cut short.
    private static func shown(_ text: String) -> String {
        let safe = text.unicodeScalars.prefix(80).map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return "“\(safe.joined())”"
    }
}
