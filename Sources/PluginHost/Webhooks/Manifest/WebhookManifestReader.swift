import Expressions
import WorkflowModel
import YAML
import Shapes

/// Reads `webhooks:` of a manifest.
enum WebhookManifestReader {
    static func read(_ node: YAMLNode, _ report: ManifestReport) -> WebhookManifest? {
        guard let fields = ManifestFields(node, "webhooks", known: ManifestShapes.webhooks.names, report)
        else { return nil }
        for key in ["verify", "events"] where fields[key] == nil {
            report.add(ManifestCode.missingKey, at: node, "webhooks needs the key \(key)")
        }
        let words = WordTables(report: report).read(fields["words"])
        var reader = MappingReader(report: report, names: MappingScope.names, tables: words.keys.sorted())
        let delivery = fields["delivery"].flatMap { self.delivery($0, reader, report) }
        var names: [(name: String, value: MappedValue)] = []
        for entry in entries(fields["names"], "names", report) {
            guard let name = entry.key.text, ManifestReader.isName(name), !reader.names.contains(name) else {
                report.add(
                    ManifestCode.wrongValue, at: entry.key,
                    "a name has small letters, digits and _ only, and is not taken yet")
                continue
            }
            if let value = reader.value(entry.value) { names.append((name, value)) }
            reader.names.append(name)
        }
        var settings = Schema(types: ["object"])
        settings.allowsOthers = false
        if let node = fields["settings"] {
            settings = ManifestSchemas.read(node, "settings", mustBeObject: true, report) ?? settings
        }
        return WebhookManifest(
            schemes: fields["verify"].map(SchemeReader(report: report).schemes) ?? [],
            formats: formats(fields, report), formField: fields.text("form_field"), delivery: delivery,
            actor: fields["actor"].flatMap(reader.value), names: names, words: words, settings: settings,
            handshake: fields["handshake"].flatMap { handshake($0, reader, report) },
            rules: rules(fields["events"], reader, report))
    }

    private static func entries(_ node: YAMLNode?, _ what: String, _ report: ManifestReport) -> [YAMLNode.Entry] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            report.add(ManifestCode.wrongKind, at: node, "\(what) must be a mapping, this is \(node.kindInWords)")
            return []
        }
        return entries
    }

    private static func formats(_ fields: ManifestFields, _ report: ManifestReport) -> [WebhookBodyFormat] {
        guard let node = fields["content"] else { return [.json] }
        let texts = fields.texts("content", form: { WebhookBodyFormat(rawValue: $0) != nil }, of: "json or form")
        if texts.isEmpty, node.items?.isEmpty == true {
            report.add(ManifestCode.wrongValue, at: node, "content must name json, form or both")
        }
        return texts.compactMap(WebhookBodyFormat.init)
    }

    /// `{ header: NAME, value: =EXPR }`, of which one may be missing.
    private static func delivery(
        _ node: YAMLNode, _ reader: MappingReader, _ report: ManifestReport
    ) -> DeliveryIdentity? {
        guard let fields = ManifestFields(node, "delivery", known: ManifestShapes.delivery.names, report)
        else { return nil }
        var identity = DeliveryIdentity(value: fields["value"].flatMap(reader.value))
        if let name = fields.text("header") {
            identity.header = name
            if !HeaderName.isOne(name) {
                report.add(ManifestCode.wrongValue, at: fields["header"] ?? node, "\(name) is no name of a header")
            }
        }
        return identity
    }

    private static func handshake(
        _ node: YAMLNode, _ reader: MappingReader, _ report: ManifestReport
    ) -> WebhookHandshake? {
        guard let fields = ManifestFields(node, "handshake", known: ManifestShapes.handshake.names, report)
        else { return nil }
        for key in ["when", "answer"] where fields[key] == nil {
            report.add(ManifestCode.missingKey, at: node, "handshake needs the key \(key)")
        }
        guard let when = fields["when"], let answer = fields["answer"].flatMap(reader.value) else { return nil }
        return WebhookHandshake(when: reader.conditions(when), answer: answer)
    }

    private static func rules(_ node: YAMLNode?, _ reader: MappingReader, _ report: ManifestReport) -> [WebhookRule] {
        guard let node else { return [] }
        guard let items = node.items, !items.isEmpty, items.count <= WebhookLimits.rules else {
            report.add(
                ManifestCode.wrongKind, at: node,
                "events must be a list of at most \(WebhookLimits.rules) rules, and not empty")
            return []
        }
        return items.compactMap { RuleReader(report: report).rule($0, reader) }
    }
}

/// Reads one rule of `events:`.
struct RuleReader {
    let report: ManifestReport

