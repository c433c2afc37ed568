/// Reads YAML files: libyaml's grammar, restricted to what a playbook needs.
public enum YAMLParser {
    /// What was read.
    public typealias Result = (root: YAMLNode?, diagnostics: [Diagnostic])

    /// How many bytes may be read again after syntax errors, so that a large broken file takes bounded time.
    private static let bytesReadAgain = 4 << 20

    /// Reads a file into a tree, and reports every mistake that can be found in one go.
    ///
    /// A tree may come with errors: then nodes with `isDamaged` stand where the text could not be read. Without a tree there is
    /// at least one error. The diagnostics are in the order of the file.
    public static func parse(_ source: SourceFile, limits: YAMLLimits = YAMLLimits()) -> Result {
        let check = TextCheck(source, limits: limits)
        guard check.diagnostics.isEmpty else { return (nil, check.diagnostics) }
        var text = source.bytes
        var damage = Damage()
        var syntax: [Diagnostic] = []
        var failedLines: Set<Int> = []
        var attempts = min(2 * limits.syntaxErrors, max(1, bytesReadAgain / max(1, text.count)))
        while true {
            let pass = read(source, text, damage, limits)
            guard let failure = pass.failure else {
                return finish(source, pass, syntax, check)
            }
            let problemLine = source.lineIndex(ofByte: pass.problem)
            if check.tabLines.contains(problemLine) || failure.problem.contains("tab") {
                let tabs = check.tabDiagnostics(brokenAt: problemLine)
                if !tabs.isEmpty { return (nil, (syntax + tabs).sorted()) }
            }
            let (diagnostic, line) = SyntaxExplainer(
                source: source, failure: failure, problem: pass.problem, context: pass.context
            ).explain()
            if failedLines.insert(line).inserted { syntax.append(diagnostic) }
            attempts -= 1
            guard attempts > 0, syntax.count < limits.syntaxErrors,
                damage.blank(line: line, of: source, in: &text)
                    || line != problemLine && damage.blank(line: problemLine, of: source, in: &text)
            else {
                return (nil, (syntax + pass.builder.diagnostics).sorted())
            }
        }
    }

    private struct Pass {
        var builder: TreeBuilder
        var failure: SyntaxFailure?
        var problem = 0
        var context: Int?
    }

    private static func read(_ source: SourceFile, _ text: [UInt8], _ damage: Damage, _ limits: YAMLLimits) -> Pass {
        text.withUnsafeBufferPointer { text in
            let index = CharacterIndex(text)
            var builder = TreeBuilder(source: source, text: text, index: index, damage: damage, limits: limits)
            let failure = EventReader.read(text, assumingUTF8: true) { builder.take($0) }
            return Pass(
                builder: builder, failure: failure,
                problem: failure?.problemIndex.map { index.byte(of: $0, in: text) } ?? 0,
                context: failure?.contextIndex.map { index.byte(of: $0, in: text) })
        }
    }

    private static func finish(
        _ source: SourceFile, _ pass: Pass, _ syntax: [Diagnostic], _ check: TextCheck
    ) -> Result {
        var diagnostics = syntax + pass.builder.diagnostics
        if !check.tabLines.isEmpty {
            var texts: [Range<Int>] = []
            if let root = pass.builder.root { collectTexts(root, into: &texts) }
            diagnostics += check.tabDiagnostics(outside: texts)
        }
        guard let root = pass.builder.root else {
            if diagnostics.isEmpty {
                diagnostics.append(
                    Diagnostic(
                        code: YAMLCode.empty, file: source.path, range: source.range(ofBytes: 0..<0),
                        message: "the file holds nothing but comments"))
            }
            return (nil, diagnostics.sorted())
        }
        return (root, diagnostics.sorted())
    }

    /// The places of all texts of more than one line, in which a tab is no indentation.
    private static func collectTexts(_ node: YAMLNode, into texts: inout [Range<Int>]) {
        guard node.aliased == nil else { return }
        switch node.content {
        case .scalar: if node.byteRange.count > 1 { texts.append(node.byteRange) }
        case .sequence(let items): for item in items { collectTexts(item, into: &texts) }
        case .mapping(let entries):
            for entry in entries {
                collectTexts(entry.key, into: &texts)
                collectTexts(entry.value, into: &texts)
            }
        }
    }
}
