import Expressions
import WorkflowModel
import YAML

/// Checks all expressions of a playbook: names, types, and what their places ask for.
struct TypeCheck {
    private let reading: PlaybookReading
    private let table: NameTable
    /// Whether a playbook is asked for its names alone: one that has run is read again whatever its types are.
    private let isStructureOnly: Bool

    init(_ reading: PlaybookReading, _ table: NameTable) {
        self.reading = reading
        self.table = table
        isStructureOnly = reading.environment.actions == nil && reading.environment.events == nil
    }

    func run() {
        for index in reading.sites.indices where !reading.isFull {
            let site = reading.sites[index]
            let result = table.result(ofSite: index)
            for problem in result.problems where !isStructureOnly || Self.isAboutNames(problem.kind) {
                report(problem, site)
            }
            if !isStructureOnly, !result.problems.contains(where: { $0.range == site.expression.root.range }) {
                checkPlace(site, result.type)
            }
        }
        for choice in reading.choices where !isStructureOnly && !reading.isFull { check(choice) }
    }

    private static func isAboutNames(_ kind: TypeProblem.Kind) -> Bool {
        switch kind {
        case .name, .member, .unknownField, .function, .notACondition: true
        default: false
        }
    }

    /// The code of a finding.
    static func code(of kind: TypeProblem.Kind) -> PlaybookCode {
        switch kind {
        case .name(let code), .member(let code): PlaybookCode(rawValue: code) ?? .unknownName
        case .unknownField: .unknownField
        case .wrongOperand: .wrongOperand
        case .wrongArgument: .wrongArgument
        case .wrongConstant: .wrongConstant
        case .notACondition: .notACondition
        case .unlikeComparison: .unlikeComparison
        case .unknownWord: .unknownWord
        case .mayBeMissing, .mayBeAbsent: .mayBeMissing
        case .noElements: .noElements
        case .secret: .secretLookedInto
        case .function: .function
        }
    }

    private func report(_ problem: TypeProblem, _ site: PlaybookReading.Site) {
        var message = problem.message
        var help = problem.help
        if problem.kind == .mayBeAbsent { (message, help) = absence(problem, site) }
        reading.report(
            Self.code(of: problem.kind), range(problem.range, site), message, help: help,
            severity: problem.isWarning ? .warning : .error)
    }

    /// What to say of a value that may not be there.
    private func absence(_ problem: TypeProblem, _ site: PlaybookReading.Site) -> (String, String?) {
        let scalars = Array(site.expression.text.unicodeScalars)[problem.range]
        let name = String(String.UnicodeScalarView(scalars))
        let path = name.split(separator: ".").map(String.init)
        if path.count > 1, path[0] == "steps", let number = reading.steps.positions[path[1]],
            let doubt = table.doubt(about: number, from: site.scope)
        {
            let step = "steps.\(path[1])"
            return (
                "`\(name)` may not be there: \(step) \(doubt.inWords)",
                "ask \(step).status == \"succeeded\" before, or write default(\(name), …)"
            )
        }
        if path.count == 2, path[0] == "vars" {
            return ("`\(name)` has no value yet: it is set only later", "give it a first value under `vars`")
        }
        if path.count == 1 {
            return (
                "`\(name)` is not given by every trigger, and then this fails",
                "ask event.type == \"…\" before, or write default(\(name), …)"
            )
        }
        return (problem.message, problem.help)
    }

    // MARK: Places

    private func checkPlace(_ site: PlaybookReading.Site, _ type: ExpressionType) {
        let node = site.expression.root
        let shown = Self.shown(site.expression)
        let inner = type.present
        switch site.place {
        case .value: break
        case .list:
            if !inner.mayBeList {
                reading.report(
                    .noElements, range(node.range, site), "`for_each` needs a list, and \(shown) is \(inner.inWords)",
                    help: inner.isMap ? "write \(Self.text(site.expression)).map(k, k) to go through the keys" : nil)
            } else if case .nullable = type, !table.isPresent(node, site.scope) {
                reading.report(
                    .mayBeMissing, range(node.range, site), "\(shown) may be missing, and then this fails",
                    help: "write default(\(Self.text(site.expression)), [])", severity: .warning)
            }
        case .moment:
            guard !inner.mayBe(.timestamp) else {
                guard case .nullable = type, !table.isPresent(node, site.scope) else { return }
                reading.report(
                    .mayBeMissing, range(node.range, site), "\(shown) may be missing, and then this fails",
                    help: "write default(\(Self.text(site.expression)), now)", severity: .warning)
                return
            }
            reading.report(
                .wrongMoment, range(node.range, site), "`wait_until` needs a time, and \(shown) is \(inner.inWords)",
                help: inner == .duration
                    ? "write now + \(Self.text(site.expression)), or `wait:`"
                    : inner.isText ? "write timestamp(…)" : nil)
        case .text: checkText(site, type)
        }
    }

