import WorkflowModel

/// Number, text and bytes literals as values.
enum Literals {
    /// The value of a literal token; nil when the token is none.
    static func value(_ token: Token, negative: Bool) throws(ExpressionError) -> Value? {
        switch token.kind {
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .int(let digits, let hex):
            guard let number = Int64((negative ? "-" : "") + digits, radix: hex ? 16 : 10) else {
                throw outOfRange(token, "-9223372036854775808 to 9223372036854775807")
            }
            return .int(number)
        case .uint(let digits, let hex):
            guard let number = UInt64(digits, radix: hex ? 16 : 10) else {
                throw outOfRange(token, "0 to 18446744073709551615")
            }
            return .uint(number)
        case .double(let text):
            guard let number = Double(text) else { throw outOfRange(token, "double") }
            return .double(negative ? -number : number)
        default: return nil
        }
    }

    private static func outOfRange(_ token: Token, _ range: String) -> ExpressionError {
        ExpressionError(
            code: .literal, message: "the number \(token.forPeople) is out of range", range: token.range,
            help: "whole numbers go from \(range)")
    }
}
