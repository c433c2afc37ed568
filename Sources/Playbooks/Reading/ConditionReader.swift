import WorkflowModel
import YAML

/// Reads a trigger's `when`: an expression, a list that must all hold, or a map with `all`, `any` or `not`, nested.
struct ConditionReader {
    let reading: PlaybookReading
    let scope: NameScope
    /// Whether the whole condition fails when this part of it does not hold.
    var isSure = true

    /// The condition of `node`; nil, with a report, when there is none.
    func condition(_ node: YAMLNode) -> Condition? {
        guard !node.isDamaged else { return nil }
        switch node.content {
        case .scalar:
            let found = ValueReader(reading: reading).expression(node, key: "when", scope).map(Condition.expression)
            if found != nil, isSure { reading.given.append(.init(site: reading.sites.count - 1, holds: true)) }
            return found
        case .sequence(let items): return list(items, of: node, "when").map(Condition.all)
        case .mapping(let entries):
            if entries.count == 1, let only = entries.first, isComparison(only) { return nil }
            guard let fields = Fields(node, "a condition", reading) else { return nil }
            fields.refuseUnknown(KeyTable.conditions, "a condition")
            guard let entry = entries.first(where: { KeyTable.conditions.contains($0.key.text ?? "") }) else {
                if entries.isEmpty { reading.report(.missingKey, node, "the condition is empty") }
                return nil
            }
            if let second = entries.first(where: {
                KeyTable.conditions.contains($0.key.text ?? "") && $0.key.text != entry.key.text
            }) {
                reading.report(
                    .conflictingKeys, second.key,
                    "`\(second.key.text ?? "")` cannot stand beside `\(entry.key.text ?? "")`",
                    help: "put both in a list: it asks for all of them")
                return nil
            }
            return nested(entry)
        }
    }

    /// Reports `ticket.category: billing`, which was meant as a comparison.
    private func isComparison(_ entry: YAMLNode.Entry) -> Bool {
        guard let key = entry.key.text, key.contains("."), let value = entry.value.scalar, !entry.value.isDamaged else {
            return false
        }
        let isText = value.resolved == .string && !value.text.hasPrefix("=")
        let operand = isText ? "\"\(value.text)\"" : String(value.text.drop { $0 == "=" })
        reading.report(
            .wrongKind, entry.key, "a condition is no key with a value", help: "write \(key) == \(operand)")
        return true
    }

    private func nested(_ entry: YAMLNode.Entry) -> Condition? {
        let key = entry.key.text ?? ""
        var unsure = self
        unsure.isSure = false
        if key == "not" { return unsure.condition(entry.value).map(Condition.not) }
        guard !entry.value.isDamaged else { return nil }
        guard let items = entry.value.items else {
            reading.report(
                .wrongKind, entry.value, "`\(key)` must be a list of conditions, is \(entry.value.kindInWords)",
                help: "write each condition on a line of its own, with `- ` before it")
            return nil
        }
        if key == "any" { return unsure.list(items, of: entry.value, key).map(Condition.any) }
        return list(items, of: entry.value, key).map(Condition.all)
    }

    /// Conditions that must all hold are looked at knowing the others.
    private func assume(from first: Int) {
        let sure = reading.given.filter { $0.site >= first }
        guard sure.count > 1 else { return }
        for one in sure {
            reading.sites[one.site].scope.assumptions = sure.filter { $0 != one }
        }
    }

    private func list(_ items: [YAMLNode], of node: YAMLNode, _ key: String) -> [Condition]? {
        guard !items.isEmpty else {
            reading.report(.emptyList, node, "`\(key)` has no conditions", help: "remove it, or write a condition")
            return nil
        }
        let first = reading.sites.count
        let conditions = items.compactMap(condition)
        if isSure { assume(from: first) }
        return conditions.count == items.count ? conditions : nil
    }
}
