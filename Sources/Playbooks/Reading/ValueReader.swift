import Expressions
import WorkflowModel
import YAML

/// What a scalar of a playbook's values is.
enum ScalarForm {
    /// As it stands.
    case literal
    /// `=EXPR`.
    case expression
    /// A text with `${{ EXPR }}` in it.
    case text

    init(_ scalar: YAMLScalar) {
        guard scalar.resolved == .string else {
            self = .literal
            return
        }
        if scalar.text.utf8.first == UInt8(ascii: "=") {
            self = .expression
        } else {
            self = scalar.text.contains("{{") ? .text : .literal
        }
    }
}

/// Reads values (`=EXPR`, texts with `${{ EXPR }}`, lists, maps) and the keys that hold an expression.
struct ValueReader {
    let reading: PlaybookReading

    /// A value of any form.
    func source(_ node: YAMLNode, _ scope: NameScope) -> ValueSource {
        switch node.content {
        case .scalar(let scalar):
            if scalar.resolved == .string { reading.texts.append(.init(node: node, scope: scope)) }
            switch ScalarForm(scalar) {
            case .literal: return .literal(node.plainValue)
            case .expression: return expressionValue(node, scalar, scope)
            case .text: return text(node, scalar, scope)
            }
        case .sequence(let items):
            let sources = items.map { source($0, scope) }
            let literals = sources.compactMap(\.literalValue)
            return literals.count == sources.count ? .literal(.list(literals)) : .list(sources)
        case .mapping(let entries):
            let sources = entries.map {
                NamedSource($0.key.text ?? "", source($0.value, scope), at: reading.place($0.key))
            }
            let literals = sources.compactMap { named in
                named.source.literalValue.map { ValueMap.Entry(key: .string(named.name), value: $0) }
            }
            return literals.count == sources.count
                ? .literal(.map(ValueMap(uniqueEntries: literals))) : .map(sources)
        }
    }

    /// The names and values of a map such as `with`.
    func named(_ node: YAMLNode, _ what: String, _ scope: NameScope) -> [NamedSource] {
        guard !node.isNull, let fields = Fields(node, what, reading) else { return [] }
        return (fields.node.entries ?? []).map {
            NamedSource($0.key.text ?? "", source($0.value, scope), at: reading.place($0.key))
        }
    }

    private func expressionValue(_ node: YAMLNode, _ scalar: YAMLScalar, _ scope: NameScope) -> ValueSource {
        let blanks = scalar.text.unicodeScalars.dropFirst().prefix { $0 == " " }.count
        let body = String(scalar.text.unicodeScalars.dropFirst(1 + blanks))
        if body.hasPrefix("${{") {
            let fixed = Braces.inside(body).map { "=\($0)" }
            reading.report(
                .superfluousBraces, node.range, "after `=` the whole value is an expression: `${{ }}` is not needed",
                help: fixed.map { "write \($0)" },
                fixedLine: fixed.flatMap { reading.fixedLine(replacing: node.range, with: $0) })
            return .literal(.null)
        }
        guard let parsed = parse(body, node, offset: 1 + blanks, scope, emptyHelp: "write the expression after `=`")
        else {
            return .literal(.null)
        }
        return .expression(parsed)
    }

    private func text(_ node: YAMLNode, _ scalar: YAMLScalar, _ scope: NameScope) -> ValueSource {
        let (template, errors) = TextTemplate.parse(scalar.text)
        for error in errors { report(error, inTextOf: node, scalar) }
        guard let template else { return .literal(.null) }
        for case .expression(let expression, let offset) in template.segments {
            reading.sites.append(
                .init(
                    expression: expression, node: node, offset: offset, scope: scope, isPlanned: true, place: .text))
        }
        return template.isConstant
            ? .literal(.string(scalar.text)) : .text(ExpressionText(scalar.text, at: reading.place(node, offset: 0)))
    }

    private func report(_ error: ExpressionError, inTextOf node: YAMLNode, _ scalar: YAMLScalar) {
        let range = node.sourceRange(ofScalars: error.range)
        guard error.code == .template else {
            let isAboutFunctions = [.unknownFunction, .arguments, .constant].contains(error.code)
            reading.report(
                isAboutFunctions ? .function : .syntax, range, error.message, help: error.help,
                fixedLine: error.fix.flatMap { reading.fixedLine(replacing: range, with: $0) })
            return
        }
        let isBare = scalar.text.unicodeScalars.dropFirst(error.range.lowerBound).first == "{"
        let start = SourceRange(start: range.start, end: range.start)
        reading.report(
            isBare ? .bareBraces : .textPart, range, error.message, help: error.help,
            fixedLine: isBare ? reading.fixedLine(replacing: start, with: "$") : nil)
    }