    func rule(_ node: YAMLNode, _ outer: MappingReader) -> WebhookRule? {
        guard let fields = ManifestFields(node, "a rule of events", known: ManifestShapes.rule.names, report)
        else { return nil }
        var reader = outer
        var each: (list: Program, name: String)?
        if let list = fields["for_each"] {
            let name = fields.text("as") ?? "item"
            if !ManifestReader.isName(name) || reader.names.contains(name) {
                report.add(
                    ManifestCode.wrongValue, at: fields["as"] ?? list,
                    "`as` must be a name of small letters, digits and _ that is not taken yet")
            }
            each = reader.expression(list, "for_each").map { (list: $0, name: name) }
            reader.names.append(name)
        } else if let node = node.entry("as") {
            report.add(ManifestCode.misplaced, at: node.key, "as stands beside for_each only")
        }
        let when = fields["when"].map(reader.conditions) ?? []
        if let reason = fields["ignore"] {
            for key in ["type", "id", "subject", "time", "data"] {
                guard let entry = node.entry(key) else { continue }
                report.add(ManifestCode.misplaced, at: entry.key, "\(key) has no meaning beside ignore")
            }
            guard let text = reason.text, reason.scalar?.resolved == .string else {
                report.add(ManifestCode.wrongValue, at: reason, "ignore must be the reason, in words")
                return nil
            }
            return WebhookRule(each: each, when: when, result: .ignore(text))
        }
        for key in ["type", "data"] where fields[key] == nil {
            report.add(ManifestCode.missingKey, at: node, "a rule of events needs the key \(key), or ignore")
        }
        guard let typeNode = fields["type"], let type = reader.value(typeNode), let dataNode = fields["data"],
            let data = reader.value(dataNode)
        else { return nil }
        check(type, typeNode, dataNode)
        return WebhookRule(
            each: each, when: when,
            result: .event(
                WebhookEventForm(
                    type: type, id: fields["id"].flatMap(reader.value),
                    subject: fields["subject"].flatMap(reader.value),
                    time: fields["time"].flatMap(reader.value), data: data)))
    }

    /// Holds a constant type and the names of the data's fields against what is known of event types.
    private func check(_ type: MappedValue, _ typeNode: YAMLNode, _ data: YAMLNode) {
        if case .constant(let value) = type {
            guard let name = value.string, EventTypeName.isOne(name) else {
                report.add(
                    ManifestCode.wrongValue, at: typeNode,
                    "type must be the name of an event type such as ticket.created")
                return
            }
            guard let schema = EventCatalog.standard.schema(ofType: name) else {
                guard let near = Similarity.nearest(to: name, among: EventCatalog.standard.names) else { return }
                report.add(
                    ManifestCode.unknownName, at: typeNode, "\(name) is near to a known event type",
                    help: "did you mean \(near)?")
                return
            }
            fields(data, schema, "data of \(name)")
        }
    }

    private func fields(_ node: YAMLNode, _ schema: Schema, _ what: String) {
        guard let entries = node.entries else { return }
        for name in schema.required where node[name] == nil {
            report.add(ManifestCode.missingKey, at: node, "\(what) must have \(name)")
        }
        for entry in entries {
            guard let key = entry.key.text else { continue }
            if let property = schema.property(key) {
                fields(entry.value, property, "\(what), \(key)")
            } else if let near = Similarity.nearest(to: key, among: schema.properties.map(\.name)) {
                report.add(
                    ManifestCode.unknownName, at: entry.key, "\(what) has no field \(key)",
                    help: "did you mean \(near)?")
            }
        }
    }
}

/// Reads tables of words.
struct WordTables {
    let report: ManifestReport

    /// The tables of `words:`; `people` is always there.
    func read(_ node: YAMLNode?) -> [String: [String: Value]] {
        var tables: [String: [String: Value]] = [WebhookManifest.people: [:]]
        guard let node else { return tables }
        guard let entries = node.entries else {
            report.add(
                ManifestCode.wrongKind, at: node, "words must be a mapping of tables, this is \(node.kindInWords)")
            return tables
        }
        for entry in entries {
            guard let name = entry.key.text, ManifestReader.isName(name) else {
                report.add(
                    ManifestCode.wrongValue, at: entry.key, "a table's name has small letters, digits and _ only")
                continue
            }
            tables[name] = words(entry.value, name)
        }
        return tables
    }

    /// One table: the vendor's word to ours. Keys that YAML takes for numbers are read as they are written.
    private func words(_ node: YAMLNode, _ name: String) -> [String: Value] {
        if node.isNull { return [:] }
        guard let entries = node.entries, entries.count <= WebhookLimits.words else {
            report.add(
                ManifestCode.wrongKind, at: node,
                "the table \(name) must be a mapping of at most \(WebhookLimits.words) words")
            return [:]
        }
        var words: [String: Value] = [:]
        for entry in entries {
            guard let word = entry.key.text, let ours = entry.value.text, !ours.isEmpty, !entry.value.isNull else {
                report.add(
                    ManifestCode.wrongValue, at: entry.value, "\(name): a word stands for one word of ours, in text")
                continue
            }
            words[word] = .string(ours)
        }
        return words
    }
}
