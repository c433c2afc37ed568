/// A token of an expression, with its place in Unicode scalars.
final class Token: Sendable {
    enum Kind: Sendable, Equatable {
        case name(String)
        /// `` `a-b` ``, allowed as a field name only.
        case quotedName(String)
        /// A whole number: digits, whether hexadecimal.
        case int(String, hex: Bool)
        case uint(String, hex: Bool)
        case double(String)
        case string(String)
        case bytes([UInt8])
        /// An operator or a bracket.
        case mark(String)
        case end
    }

    let kind: Kind
    let range: Range<Int>

    init(kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    func isMark(_ text: String) -> Bool {
        if case .mark(let mark) = kind { return mark == text }
        return false
    }

    /// The token as it is named in messages.
    var forPeople: String {
        switch kind {
        case .name(let name): "`\(name)`"
        case .quotedName(let name): "`\(name)`"
        case .int(let digits, let hex): (hex ? "0x" : "") + digits
        case .uint(let digits, let hex): (hex ? "0x" : "") + digits + "u"
        case .double(let text): text
        case .string: "a text"
        case .bytes: "bytes"
        case .mark(let mark): "`\(mark)`"
        case .end: "the end"
        }
    }
}
