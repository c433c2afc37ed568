import Expressions
import WorkflowModel
import YAML

/// Checks that conditions are true or false, and that what is compared can be compared, as far as the kinds of fields are known.
struct KindCheck {
    private let reading: PlaybookReading
    private let table: NameTable

    init(_ reading: PlaybookReading, _ table: NameTable) {
        self.reading = reading
        self.table = table
    }

    func run() {
        for site in reading.sites where !reading.isFull {
            if site.isCondition { condition(site.expression.root, site) }
            comparisons(site.expression.root, site)
        }
    }

    /// A name in the place of a condition, or of an operand of `&&`, `||` and `!`.
    private func condition(_ node: Node, _ site: PlaybookReading.Site) {
        if case .call(let function, nil, let args) = node.kind,
            [Operator.and, Operator.or, Operator.not].contains(function)
        {
            for arg in args { condition(arg, site) }
            return
        }
        guard let path = node.path, let kind = kind(of: path, site), kind != "true or false" else { return }
        let name = path.joined(separator: ".")
        let help =
            switch kind {
            case "text": "compare it: \(name) == \"…\"; or ask whether it is there: !missing(\(name))"
            case "a number": "compare it: \(name) > 0"
            case "a list": "ask for its length: size(\(name)) > 0"
            default: "compare it, or ask whether it is there: !missing(\(name))"
            }
        reading.report(.notACondition, range(node.range, site), "`\(name)` is \(kind), not true or false", help: help)
    }

    private func comparisons(_ node: Node, _ site: PlaybookReading.Site) {
        for child in node.kind.children { comparisons(child, site) }
        guard case .call(let function, nil, let args) = node.kind, args.count == 2,
            [
                Operator.equals, Operator.notEquals, Operator.less, Operator.lessEquals, Operator.greater,
                Operator.greaterEquals,
            ].contains(function)
        else { return }
        for (named, other) in [(args[0], args[1]), (args[1], args[0])] {
            guard let path = named.path, let kind = kind(of: path, site), let literal = other.literal,
                let given = Self.kind(of: literal), given != kind
            else { continue }
            reading.report(
                .unlikeComparison, range(other.range, site),
                "`\(path.joined(separator: "."))` is \(kind), and is compared with \(given)",
                help: Self.help(kind, literal), severity: .warning)
        }
    }

    private func kind(of path: [String], _ site: PlaybookReading.Site) -> String? {
        guard path.count > 1, case .known(let schemas) = table.target(path, site.scope) else { return nil }
        return FieldWalk.kindInWords(schemas)
    }

    private static func kind(of literal: Value) -> String? {
        switch literal {
        case .string: "text"
        case .int, .uint, .double: "a number"
        case .bool: "true or false"
        default: nil
        }
    }

    private static func help(_ kind: String, _ literal: Value) -> String? {
        switch (kind, literal) {
        case ("a number", .string(let text)) where Double(text) != nil: "write it without quotes: \(text)"
        case ("true or false", .string(let text)) where ["true", "false"].contains(text):
            "write it without quotes: \(text)"
        case ("text", .int(let number)): "write it in quotes: \"\(number)\""
        case ("text", .bool(let flag)): "write it in quotes: \"\(flag)\""
        case ("a time", _): "write timestamp(\"2026-11-22T08:00:00Z\"), or ago(\"2d\")"
        case ("a duration", .string(let text)):
            "write duration(\"\(DurationText.parse(text) == nil ? DurationText.meant(text) ?? "15m" : text)\")"
        case ("a duration", _): "write duration(\"15m\")"
        case ("a list", .string(let text)): "ask whether it is in the list: \"\(text)\" in …"
        default: nil
        }
    }

    private func range(_ range: Range<Int>, _ site: PlaybookReading.Site) -> SourceRange {
        site.node.sourceRange(ofScalars: range.lowerBound + site.offset..<range.upperBound + site.offset)
    }
}
