import WorkflowModel
import YAML

/// Collects what is wrong while a mapping is read.
final class MappingReport {
    private(set) var diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    func add(
        _ code: String, _ severity: Diagnostic.Severity = .error, at node: YAMLNode, _ message: String,
        help: String? = nil
    ) {
        guard !node.isDamaged else { return }
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code, file: node.source.path, range: node.range, message: message, help: help)
        )
    }
}

/// The keys of one part of a mapping file, each read as what it must be.
struct MappingFields {
    let node: YAMLNode
    let what: String
    let report: MappingReport

    /// The keys of `node`, of which only those in `known` may occur; nil, and a diagnostic, when it is no mapping.
    init?(_ node: YAMLNode, _ what: String, known: [String], _ report: MappingReport) {
        if let problem = node.isNoMapping(what) {
            report.add(ImportCode.wrongKind, at: problem.node, problem.message)
            return nil
        }
        self.node = node
        self.what = what
        self.report = report
        for problem in node.unknownKeys(what, known: known) {
            report.add(ImportCode.unknownKey, at: problem.node, problem.message, help: problem.help)
        }
    }

    subscript(key: String) -> YAMLNode? { node.value(of: key) }

    /// The node of `key`; reports when it is missing.
    func required(_ key: String, help: String) -> YAMLNode? {
        if let value = self[key] { return value }
        if !node.isIncomplete {
            report.add(ImportCode.missingKey, at: node, "\(what) needs the key \(key)", help: help)
        }
        return nil
    }

    /// The text of `key`; reports when it is no text or empty.
    func text(_ key: String) -> String? {
        self[key].flatMap { read($0, key) }
    }

    func requiredText(_ key: String, help: String) -> String? {
        required(key, help: help).flatMap { read($0, key) }
    }

    func flag(_ key: String) -> Bool {
        guard let value = self[key] else { return false }
        guard case .bool(let flag)? = value.scalar?.resolved else {
            report.add(
                ImportCode.wrongValue, at: value, "\(key) must be true or false, this is \(MappingFields.shown(value))")
            return false
        }
        return flag
    }

    func column(_ key: String) -> ColumnName? { self[key].flatMap { column($0, key) } }

    func column(_ value: YAMLNode, _ key: String) -> ColumnName? {
        read(value, key).map { ColumnName(text: $0, range: value.range) }
    }

    /// The texts of the list at `key`; an empty text is allowed where the caller says so.
    func texts(_ key: String, emptyAllowed: Bool = false) -> [String]? {
        guard let value = self[key] else { return nil }
        guard let items = value.items else {
            report.add(ImportCode.wrongValue, at: value, "\(key) must be a list, this is \(MappingFields.shown(value))")
            return nil
        }
        return items.compactMap { item in
            if emptyAllowed, item.scalar != nil { return item.text }
            return read(item, key)
        }
    }

    private func read(_ value: YAMLNode, _ key: String) -> String? {
        guard let text = value.text, !text.isEmpty else {
            report.add(ImportCode.wrongValue, at: value, "\(key) must be a text, this is \(MappingFields.shown(value))")
            return nil
        }
        return text
    }

    static func shown(_ node: YAMLNode) -> String {
        guard let text = node.text, !text.isEmpty else { return node.scalar == nil ? node.kindInWords : "empty" }
        return text
    }
}