    private func checkText(_ site: PlaybookReading.Site, _ type: ExpressionType) {
        let node = site.expression.root
        let shown = Self.shown(site.expression)
        switch type {
        case .null:
            reading.report(
                .mayBeMissing, range(node.range, site), "null cannot stand in a text", help: "write default(…)",
                severity: .warning)
        case let map where map.isMap:
            reading.report(
                .unreadableText, range(node.range, site), "\(shown) is a map: the text would hold its JSON",
                help: "write one of its fields", severity: .warning)
        case .list(let element) where element.isMap:
            reading.report(
                .unreadableText, range(node.range, site),
                "\(shown) is a list of maps: the text would hold their JSON",
                help: "take one field of each: \(Self.text(site.expression)).map(x, x.…)", severity: .warning)
        case .optional:
            reading.report(
                .wrongArgument, range(node.range, site), "\(shown) is an optional and cannot stand in a text",
                help: "write .orValue(\"…\") behind it")
        case .nullable(let inner):
            // What an event tells is mostly there; what a person or a step may leave out is asked for.
            guard let root = node.path?.first, ["steps", "inputs"].contains(root), !inner.isUnknown,
                !table.isPresent(node, site.scope)
            else { return }
            reading.report(
                .mayBeMissing, range(node.range, site), "\(shown) may be missing, and then the text cannot be made",
                help: "write default(\(Self.text(site.expression)), \"…\")", severity: .warning)
        default: break
        }
    }

    /// The values of a `switch` that can never be met.
    private func check(_ choice: PlaybookReading.Choice) {
        let type = table.result(ofSite: choice.site).type
        let words = type.knownWords
        for (node, value) in choice.values {
            if let text = value.string, let words, !words.contains(text) {
                let near = Similarity.nearest(to: text, among: words)
                reading.report(
                    .unknownWord, node, "\(Self.shown(reading.sites[choice.site].expression)) is never \"\(text)\"",
                    help: near.map { "did you mean \($0)?" }
                        ?? "it is one of \(words.prefix(20).joined(separator: ", "))", severity: .warning)
            } else if !TypeChecker.canEqual(value, type) {
                reading.report(
                    .unlikeComparison, node,
                    "\(Self.shown(reading.sites[choice.site].expression)) is \(type.inWords), and this is \(Self.kind(of: value))",
                    help: value.string == nil && type.isText ? "write it in quotes" : nil, severity: .warning)
            }
        }
    }

    private static func kind(of value: Value) -> String {
        value.string != nil ? "text" : value.number != nil ? "a number" : value.bool != nil ? "true or false" : "null"
    }

    private static func shown(_ expression: Expression) -> String {
        let text = text(expression)
        return text.count <= 48 ? "`\(text)`" : "this"
    }

    /// The expression without what stands around it in `${{ }}`.
    private static func text(_ expression: Expression) -> String {
        expression.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func range(_ range: Range<Int>, _ site: PlaybookReading.Site) -> SourceRange {
        site.node.sourceRange(ofScalars: range.lowerBound + site.offset..<range.upperBound + site.offset)
    }
}

extension ExpressionType {
    var mayBeList: Bool {
        switch present {
        case .list: true
        case .oneOf(let members): members.contains(where: \.mayBeList)
        case let other: other.isUnknown
        }
    }

    func mayBe(_ wanted: ExpressionType) -> Bool {
        switch present {
        case .oneOf(let members): members.contains { $0.mayBe(wanted) }
        case let other: other == wanted || other.isUnknown
        }
    }
}
