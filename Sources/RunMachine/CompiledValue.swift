import Expressions
import WorkflowModel

/// An expression of a playbook, planned once, that reports its failures with the place in the file.
struct CompiledExpression: Sendable {
    let text: ExpressionText
    let program: Program

    /// Plans `text`.
    ///
    /// - Throws: a located ``Failure`` when it is no expression.
    init(_ text: ExpressionText) throws(Failure) {
        self.text = text
        do throws(ExpressionError) {
            program = try Program(Expression(parsing: text.text))
        } catch {
            throw Failure(
                code: "bad_expression", message: "`\(text.text)`: \(error.message)",
                place: text.place.moved(by: error.range.lowerBound, in: text.text))
        }
    }

    func evaluate(_ scope: some Scope) throws(Failure) -> Value {
        do throws(EvaluationError) { return try program.evaluate(scope).forJournal } catch { throw located(error) }
    }

    func test(_ scope: some Scope) throws(Failure) -> Bool {
        do throws(EvaluationError) { return try program.test(scope) } catch { throw located(error) }
    }

    private func located(_ error: EvaluationError) -> Failure {
        .evaluation(error, in: text)
    }
}

/// A value source with its expressions and texts planned.
indirect enum CompiledValue: Sendable {
    case literal(Value)
    case expression(CompiledExpression)
    case text(TextTemplate, ExpressionText)
    case list([CompiledValue])
    case map([CompiledField])

    init(_ source: ValueSource) throws(Failure) {
        switch source {
        case .literal(let value): self = .literal(value)
        case .expression(let text): self = .expression(try CompiledExpression(text))
        case .text(let text):
            do throws(ExpressionError) {
                self = .text(try TextTemplate(parsing: text.text), text)
            } catch {
                throw Failure(
                    code: "bad_expression", message: "`\(text.text)`: \(error.message)",
                    place: text.place.moved(by: error.range.lowerBound, in: text.text))
            }
        case .list(let items):
            var compiled: [CompiledValue] = []
            for item in items { compiled.append(try CompiledValue(item)) }
            self = .list(compiled)
        case .map(let fields): self = .map(try CompiledField.all(fields))
        }
    }

    func evaluate(_ scope: some Scope) throws(Failure) -> Value {
        switch self {
        case .literal(let value): return value
        case .expression(let expression): return try expression.evaluate(scope)
        case .text(let template, let text):
            do throws(EvaluationError) { return try template.render(scope) } catch {
                throw .evaluation(error, in: text)
            }
        case .list(let items):
            var values: [Value] = []
            values.reserveCapacity(items.count)
            for item in items { values.append(try item.evaluate(scope)) }
            return .list(values)
        case .map(let fields): return .map(try CompiledField.evaluate(fields, scope))
        }
    }
}

/// A name with the value that it is given.
struct CompiledField: Sendable {
    let name: String
    let value: CompiledValue

    static func all(_ sources: [NamedSource]) throws(Failure) -> [CompiledField] {
        var fields: [CompiledField] = []
        fields.reserveCapacity(sources.count)
        for source in sources {
            fields.append(CompiledField(name: source.name, value: try CompiledValue(source.source)))
        }
        return fields
    }

    static func evaluate(_ fields: [CompiledField], _ scope: some Scope) throws(Failure) -> ValueMap {
        var map = ValueMap()
        for field in fields { map[field.name] = try field.value.evaluate(scope) }
        return map
    }
}

extension Failure {
    /// The permanent failure of an evaluation, with the text and its place in the file.
    static func evaluation(_ error: EvaluationError, in text: ExpressionText) -> Failure {
        Failure(
            code: error.code.journalName, message: "`\(text.text)`: \(error.message)",
            place: text.place.moved(by: error.range.lowerBound, in: text.text))
    }
}

extension EvaluationErrorCode {
    /// `no_such_field` for `noSuchField`: codes in journals are in snake case.
    var journalName: String {
        var name = ""
        for scalar in rawValue.unicodeScalars {
            if scalar.properties.isUppercase {
                name += "_" + scalar.properties.lowercaseMapping
            } else {
                name.unicodeScalars.append(scalar)
            }
        }
        return name
    }
}

extension SourcePlace {
    /// The place `offset` scalars further on, as long as the text before it has no line break.
    fileprivate func moved(by offset: Int, in text: String) -> SourcePlace {
        guard !text.unicodeScalars.prefix(offset).contains("\n") else { return self }
        return SourcePlace(file: file, line: line, column: column + offset)
    }
}

extension Value {
    /// The value without what exists inside expressions only: an optional becomes its content or null, a type its name.
    fileprivate var forJournal: Value {
        switch self {
        case .optional(let inner): inner.first?.forJournal ?? .null
        case .type(let name): .string(name)
        case .list(let items) where items.contains(where: \.isForExpressionsOnly): .list(items.map(\.forJournal))
        case .map(let map) where map.contains(where: { $0.value.isForExpressionsOnly }):
            .map(ValueMap(uniqueEntries: map.entries.map { .init(key: $0.key, value: $0.value.forJournal) }))
        default: self
        }
    }

    private var isForExpressionsOnly: Bool {
        switch self {
        case .optional, .type: true
        case .list(let items): items.contains(where: \.isForExpressionsOnly)
        case .map(let map): map.contains { $0.value.isForExpressionsOnly }
        default: false
        }
    }
}
