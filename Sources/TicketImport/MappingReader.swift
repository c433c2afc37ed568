import Foundation
import WorkflowModel
import YAML

/// Reads a mapping file's tree.
struct MappingReader {
    let report: MappingReport

    private static let keys = [
        "import", "source", "zone", "delimiter", "missing", "ticket", "order", "time", "fields",
    ]

    mutating func read(_ root: YAMLNode) -> ImportMapping? {
        guard let top = MappingFields(root, "a mapping", known: MappingReader.keys, report) else { return nil }
        let name = top.requiredText("import", help: "a name for messages, such as import: servicenow")
        let source = top.requiredText(
            "source", help: "what the events come from, such as source: https://desk.example.com")
        let zone = readZone(top)
        let delimiter = readDelimiter(top)
        let missing = top.texts("missing", emptyAllowed: true) ?? [""]
        let ticket = top.required("ticket", help: "the column with the ticket's id").flatMap {
            top.column($0, "ticket")
        }
        let time = readTime(top)
        var fields: [FieldRule] = []
        if let node = top.required("fields", help: "the ticket's fields and their columns, such as status: state") {
            fields = readFields(node)
        }
        guard let name, let source, let zone, let ticket, let time else { return nil }
        return ImportMapping(
            name: name, eventSource: source, zoneName: zone.identifier, zone: zone, delimiter: delimiter,
            missing: Set(missing), ticket: ticket, order: top.column("order"), time: time.column,
            pattern: time.pattern, fields: fields, file: root.source)
    }

    private func readZone(_ top: MappingFields) -> TimeZone? {
        guard let node = top.required("zone", help: "the zone of the file's local times, such as zone: Europe/London"),
            let text = top.text("zone")
        else { return nil }
        let names = TimeZone.knownTimeZoneIdentifiers
        if let zone = TimeZone(identifier: text), names.contains(text) || ["UTC", "Etc/UTC", "GMT"].contains(text) {
            return zone
        }
        let near = Similarity.nearest(to: text, among: names)
        report.add(
            ImportCode.wrongValue, at: node, "there is no time zone \(text)",
            help: near.map { "did you mean \($0)?" } ?? "write an IANA name such as Europe/London, or UTC")
        return nil
    }

    private func readDelimiter(_ top: MappingFields) -> Character {
        guard let node = top["delimiter"] else { return "," }
        switch node.text {
        case ",": return ","
        case ";": return ";"
        case "\t", "tab": return "\t"
        default:
            report.add(
                ImportCode.wrongValue, at: node,
                "delimiter must be \",\", \";\" or tab, this is \(MappingFields.shown(node))")
            return ","
        }
    }

    private func readTime(_ top: MappingFields) -> (column: ColumnName, pattern: TimePattern)? {
        let help = "time: { column: updated_at, format: yyyy-MM-dd HH:mm:ss }"
        guard let node = top.required("time", help: help),
            let fields = MappingFields(node, "time", known: ["column", "format"], report)
        else { return nil }
        let column = fields.required("column", help: help).flatMap { fields.column($0, "column") }
        let pattern = fields.required("format", help: help).flatMap { readPattern($0, fields, "format") }
        guard let column, let pattern else { return nil }
        return (column, pattern)
    }

    private func readPattern(_ node: YAMLNode, _ fields: MappingFields, _ key: String) -> TimePattern? {
        guard let text = fields.text(key) else { return nil }
        do {
            return try TimePattern(text)
        } catch {
            report.add(ImportCode.wrongValue, at: node, "\(key): \(error.message)")
            return nil
        }
    }

    private func readFields(_ node: YAMLNode) -> [FieldRule] {
        guard let entries = node.entries else {
            report.add(
                ImportCode.wrongKind, at: node,
                "fields must be a mapping of the ticket's fields to columns, this is \(node.kindInWords)")
            return []
        }
        let rules = entries.compactMap { readField($0) }
        let paths = Set(rules.map(\.path))
        for (entry, rule) in zip(entries, rules) where rule.path.count > 1 {
            guard paths.contains(Array(rule.path.dropLast())) else { continue }
            report.add(
                ImportCode.conflict, at: entry.key,
                "\(rule.name) is inside \(rule.path.dropLast().joined(separator: ".")), which has a value of its own")
        }
        return rules
    }

