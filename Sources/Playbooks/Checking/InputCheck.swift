import Expressions
import Templates
import WorkflowModel
import YAML

/// Checks the `with` of calls against the inputs that their actions take.
struct InputCheck {
    private let reading: PlaybookReading
    private let table: NameTable
    private let entries: EntryCheck

    init(_ reading: PlaybookReading, _ table: NameTable) {
        self.reading = reading
        self.table = table
        entries = EntryCheck(reading: reading)
    }

    func run() {
        for call in reading.calls where !reading.isFull {
            guard let signature = call.signature ?? reading.environment.actions?[call.action] else { continue }
            check(call, signature)
        }
    }

    private func check(_ call: PlaybookReading.Call, _ signature: ActionSignature) {
        let schema = signature.input
        let given = call.with?.entries ?? []
        reportMissing(call, schema, given)
        for entry in given {
            guard let name = entry.key.text else { continue }
            if let property = schema.property(name) {
                check(entry.value, property, "`\(name)`", isRequired: schema.required.contains(name))
                checkTemplate(entry.value, property, call, given)
                checkColumn(entry.value, property, given)
            } else if let others = schema.others.first {
                check(entry.value, others, "`\(name)`", isRequired: true)
            } else if !schema.properties.isEmpty || !schema.allowsOthers {
                let known = schema.properties.map(\.name)
                let near = KeyWords.meant(by: name, among: known)
                reading.report(
                    .unknownActionInput, entry.key, "`\(call.action)` has no input `\(name)`",
                    help: near.map { "did you mean `\($0)`?" }
                        ?? (known.isEmpty ? "it takes no inputs" : "its inputs: \(known.joined(separator: ", "))"))
            }
        }
        checkChoices(call, schema, given)
    }

    /// Reports the inputs that are missing, all in one go; not when as many are there under another name.
    private func reportMissing(_ call: PlaybookReading.Call, _ schema: Schema, _ given: [YAMLNode.Entry]) {
        guard call.with?.isIncomplete != true else { return }
        let names = Set(given.compactMap(\.key.text))
        let needed = schema.required.filter { schema.property($0)?.defaultValue == nil && !names.contains($0) }
        var missing = needed.map { "`\($0)`" }
        let (met, shown) = choices(schema, given)
        if met?.isEmpty == true { missing.append(shown) }
        let unknown = schema.others.isEmpty ? names.count { schema.property($0) == nil } : 0
        guard missing.count > unknown else { return }
        let about = needed.first.map { name in
            "write `\(name):` under `with`" + (schema.property(name)?.description.map { ": \($0)" } ?? "")
        }
        reading.report(
            .missingActionInput, call.uses,
            "`\(call.action)` needs the input" + (missing.count > 1 ? "s " : " ") + missing.joined(separator: ", and "),
            help: about)
    }

    /// Of the rules "one of these inputs must be there" (`anyOf` with `required`) those that are kept, nil when there are no such
    /// rules, and how people read them.
    private func choices(_ schema: Schema, _ given: [YAMLNode.Entry]) -> (met: [[String]]?, shown: String) {
        let choices = schema.anyOf.map(\.required)
        guard !choices.isEmpty, choices.allSatisfy({ !$0.isEmpty }) else { return (nil, "") }
        let names = Set(given.filter { !$0.value.isNull }.compactMap(\.key.text))
        let shown = choices.map { $0.map { "`\($0)`" }.joined(separator: " and ") }.joined(separator: " or ")
        return (choices.filter { names.isSuperset(of: $0) }, shown)
    }

    /// More than one of the inputs of which one is enough.
    private func checkChoices(_ call: PlaybookReading.Call, _ schema: Schema, _ given: [YAMLNode.Entry]) {
        let (met, shown) = choices(schema, given)
        guard let met, call.with?.isIncomplete != true else { return }
        if met.count > 1, let last = met.last?.first, let entry = given.first(where: { $0.key.text == last }) {
            reading.report(
                .conflictingKeys, entry.key, "`\(call.action)` takes \(shown), and here is more than one of them",
                help: "leave out those that are not meant", severity: .warning)
        }
    }

