import WorkflowModel

/// Why an evaluation gave no value, in one word.
public enum EvaluationErrorCode: String, Sendable, Hashable {
    /// A field or a key is not there.
    case noSuchField
    /// A name is not in the scope.
    case unknownName
    /// An operator or function does not work on values of these kinds.
    case noSuchOverload
    /// An index is outside its list or text.
    case outOfRange
    case divisionByZero
    /// A number, a time or a duration leaves its range.
    case overflow
    /// A text that cannot be converted, a wrong regular expression, an unknown zone, …
    case invalidArgument
    /// A map literal has a key twice.
    case repeatedKey
    /// The work, a text or a list grew over its limit.
    case costExceeded
    /// A text with a secret was asked for more than being passed on or joined to another text.
    case secret
    /// The calendar of `open_now` is not known.
    case unknownCalendar
    /// A part of a text is null, where a text is needed.
    case empty
}

/// An evaluation that gave no value, with the place of the part that failed.
public struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public let code: EvaluationErrorCode
    /// What happened, as a sentence without a full stop.
    public let message: String
    /// The part that failed, as Unicode scalar offsets in the text.
    public let range: Range<Int>

    /// An error of these parts.
    public init(code: EvaluationErrorCode, message: String, range: Range<Int>) {
        self.code = code
        self.message = message
        self.range = range
    }

    /// The same error, `offset` scalars further on: for an expression that stands inside a longer text.
    public func moved(by offset: Int) -> EvaluationError {
        EvaluationError(
            code: code, message: message, range: range.lowerBound + offset..<range.upperBound + offset)
    }

    /// The message.
    public var description: String { message }
}

/// A failure on its way up through the operations: one pointer, so that throwing it is cheap, and its message is only
/// made when somebody reads it.
final class EvalFailure: Error, Sendable {
    let code: EvaluationErrorCode
    let range: Range<Int>?
    private let text: String
    private let fields: ValueMap?

    /// `fields` are the ones that do exist where one is missing.
    init(_ code: EvaluationErrorCode, _ text: String, _ range: Range<Int>? = nil, among fields: ValueMap? = nil) {
        self.code = code
        self.text = text
        self.range = range
        self.fields = fields
    }

    /// The same failure with its place, unless it has one.
    func at(_ range: Range<Int>) -> EvalFailure {
        self.range == nil ? EvalFailure(code, text, range, among: fields) : self
    }

    /// True when `&&`, `||` and their like must not swallow the failure.
    var isFinal: Bool { code == .costExceeded }

    /// True when the failure says that something is not there.
    var isAbsence: Bool { code == .noSuchField || code == .unknownName || code == .outOfRange }

    var message: String {
        switch code {
        case .noSuchField where !text.contains(" "):
            let near = Spelling.nearest(to: text, in: (fields?.entries.prefix(200) ?? []).compactMap(\.key.string))
            return "there is no field `\(text)` here" + (near.map { "; did you mean \($0)?" } ?? "")
        default: return text
        }
    }

    var published: EvaluationError {
        EvaluationError(code: code, message: message, range: range ?? 0..<0)
    }
}
