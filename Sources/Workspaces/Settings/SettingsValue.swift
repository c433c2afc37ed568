import WorkflowModel
import YAML
import Shapes

/// Reads values of settings: as they stand, but `=secrets.NAME` and `${{ secrets.NAME }}` in a text are references to secrets.
struct SettingsValue {
    let report: LoadReport
    /// The names of the secrets that are declared.
    let secrets: Set<String>

    func value(_ node: YAMLNode) -> Value {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.resolved == .string else { return node.plainValue }
            if scalar.text.hasPrefix("=") {
                guard let name = name(scalar.text.dropFirst(), node) else { return .null }
                return .secret(SecretText(secret: name))
            }
            return scalar.text.contains("{{") ? text(scalar.text, node) : .string(scalar.text)
        case .sequence(let items): return .list(items.map(value))
        case .mapping(let entries):
            return .map(ValueMap(strings: entries.map { ($0.key.text ?? "", value($0.value)) }))
        }
    }

    private func text(_ text: String, _ node: YAMLNode) -> Value {
        var result = SecretText([])
        var rest = Substring(text)
        while let start = rest.range(of: "{{") {
            guard rest[..<start.lowerBound].hasSuffix("$") else {
                report.report(
                    .wrongSecret, node, "`{{` alone has no meaning in settings", help: "write ${{ secrets.NAME }}")
                return .null
            }
            guard let end = rest[start.upperBound...].range(of: "}}") else {
                report.report(.wrongSecret, node, "`${{` is not closed")
                return .null
            }
            guard let name = name(rest[start.upperBound..<end.lowerBound], node) else { return .null }
            result.append(.plain(String(rest[..<start.lowerBound].dropLast())))
            result.append(.reference(name))
            rest = rest[end.upperBound...]
        }
        result.append(.plain(String(rest)))
        return .secret(result)
    }

    /// The secret's name in `secrets.NAME`.
    private func name(_ expression: some StringProtocol, _ node: YAMLNode) -> String? {
        let text = KnownTable.trimmed(expression)
        let prefix = "secrets."
        guard text.hasPrefix(prefix), SecretReader.isName(String(text.dropFirst(prefix.count))) else {
            report.report(
                .wrongSecret, node, "settings can refer to secrets only, not `\(text)`", help: "write =secrets.NAME")
            return nil
        }
        let name = String(text.dropFirst(prefix.count))
        guard secrets.contains(name) else {
            let near = Similarity.nearest(to: name, among: secrets.sorted())
            report.report(
                .wrongSecret, node, "there is no secret `\(name)`",
                help: near.map { "did you mean `secrets.\($0)`?" } ?? "declare it under `secrets`")
            return nil
        }
        return name
    }
}

extension Substring {
    /// Where a text stands first.
    fileprivate func range(of wanted: String) -> Range<Index>? {
        firstRange(of: wanted)
    }
}

/// Reads `secrets`: name to `{env: X}`, `{file: PATH}` or `{command: […]}`.
struct SecretReader {
    let report: LoadReport

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else { return false }
        return text.utf8.count <= 64
            && text.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F
            }
    }

    func secrets(_ node: YAMLNode) -> [String: SecretSource] {
        guard let entries = node.entries else {
            if !node.isNull {
                report.report(
                    .wrongSetting, node, "`secrets` must be a map of names to sources, is \(node.kindInWords)")
            }
            return [:]
        }
        var sources: [String: SecretSource] = [:]
        for entry in entries {
            let name = entry.key.text ?? ""
            guard Self.isName(name) else {
                report.report(.wrongSecret, entry.key, "a secret's name is made of letters, digits and `_`")
                continue
            }
            if let source = source(entry, name) { sources[name] = source }
        }
        return sources
    }

    private func source(_ entry: YAMLNode.Entry, _ name: String) -> SecretSource? {
        let help = "write { env: \(name.uppercased()) }, { file: PATH } or { command: [PROGRAM, …] }"
        guard !entry.value.isDamaged else { return nil }
        guard let fields = entry.value.entries, fields.count == 1, let field = fields.first, let key = field.key.text
        else {
            // Whatever stands here may be the secret itself: it is not repeated.
            report.report(
                .wrongSecret, entry.key, "the secret `\(name)` must say where it comes from, and nothing else",
                help: help)
            return nil
        }
        switch key {
        case "env", "file":
            guard let text = field.value.text, !text.isEmpty, !field.value.isNull else { break }
            return key == "env" ? .environment(text) : .file(text)
        case "command":
            let words = field.value.items?.compactMap(\.text) ?? []
            guard !words.isEmpty, words.count == field.value.items?.count, words.first?.isEmpty == false else {
                report.report(.wrongSecret, field.key, "`command` must be a list: the program and its arguments")
                return nil
            }
            return .command(words)
        default:
            let near = Similarity.nearest(to: key, among: SettingsShapes.secret.names)
            report.report(
                .wrongSecret, field.key, "`\(key)` is no source of secrets",
                help: near.map { "did you mean `\($0)`?" } ?? help)
            return nil
        }
        report.report(.wrongSecret, field.key, "`\(key)` must be a text", help: help)
        return nil
    }
}