    /// Checks what is written as it stands; what is evaluated at run time is checked then.
    private func check(_ node: YAMLNode, _ schema: Schema, _ name: String, isRequired: Bool) {
        guard !node.isDamaged else { return }
        switch node.content {
        case .scalar(let scalar):
            switch ScalarForm(scalar) {
            case .expression:
                expression(node, schema, name)
                return
            case .text:
                if !schema.types.isEmpty, !schema.types.contains("string") {
                    violation(schema, of: .string(scalar.text), node, name)
                }
                return
            case .literal: break
            }
            if node.isNull, !isRequired { return }
            guard schema.anyOf.isEmpty else {
                checkForms(node, schema, name)
                return
            }
            if !violation(schema, of: node.plainValue, node, name), let text = node.plainValue.string {
                entries.check(text, schema, node)
            }
        case .sequence(let items):
            guard schema.anyOf.isEmpty else {
                checkForms(node, schema, name)
                return
            }
            let shallow = shallow(schema)
            guard !violation(shallow, of: .list(Array(repeating: .null, count: items.count)), node, name) else {
                return
            }
            for item in items {
                check(item, schema.items.first ?? inherited(schema), "an element of \(name)", isRequired: true)
            }
        case .mapping(let fields):
            guard schema.anyOf.isEmpty else {
                checkForms(node, schema, name)
                return
            }
            guard !violation(shallow(schema), of: .map(ValueMap()), node, name) else { return }
            for field in schema.required where !fields.contains(where: { $0.key.text == field }) {
                guard schema.property(field)?.defaultValue == nil, !node.isIncomplete else { continue }
                reading.report(.missingActionInput, node, "\(name) needs `\(field)`")
            }
            for field in fields {
                let key = field.key.text ?? ""
                if let property = schema.property(key) {
                    check(field.value, property, "`\(key)`", isRequired: schema.required.contains(key))
                } else if let others = schema.others.first {
                    check(field.value, others, "`\(key)`", isRequired: true)
                } else if !schema.allowsOthers {
                    let near = Similarity.nearest(to: key, among: schema.properties.map(\.name))
                    reading.report(
                        .unknownActionInput, field.key, "\(name) has no field `\(key)`",
                        help: near.map { "did you mean `\($0)`?" }
                            ?? (schema.properties.isEmpty
                                ? nil : "its fields: \(schema.properties.map(\.name).joined(separator: ", "))"))
                }
            }
        }
    }

    /// Checks what an expression gives, as far as its type is known.
    private func expression(_ node: YAMLNode, _ schema: Schema, _ name: String) {
        guard let index = table.sitesByPlace[node.byteRange.lowerBound] else { return }
        let type = table.type(ofSite: index).present
        let root = reading.sites[index].expression.root
        guard !type.isUnknown, !table.result(ofSite: index).problems.contains(where: { !$0.isWarning }) else { return }
        let shown = root.path.map { "`\($0.joined(separator: "."))`" } ?? "the expression"
        if let wanted = InputFit.mismatch(type, schema) {
            let help = InputFit.help(type, schema, reading.sites[index].expression.text)
            reading.report(
                .wrongActionInput, node, "\(name) must be \(wanted), and \(shown) is \(type.inWords)", help: help)
        } else if let word = InputFit.word(of: type, outside: schema, isWritten: root.path == nil) {
            let allowed = (schema.allowed ?? []).compactMap(\.string)
            let near = Similarity.nearest(to: word, among: allowed)
            reading.report(
                .wrongActionInput, node,
                "\(name) must be one of \(allowed.joined(separator: ", ")), and \(shown) "
                    + (root.path == nil ? "gives \(word)" : "is never one of them"),
                help: near.map { "did you mean \($0)?" })
        }
    }

    /// Checks a value that may have one of several forms against the first that it fits.
    private func checkForms(_ node: YAMLNode, _ schema: Schema, _ name: String) {
        guard isLiteral(node), !violation(schema, of: node.plainValue, node, name) else { return }
        guard let form = schema.anyOf.first(where: { $0.violations(of: node.plainValue, limit: 1).isEmpty }) else {
            return
        }
        check(node, form, name, isRequired: true)
    }

    /// A schema for the elements of a list that takes single values of the same format.
    private func inherited(_ schema: Schema) -> Schema {
        var element = Schema()
        element.format = schema.format
        return element
    }

    private func shallow(_ schema: Schema) -> Schema {
        var shallow = schema
        shallow.properties = []
        shallow.required = []
        shallow.others = []
        shallow.allowsOthers = true
        shallow.items = []
        shallow.allowed = nil
        return shallow
    }

