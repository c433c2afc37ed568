import WorkflowModel
import YAML

/// Collects what is wrong while a manifest is read.
final class ManifestReport {
    private(set) var diagnostics: [Diagnostic] = []

    func add(_ code: String, at node: YAMLNode, _ message: String, help: String? = nil) {
        guard !node.isDamaged else { return }
        diagnostics.append(
            Diagnostic(code: code, file: node.source.path, range: node.range, message: message, help: help))
    }

    func add(_ found: [Diagnostic]) { diagnostics += found }

    func add(_ code: String, in node: YAMLNode, _ range: Range<Int>, _ message: String, help: String? = nil) {
        guard !node.isDamaged else { return }
        diagnostics.append(
            Diagnostic(
                code: code, file: node.source.path, range: node.sourceRange(ofScalars: range), message: message,
                help: help))
    }
}

/// The keys of one mapping of a manifest, each read as the kind that it must be.
struct ManifestFields {
    let node: YAMLNode
    let what: String
    let report: ManifestReport

    /// The fields of `node`, of which only those in `known` may occur; nil, and a diagnostic, when it is no mapping.
    init?(_ node: YAMLNode, _ what: String, known: [String], _ report: ManifestReport) {
        if let problem = node.isNoMapping(what) {
            report.add(ManifestCode.wrongKind, at: problem.node, problem.message)
            return nil
        }
        self.node = node
        self.what = what
        self.report = report
        for problem in node.unknownKeys(what, known: known) {
            report.add(ManifestCode.unknownKey, at: problem.node, problem.message, help: problem.help)
        }
    }

    subscript(key: String) -> YAMLNode? { node.value(of: key) }

    /// The text of `key`; reports when it is missing or no text.
    func requiredText(_ key: String) -> String? {
        guard self[key] != nil else {
            if !node.isIncomplete {
                report.add(ManifestCode.missingKey, at: node, "\(what) needs the key \(key)")
            }
            return nil
        }
        return text(key)
    }

    func text(_ key: String) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.text else { return wrong(value, key, "text") }
        guard !text.isEmpty else { return wrong(value, key, "text that is not empty") }
        return text
    }

    func flag(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .bool(let flag)? = value.scalar?.resolved else { return wrong(value, key, "true or false") }
        return flag
    }

    func count(_ key: String, in range: ClosedRange<Int64>) -> Int? {
        guard let value = self[key] else { return nil }
        guard case .int(let number)? = value.scalar?.resolved, range.contains(number) else {
            return wrong(value, key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func duration(_ key: String) -> Duration? {
        guard let value = self[key] else { return nil }
        guard let duration = value.text.flatMap(DurationText.parse), duration > .zero else {
            return wrong(value, key, "a duration such as 30s")
        }
        return duration
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let value = self[key] else { return nil }
        guard let text = value.text, let choice = Choice(rawValue: text) else {
            return wrong(value, key, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// The texts of the list at `key`, none twice.
    func texts(_ key: String, form: (String) -> Bool, of kind: String) -> [String] {
        guard let value = self[key] else { return [] }
        guard let items = value.items else {
            let _: String? = wrong(value, key, "a list of \(kind)")
            return []
        }
        var texts: [String] = []
        for item in items {
            guard let text = item.text, form(text) else {
                report.add(ManifestCode.wrongValue, at: item, "\(key) must hold \(kind)")
                continue
            }
            guard !texts.contains(text) else {
                report.add(ManifestCode.repeated, at: item, "\(text) is in \(key) twice")
                continue
            }
            texts.append(text)
        }
        return texts
    }

    private func wrong<Result>(_ value: YAMLNode, _ key: String, _ wanted: String) -> Result? {
        report.add(
            ManifestCode.wrongValue, at: value, "\(key) must be \(wanted), this is \(value.text ?? value.kindInWords)")
        return nil
    }
}