    /// The expression of a key such as `if`, written without `=`; nil, with a report, when it is none.
    func expression(_ node: YAMLNode, key: String, _ scope: NameScope, isCondition: Bool = true) -> ExpressionText? {
        guard !node.isDamaged else { return nil }
        guard let scalar = node.scalar else {
            reading.report(
                .wrongKind, node, "`\(key)` must be an expression, is \(node.kindInWords)",
                help: isCondition ? "join conditions by && or ||" : "write a list in quotes: '[\"a\", \"b\"]'")
            return nil
        }
        let text = scalar.text
        if text.utf8.first == UInt8(ascii: "=") {
            let bare = String(text.unicodeScalars.dropFirst().drop { $0 == " " })
            reading.report(
                .superfluousEquals, node.sourceRange(ofScalars: 0..<1),
                "`\(key)` is an expression already: no `=` before it", help: "write \(bare)",
                fixedLine: reading.fixedLine(
                    replacing: node.sourceRange(ofScalars: 0..<text.unicodeScalars.count - bare.unicodeScalars.count),
                    with: ""))
            return nil
        }
        if text.hasPrefix("{{"), text.hasSuffix("}}") {
            let bare = text.dropFirst(2).dropLast(2).trimmed
            reading.report(
                .superfluousBraces, node.range, "`\(key)` is an expression already: no `{{ }}` around it",
                help: "write \(bare)", fixedLine: reading.fixedLine(replacing: node.range, with: bare))
            return nil
        }
        if let start = Braces.start(in: text) {
            let bare = Braces.inside(text)
            reading.report(
                .superfluousBraces, bare == nil ? node.sourceRange(ofScalars: start..<start + 3) : node.range,
                "`\(key)` is an expression already: no `${{ }}` in it",
                help: bare.map { "write \($0)" } ?? "write the name alone",
                fixedLine: bare.flatMap { reading.fixedLine(replacing: node.range, with: $0) })
            return nil
        }
        if isCondition {
            switch scalar.resolved {
            case .int, .float:
                reading.report(.notACondition, node, "`\(key)` must be a condition, is a number")
                return nil
            case .null:
                reading.report(
                    .emptyExpression, node, "`\(key)` is empty", help: "write a condition, or remove the key")
                return nil
            default: break
            }
        }
        guard let found = parse(text, node, offset: 0, scope, emptyHelp: "write a condition, or remove the key") else {
            return nil
        }
        let last = reading.sites.count - 1
        guard isCondition else {
            reading.sites[last].place = key == "for_each" ? .list : key == "wait_until" ? .moment : .value
            return found
        }
        if let kind = Self.constantKind(reading.sites[last].expression.root) {
            reading.report(
                .notACondition, node, "`\(key)` must be a condition, is always \(kind)",
                help: "compare it: x == …")
        } else {
            reading.sites[last].isCondition = true
        }
        return found
    }

    /// What a constant that is neither true nor false is.
    private static func constantKind(_ node: Node) -> String? {
        switch node.kind {
        case .literal(.bool): nil
        case .literal(let value): "a \(value.kindForPeople)"
        case .list: "a list"
        case .map: "a map"
        default: nil
        }
    }

    /// Parses an expression and keeps it for the checks; nil, with a report, when it cannot be read.
    private func parse(
        _ text: String, _ node: YAMLNode, offset: Int, _ scope: NameScope, emptyHelp: String
    ) -> ExpressionText? {
        guard text.unicodeScalars.contains(where: { $0 != " " && $0 != "\n" }) else {
            reading.report(.emptyExpression, node, "the expression is empty", help: emptyHelp)
            return nil
        }
        do throws(ExpressionError) {
            let expression = try Expression(parsing: text)
            reading.sites.append(
                .init(expression: expression, node: node, offset: offset, scope: scope, isPlanned: false))
            return ExpressionText(text, at: reading.place(node, offset: offset))
        } catch {
            let place = error.range.lowerBound + offset..<error.range.upperBound + offset
            let range = node.sourceRange(ofScalars: place)
            reading.report(
                .syntax, range, error.message, help: error.help,
                fixedLine: error.fix.flatMap { reading.fixedLine(replacing: range, with: $0) })
            return nil
        }
    }
}

extension ValueSource {
    /// The value, when it is given as it stands.
    var literalValue: Value? {
        if case .literal(let value) = self { return value }
        return nil
    }
}

extension Substring {
    /// The text without the blanks at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
