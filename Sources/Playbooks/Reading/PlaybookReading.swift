import Expressions
import WorkflowModel
import YAML

/// What is collected while one file is read: the mistakes, the steps, and every expression with the place where it stands.
final class PlaybookReading {
    /// What the place of an expression asks for, beside conditions.
    enum Place {
        case value
        /// A list to go through.
        case list
        /// A moment to wait for.
        case moment
        /// A part of a text.
        case text
    }

    /// A parsed expression, to be checked when all steps and names of the file are known.
    struct Site {
        var expression: Expression
        /// The scalar that holds it.
        var node: YAMLNode
        /// Where it begins in the scalar's text, in Unicode scalars.
        var offset: Int
        var scope: NameScope
        /// Whether its functions have been checked.
        var isPlanned: Bool
        /// Whether it must be true or false.
        var isCondition = false
        var place = Place.value
    }

    /// A value that a variable is given.
    struct Assignment {
        var name: String
        var value: YAMLNode
        /// The `set` step that gives it; nil in `vars`.
        var step: Int?
    }

    /// The values that a `switch` chooses by.
    struct Choice {
        /// What is switched on, among the sites.
        var site: Int
        var values: [(YAMLNode, Value)]
    }

    /// A text among the values, which is looked at for expressions that were meant as such, but not written so.
    struct Text {
        /// The scalar that holds it.
        var node: YAMLNode
        var scope: NameScope
    }

    /// A call whose inputs are checked when all names are known.
    struct Call {
        var action: String
        /// The value of `uses`.
        var uses: YAMLNode
        /// The value of `with`, when there is one.
        var with: YAMLNode?
        var scope: NameScope
        /// What is called when it is no action: a playbook.
        var signature: ActionSignature?
    }

    /// A question of which it is checked who can answer it, when all names are known.
    struct Question {
        /// The value of `who` or `by`.
        var who: YAMLNode
        /// The value of `quorum`, when there is one.
        var quorum: YAMLNode?
        /// How many people must answer.
        var count: Int
    }

    /// The playbook's id.
    var id: String?
    /// Whether an editor asks, for which what is half written counts, too.
    var isForEditor = false
    let source: SourceFile
    let environment: CheckEnvironment
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var hasErrors = false
    var sites: [Site] = []
    var texts: [Text] = []
    var assignments: [Assignment] = []
    var choices: [Choice] = []
    /// The conditions that hold whenever the playbook runs.
    var given: [NameScope.Assumption] = []
    var calls: [Call] = []
    var questions: [Question] = []
    var steps = StepTable()
    /// The nodes of the steps, in the order of ``steps``.
    var stepNodes: [YAMLNode] = []
    /// The variables of `vars` in order, then those that `set` steps assign.
    var variables: [String] = []
    /// Those of them that `vars` declares.
    var declaredVariables = 0
    /// The event types of each trigger: none for a manual one, nil for one that could not be read.
    var triggerTypes: [[String]?] = []
    /// The inputs of the manual trigger.
    var inputs: [InputField] = []
    var hasManualTrigger = false
    /// Whether events are collected, so that there is `events`.
    var collects = false
    /// What the schedules are, to find one that is there twice.
    var schedules: Set<[String]> = []
    /// Keys that are written, but misspelt or in the wrong place, by the byte at which their map begins: they are not missing.
    var meantKeys: [Int: Set<String>] = [:]
    /// Whether keys of steps stand at the top level.
    var hasStrayStepKeys = false
    /// Whether so much was reported that more will not be shown: then no suggestion is worth looking for.
    var isFull: Bool { diagnostics.count >= 200 }

    init(_ source: SourceFile, _ environment: CheckEnvironment) {
        self.source = source
        self.environment = environment
    }

    // MARK: Reporting

    func take(_ others: [Diagnostic]) {
        diagnostics += others
        if others.contains(where: { $0.severity == .error }) { hasErrors = true }
    }

    func report(
        _ code: PlaybookCode, _ range: SourceRange?, _ message: String, help: String? = nil, fixedLine: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        if severity == .error { hasErrors = true }
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code.rawValue, file: source.path, range: range, message: message, help: help,
                fixedLine: fixedLine))
    }

    func report(
        _ code: PlaybookCode, _ node: YAMLNode, _ message: String, help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        report(code, narrow(node), message, help: help, severity: severity)
    }

    /// A node's range; of a block collection only its first line, which is enough to find it.
    func narrow(_ node: YAMLNode) -> SourceRange {
        guard node.scalar == nil, node.style == .block, let first = node.entries?.first?.key ?? node.items?.first
        else { return node.range }
        if first.scalar == nil { return narrow(first) }
        return source.range(
            ofBytes: node.byteRange.lowerBound..<max(node.byteRange.lowerBound, first.byteRange.upperBound))
    }

    /// The line of `range` with `replacement` instead of what stands there; nil when the range is more than one line.
    func fixedLine(replacing range: SourceRange, with replacement: String) -> String? {
        guard range.start.line == range.end.line else { return nil }
        let line = Array(source.line(range.start.line).unicodeScalars)
        guard range.end.column - 1 <= line.count else { return nil }
        var fixed = String.UnicodeScalarView(line[..<(range.start.column - 1)])
        fixed.append(contentsOf: replacement.unicodeScalars)
        fixed.append(contentsOf: line[(range.end.column - 1)...])
        return String(fixed)
    }

    /// The path that a text such as `steps.owner.assignee` was probably meant to be, with its `=`; nil for any other text.
    func pathMeant(by text: String) -> String? {
        let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.count > 1, path.allSatisfy(NameRules.isName) else { return nil }
        let isEventName = triggerTypes.contains { types in
            (types ?? []).contains { environment.events?[$0]?.property(path[0]) != nil }
        }
        return isEventName || NameRules.languageNames.contains(path[0]) ? "=\(text)" : nil
    }

    // MARK: Places

    /// Where a node begins.
    func place(_ node: YAMLNode) -> SourcePlace {
        place(source.position(ofByte: node.byteRange.lowerBound))
    }

    /// Where character `offset` of a scalar's text stands.
    func place(_ node: YAMLNode, offset: Int) -> SourcePlace {
        if let scalar = node.scalar, node.aliased == nil, let start = verbatimStart(of: scalar, node) {
            let bytes =
                offset == 0 ? 0 : String(String.UnicodeScalarView(scalar.text.unicodeScalars.prefix(offset))).utf8.count
            return place(source.position(ofByte: start + bytes))
        }
        return place(node.sourceRange(ofScalars: offset..<offset + 1).start)
    }

    private func place(_ position: SourcePosition) -> SourcePlace {
        SourcePlace(file: source.path, line: position.line, column: position.column)
    }

    /// The byte at which the scalar's text stands in the file letter by letter; nil when it has escapes, folds or indentation.
    private func verbatimStart(of scalar: YAMLScalar, _ node: YAMLNode) -> Int? {
        let quotes: Int
        switch scalar.style {
        case .plain: quotes = 0
        case .singleQuoted, .doubleQuoted: quotes = 1
        case .literal, .folded: return nil
        }
        let range = node.byteRange
        guard range.count == scalar.text.utf8.count + 2 * quotes else { return nil }
        let start = range.lowerBound + quotes
        guard source.bytes[start..<range.upperBound - quotes].elementsEqual(scalar.text.utf8) else { return nil }
        return start
    }
}
