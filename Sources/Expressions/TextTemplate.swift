public import WorkflowModel

/// A text with `${{ EXPR }}` parts, as playbooks write them.
public struct TextTemplate: Sendable {
    /// A piece of the text.
    public enum Segment: Sendable {
        /// Text as it is.
        case literal(String)
        /// An expression; `offset` is where its text begins, in Unicode scalars of the whole text.
        case expression(Expression, offset: Int)
    }

    /// The most `${{ }}` parts in one text.
    public static let maximumParts = 1000

    /// The text as it was given.
    public let text: String
    /// The pieces in order.
    public let segments: [Segment]
    private let programs: [Program?]

    /// Reads `text` and plans its expressions.
    ///
    /// - Throws: the first mistake, with its place in the whole text.
    public init(parsing text: String, library: FunctionLibrary = .standard) throws(ExpressionError) {
        let (template, errors) = Self.parse(text, library: library)
        guard let template else {
            throw errors.first ?? ExpressionError(code: .template, message: "the text cannot be read", range: 0..<0)
        }
        self = template
    }

    private init(text: String, segments: [Segment], programs: [Program?]) {
        self.text = text
        self.segments = segments
        self.programs = programs
    }

    /// Reads `text`; gives the template, or all mistakes in it.
    public static func parse(
        _ text: String, library: FunctionLibrary = .standard
    ) -> (TextTemplate?, [ExpressionError]) {
        var scanner = TemplateScanner(text)
        var segments: [Segment] = []
        var programs: [Program?] = []
        var errors: [ExpressionError] = []
        for piece in scanner.pieces() {
            switch piece {
            case .literal(let literal):
                segments.append(.literal(literal))
                programs.append(nil)
            case .wrong(let error): errors.append(error)
            case .expression(let source, let offset):
                do throws(ExpressionError) {
                    let expression = try Expression(parsing: source)
                    programs.append(try Program(expression, library: library))
                    segments.append(.expression(expression, offset: offset))
                } catch {
                    errors.append(error.moved(by: offset))
                }
            }
        }
        return errors.isEmpty ? (TextTemplate(text: text, segments: segments, programs: programs), []) : (nil, errors)
    }

    /// True when the text has no `${{ }}` part.
    public var isConstant: Bool { programs.allSatisfy { $0 == nil } }

    /// Every path that the expressions read from outside, with ranges in the whole text.
    public var references: [Reference] {
        segments.flatMap { segment -> [Reference] in
            guard case .expression(let expression, let offset) = segment else { return [] }
            return expression.references.map {
                Reference(
                    path: $0.path, range: $0.range.lowerBound + offset..<$0.range.upperBound + offset,
                    onlyTested: $0.onlyTested)
            }
        }
    }

    /// The text in `scope`: a text, or a text with secrets when a part holds one.
    ///
    /// Texts stand as they are, numbers and truth values as CEL writes them, times as RFC 3339 in UTC, durations as people write
    /// them (`15m`), lists joined by `, `, maps as JSON. Null is an error: an empty place in a message is never meant.
    ///
    /// - Throws: ``EvaluationError`` with its place in the whole text.
    public func render(_ scope: some Scope) throws(EvaluationError) -> Value {
        var result = SecretText([])
        var length = 0
        for (segment, program) in zip(segments, programs) {
            switch segment {
            case .literal(let text):
                result.append(.plain(text))
                length += text.utf8.count
            case .expression(let expression, let offset):
                guard let program else { continue }
                do throws(EvaluationError) {
                    let piece = try Self.text(of: program.evaluate(scope), expression)
                    length += piece.segments.reduce(0) { sum, segment in
                        if case .plain(let text) = segment { sum + text.utf8.count } else { sum }
                    }
                    result.append(piece)
                } catch {
                    throw error.moved(by: offset)
                }
            }
            if length > Limits.textLength {
                throw EvaluationError(
                    code: .costExceeded, message: "the text would be longer than \(Limits.textLength >> 20) MiB",
                    range: 0..<text.unicodeScalars.count)
            }
        }
        if !result.names.isEmpty { return .secret(result) }
        return .string(result.redacted)
    }

    private static func text(of value: Value, _ expression: Expression) throws(EvaluationError) -> SecretText {
        func fail(_ code: EvaluationErrorCode, _ message: String) -> EvaluationError {
            EvaluationError(code: code, message: message, range: expression.root.range)
        }
        switch value {
        case .null, .optional([]):
            throw fail(
                .empty,
                "`\(expression.text(of: expression.root))` is empty; use default(\(expression.text(of: expression.root)), …)"
            )
        case .secret(let secret): return secret
        case .duration(let duration): return SecretText([.plain(DurationText.forPeople(duration))])
        case .optional(let inner) where inner.count == 1: return try text(of: inner[0], expression)
        case .list(let items):
            var result = SecretText([])
            for (index, item) in items.enumerated() {
                if index > 0 { result.append(.plain(", ")) }
                result.append(try text(of: item, expression))
            }
            return result
        case .map:
            guard !value.holdsSecret else { throw fail(.secret, Secrecy.failure.message) }
            return SecretText([.plain(JSONWriter.text(CELJSON.value(value)))])
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw fail(.invalidArgument, "the bytes are no UTF-8 text")
            }
            return SecretText([.plain(text)])
        default: return SecretText([.plain(StringFormat.plain(value))])
        }
    }
}