    private func readField(_ entry: YAMLNode.Entry) -> FieldRule? {
        let name = entry.key.text ?? ""
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.count <= 3, path.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(MappingReader.isNameByte) }) else {
            report.add(
                ImportCode.wrongValue, at: entry.key,
                "\(name) is no field's name; a name has letters, digits and _, with a point for a field inside a field")
            return nil
        }
        guard path != ["id"] else {
            report.add(
                ImportCode.conflict, at: entry.key, "the ticket's id is the column that ticket: names",
                help: "take id away here")
            return nil
        }
        let schema = knownField(path, at: entry.key)
        let value = entry.value
        if value.text != nil, !value.isNull {
            guard let text = value.text, !text.isEmpty else {
                report.add(ImportCode.wrongValue, at: value, "\(name) must name a column, this is empty")
                return nil
            }
            return rule(path, columns: [ColumnName(text: text, range: value.range)], kind: defaultKind(schema))
        }
        let keys = [
            "column", "columns", "between", "value", "values", "default", "prefix", "time", "format", "integer",
            "split", "known_from", "known_at", "planned",
        ]
        guard let fields = MappingFields(value, "the field \(name)", known: keys, report) else { return nil }
        return readField(path, fields, schema)
    }

    private func readField(_ path: [String], _ fields: MappingFields, _ schema: Schema?) -> FieldRule? {
        let name = path.joined(separator: ".")
        var columns = fields.column("column").map { [$0] } ?? []
        if let list = fields["columns"] {
            guard let items = list.items, !items.isEmpty else {
                report.add(ImportCode.wrongValue, at: list, "columns must be a list of columns")
                return nil
            }
            columns += items.compactMap { fields.column($0, "columns") }
        }
        let given = ["column", "columns", "value"].filter { fields[$0] != nil }
        guard given.count == 1 else {
            if !fields.node.isIncomplete {
                report.add(
                    given.isEmpty ? ImportCode.missingKey : ImportCode.conflict, at: fields.node,
                    given.isEmpty
                        ? "the field \(name) needs one of column, columns and value"
                        : "the field \(name) has \(given.joined(separator: " and ")); write only one of them")
            }
            return nil
        }
        var kind = defaultKind(schema)
        let own = fields["format"].flatMap { readPattern($0, fields, "format") }
        if fields.flag("time") || fields["format"] != nil { kind = .time(own) }
        if fields.flag("integer") { kind = .integer }
        if let split = fields.text("split") { kind = .list(separator: split) }
        var rule = rule(
            path, columns: columns, between: fields.text("between") ?? " ",
            constant: fields["value"].flatMap { constant($0, kind) },
            values: readValues(fields, kind), otherwise: fields["default"].flatMap { constant($0, kind) },
            prefix: fields.text("prefix") ?? "", kind: kind)
        rule.knownFrom = fields.texts("known_from").map(Set.init)
        rule.knownAt = fields.column("known_at")
        rule.isPlanned = fields.flag("planned")
        return rule
    }

    private func readValues(_ fields: MappingFields, _ kind: FieldRule.Kind) -> [String: Value]? {
        guard let node = fields["values"] else { return nil }
        guard let entries = node.entries else {
            report.add(
                ImportCode.wrongKind, at: node,
                "values must be a mapping from the file's words to ours, this is \(node.kindInWords)"
            )
            return nil
        }
        var table: [String: Value] = [:]
        for entry in entries {
            guard let key = entry.key.text else { continue }
            table[key] = constant(entry.value, kind) ?? .null
        }
        return table
    }

    /// A value written in the mapping itself.
    private func constant(_ node: YAMLNode, _ kind: FieldRule.Kind) -> Value? {
        if let items = node.items { return .list(items.compactMap { $0.text.map(Value.string) }) }
        guard let scalar = node.scalar else {
            report.add(ImportCode.wrongValue, at: node, "this must be one value, not \(node.kindInWords)")
            return nil
        }
        switch scalar.resolved {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number) where kind == .integer: return .int(number)
        default:
            if case .list = kind { return .list([.string(scalar.text)]) }
            return .string(scalar.text)
        }
    }

    private func rule(
        _ path: [String], columns: [ColumnName], between: String = " ", constant: Value? = nil,
        values: [String: Value]? = nil, otherwise: Value? = nil, prefix: String = "", kind: FieldRule.Kind
    ) -> FieldRule {
        FieldRule(
            path: path, columns: columns, between: between, constant: constant, values: values,
            otherwise: otherwise, prefix: prefix, kind: kind)
    }

    /// The schema of a known field of tickets; says so when an unknown one looks like a slip of a known one.
    private func knownField(_ path: [String], at node: YAMLNode) -> Schema? {
        var schema = EventCatalog.standard.schema(ofType: "ticket.updated")?.property("ticket")
        for name in path {
            guard let outer = schema, !outer.properties.isEmpty else { return nil }
            schema = outer.property(name)
            guard schema == nil else { continue }
            if let near = Similarity.nearest(to: name, among: outer.properties.map(\.name)) {
                report.add(
                    ImportCode.doubtfulField, .warning, at: node,
                    "tickets have no field \(name); it becomes a field of your own", help: "did you mean \(near)?")
            }
            return nil
        }
        return schema
    }

    private func defaultKind(_ schema: Schema?) -> FieldRule.Kind {
        guard let schema else { return .text }
        if schema.format == "date-time" { return .time(nil) }
        if schema.types.contains("integer") { return .integer }
        if schema.types.contains("array") { return .list(separator: nil) }
        return .text
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
    }
}
