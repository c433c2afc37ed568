/// What the type checker has found, with its place and, where it is known, what to write instead.
public struct TypeProblem: Sendable, Hashable {
    /// The kinds of findings.
    public enum Kind: Sendable, Hashable {
        /// The environment refuses a name; the code is its own.
        case name(code: String)
        /// The environment refuses a field of one of its own things; the code is its own.
        case member(code: String)
        /// A field that does not exist.
        case unknownField
        /// An operator on values that it does not work on.
        case wrongOperand
        /// A function with a value that it does not work on.
        case wrongArgument
        /// A constant that the function can never read: `duration("2 dayz")`.
        case wrongConstant
        /// Something that is neither true nor false, where one of them is asked for.
        case notACondition
        /// Two things that can never be equal are compared.
        case unlikeComparison
        /// A text is compared with a word that it never is.
        case unknownWord
        /// A value that may be missing, where a missing one fails.
        case mayBeMissing
        /// A value that may not be there at all.
        case mayBeAbsent
        /// Something that has no elements, where elements are gone through.
        case noElements
        /// A secret, where it is looked into.
        case secret
        /// A function that does not exist, or in a wrong form.
        case function
    }

    /// The kind.
    public let kind: Kind
    /// Whether the expression can work all the same.
    public let isWarning: Bool
    /// What is wrong, as a sentence without a full stop.
    public let message: String
    /// The place, as Unicode scalar offsets in the expression's text.
    public let range: Range<Int>
    /// What to write instead, when that is known.
    public let help: String?
}
