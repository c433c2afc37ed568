import WorkflowModel

/// Reads the fields of a ticket from its rows.
struct TicketReader {
    let mapping: ImportMapping
    let positions: [String: Int]
    var times: LocalTimes
    var report: ImportReport

    /// The text of a column; nil when it is missing.
    func cell(_ column: ColumnName, _ row: HistoryTable.Row) -> String? {
        guard let position = positions[column.text] else { return nil }
        let text = row.fields[position]
        return mapping.missing.contains(text) ? nil : text
    }

    /// The ticket as it was known at `time`, when the row was written.
    mutating func ticket(_ id: String, _ row: HistoryTable.Row, at time: Timestamp) -> ValueMap {
        var values: [Value?] = Array(repeating: nil, count: mapping.fields.count)
        var status: String?
        for (index, rule) in mapping.fields.enumerated() {
            values[index] = value(rule, row, at: time)
            if rule.path == ["status"] { status = values[index]?.string }
        }
        var ticket: ValueMap = ["id": .string(id)]
        for (rule, value) in zip(mapping.fields, values) {
            guard let value, !value.isNull else { continue }
            guard isKnown(rule, row, status: status, at: time) else {
                report.withheld[rule.name, default: 0] += 1
                continue
            }
            TicketReader.put(value, at: rule.path[...], in: &ticket)
        }
        return ticket
    }

    private mutating func isKnown(
        _ rule: FieldRule, _ row: HistoryTable.Row, status: String?, at time: Timestamp
    ) -> Bool {
        if let statuses = rule.knownFrom {
            guard let status, statuses.contains(status) else { return false }
        }
        if let column = rule.knownAt {
            guard let text = cell(column, row), let known = times.instant(text), known <= time else { return false }
        }
        return true
    }

    private mutating func value(_ rule: FieldRule, _ row: HistoryTable.Row, at time: Timestamp) -> Value? {
        if let constant = rule.constant { return constant }
        let texts = rule.columns.compactMap { cell($0, row) }
        guard !texts.isEmpty else { return rule.otherwise }
        let text = rule.prefix + texts.joined(separator: rule.between)
        if let values = rule.values {
            let word = texts.joined(separator: rule.between)
            if let value = values[word] { return value }
            report.unlisted(word, field: rule.name)
            return rule.otherwise
        }
        switch rule.kind {
        case .text: return .string(text)
        case .integer:
            guard let number = Int64(text) else { return unreadable(rule) }
            return .int(number)
        case .time(let own):
            guard let instant = times.instant(text, own) else { return unreadable(rule) }
            guard rule.isPlanned || instant <= time else {
                report.withheld[rule.name, default: 0] += 1
                return nil
            }
            return .timestamp(instant)
        case .list(let separator):
            guard let separator else { return .list(texts.map { .string(rule.prefix + $0) }) }
            let parts = texts.joined(separator: separator).split(separator: separator)
            return .list(parts.map { .string(rule.prefix + TicketReader.trimmed($0)) })
        }
    }

    private mutating func unreadable(_ rule: FieldRule) -> Value? {
        report.unreadable[rule.name, default: 0] += 1
        return rule.otherwise
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func put(_ value: Value, at path: ArraySlice<String>, in map: inout ValueMap) {
        guard let name = path.first else { return }
        let rest = path.dropFirst()
        guard !rest.isEmpty else {
            map[name] = value
            return
        }
        var inner = map[name]?.map ?? ValueMap()
        put(value, at: rest, in: &inner)
        map[name] = .map(inner)
    }
}