    private func isLiteral(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let scalar): if case .literal = ScalarForm(scalar) { true } else { false }
        case .sequence(let items): items.allSatisfy(isLiteral)
        case .mapping(let entries): entries.allSatisfy { isLiteral($0.value) }
        }
    }

    /// What was probably meant by a text where something else belongs.
    private func help(_ schema: Schema, _ node: YAMLNode) -> String? {
        guard let scalar = node.scalar, scalar.resolved == .string else { return nil }
        if schema.format == "duration" { return DurationText.meant(scalar.text).map { "write \($0)" } }
        if schema.types == ["boolean"] {
            switch scalar.text.lowercased() {
            case "yes", "on", "true": return "write true"
            case "no", "off", "false": return "write false"
            default: return nil
            }
        }
        let isNumber =
            schema.types.contains("integer") && Int(scalar.text) != nil
            || schema.types.contains("number") && Double(scalar.text) != nil
        return isNumber ? "write it without quotes: \(scalar.text)" : nil
    }

    @discardableResult
    private func violation(_ schema: Schema, of value: Value, _ node: YAMLNode, _ name: String) -> Bool {
        guard let found = schema.violations(of: value, limit: 1).first else { return false }
        reading.report(
            .wrongActionInput, node, "\(name) \(found.path.isEmpty ? "" : "(\(found.path)) ")\(found.message)",
            help: found.path.isEmpty ? help(schema, node) : nil)
        return true
    }

    /// Checks that every name of the template exists where it is used, or is given beside it.
    private func checkTemplate(
        _ node: YAMLNode, _ schema: Schema, _ call: PlaybookReading.Call, _ given: [YAMLNode.Entry]
    ) {
        guard schema.format == "template", let templates = reading.environment.templates, let name = node.text,
            let names = templates[name]
        else { return }
        let data = given.first { $0.key.text == "data" }?.value
        // Data that is an expression may hold any name.
        if let data, data.entries == nil, !data.isNull { return }
        let added = Set((data?.entries ?? []).compactMap(\.key.text))
        var scope = call.scope
        scope.allowsSecrets = false
        var seen: Set<[String]> = []
        var missing: [(use: NameUse, message: String, help: String?)] = []
        for use in names where !use.path.isEmpty && seen.insert(use.path).inserted {
            guard !added.contains(use.path[0]), !isGiven(use, by: added, scope) else { continue }
            if case .problem(let problem) = table.target(use.path, scope, onlyTested: use.role != .text) {
                missing.append((use, problem.message, problem.help))
            }
        }
        guard let first = missing.first else { return }
        let others = missing.dropFirst().map { "`\($0.use.name)`" }
        let rest = others.isEmpty ? "" : "; it lacks \(others.joined(separator: ", ")), too"
        reading.report(
            .missingTemplateName, node,
            "the template `\(name)` uses `\(first.use.name)` (\(first.use.place)): \(first.message)\(rest)",
            help: first.help?.replacing("; a text needs quotes", with: "; others can be given under `data`")
                ?? "give it under `data`")
    }

    /// The column of a table that is named beside it.
    private func checkColumn(_ node: YAMLNode, _ schema: Schema, _ given: [YAMLNode.Entry]) {
        guard schema.format == "column", let scalar = node.scalar, case .literal = ScalarForm(scalar),
            let name = node.text, let table = given.first(where: { $0.key.text == "table" })?.value.text,
            let columns = reading.environment.tableColumns[table], !columns.contains(name)
        else { return }
        let near = Similarity.nearest(to: name, among: columns)
        reading.report(
            .unknownEntry, node, "the table `\(table)` has no column `\(name)`",
            help: near.map { "did you mean `\($0)`?" } ?? "its columns: \(columns.joined(separator: ", "))",
            severity: .warning)
    }

    /// Whether the sections around a name may give it.
    private func isGiven(_ use: NameUse, by added: Set<String>, _ scope: NameScope) -> Bool {
        for section in use.enclosing {
            guard let root = section.first, !added.contains(root) else { return true }
            guard case .known(let type) = table.target(section, scope) else { return true }
            if !type.inside.mayHave(use.path[...]) { continue }
            return true
        }
        return false
    }
}
