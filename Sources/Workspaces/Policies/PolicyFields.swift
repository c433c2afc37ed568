import WorkflowModel
import YAML

/// The keys of one map of `sla.yaml`, each read with a report for what it cannot be.
struct PolicyFields {
    let node: YAMLNode
    /// What messages call the map: "policy `gold`".
    let what: String
    let report: LoadReport

    /// Nil, with a report, when the node is no map. Keys beside `known` are refused.
    init?(_ node: YAMLNode, what: String, known: [String], report: LoadReport) {
        guard !node.isDamaged else { return nil }
        guard let entries = node.entries else {
            report.report(.wrongPolicy, node, "\(what) must be a map of keys to values, is \(node.kindInWords)")
            return nil
        }
        self.node = node
        self.what = what
        self.report = report
        for entry in entries {
            let key = entry.key.text ?? ""
            guard !known.contains(key) else { continue }
            let near = Similarity.nearest(to: key, among: known)
            report.report(
                .unknownPolicyKey, entry.key, "\(what) has no key `\(key)`",
                help: near.map { "did you mean `\($0)`?" } ?? "keys: \(known.joined(separator: ", "))")
        }
    }

    subscript(key: String) -> YAMLNode? {
        guard let found = node[key], !found.isNull, !found.isDamaged else { return nil }
        return found
    }

    func wrong(_ at: YAMLNode?, _ message: String, help: String? = nil, _ code: WorkspaceCode = .wrongPolicy) {
        report.report(code, at ?? node.entries?.first?.key ?? node, message, help: help)
    }

    /// A text of at most `longest` bytes.
    func text(_ key: String, longest: Int = 200) -> String? {
        guard let found = self[key] else { return nil }
        guard let text = found.text, !text.isEmpty, text.utf8.count <= longest else {
            wrong(found, "`\(key)` of \(what) must be a text of 1 to \(longest) bytes")
            return nil
        }
        return text
    }

    func flag(_ key: String) -> Bool? {
        guard let found = self[key] else { return nil }
        guard case .bool(let flag)? = found.scalar?.resolved else {
            wrong(found, "`\(key)` of \(what) must be true or false")
            return nil
        }
        return flag
    }

    /// One of `words`.
    func word(_ key: String, of words: [String]) -> String? {
        guard let found = self[key] else { return nil }
        guard let text = found.text, words.contains(text) else {
            let near = found.text.flatMap { Similarity.nearest(to: $0, among: words) }
            wrong(
                found, "`\(key)` of \(what) must be one of \(words.joined(separator: ", "))",
                help: near.map { "did you mean `\($0)`?" })
            return nil
        }
        return text
    }

    /// A whole number in `range`.
    func number(_ key: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let found = self[key] else { return nil }
        guard let number = found.text.flatMap({ Int64($0) }), range.contains(number) else {
            wrong(
                found,
                "`\(key)` of \(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// Texts: one, or a list of them.
    func texts(_ key: String, most: Int = 50) -> [(text: String, node: YAMLNode)]? {
        guard let found = self[key] else { return nil }
        let nodes = found.items ?? [found]
        guard nodes.count <= most else {
            wrong(found, "`\(key)` of \(what) has more than \(most) entries")
            return nil
        }
        return nodes.compactMap { item in
            if item.isDamaged { return nil }
            guard let text = item.text, !item.isNull, text.utf8.count <= 4000 else {
                wrong(item, "`\(key)` of \(what) must be a text, or a list of texts")
                return nil
            }
            return (text, item)
        }
    }

    /// A length of time above zero and up to two years. With a business calendar days and weeks are refused: nobody knows whether 24
    /// hours or a working day are meant.
    func duration(_ found: YAMLNode, _ key: String, inBusinessTime: Bool) -> Duration? {
        guard let text = found.text else {
            wrong(found, "`\(key)` of \(what) must be a duration such as 8h or 30m, is \(found.kindInWords)")
            return nil
        }
        guard let duration = DurationText.parse(text), duration > .zero else {
            wrong(
                found, "`\(key)` of \(what) must be a duration such as 8h or 30m",
                help: DurationText.meant(text).map { "did you mean `\($0)`?" })
            return nil
        }
        guard duration <= .seconds(731 * 86_400) else {
            wrong(found, "`\(key)` of \(what) must be at most two years")
            return nil
        }
        guard duration >= .seconds(1), duration.components.attoseconds == 0 else {
            wrong(found, "`\(key)` of \(what) must be whole seconds")
            return nil
        }
        if inBusinessTime, text.contains(where: { $0 == "d" || $0 == "w" }) {
            wrong(
                found, "`\(text)` in business hours may be 24 hours or a working day",
                help: "write hours (`16h`), or `{ business_days: 2 }` for the end of the second open day",
                .unclearDays)
            return nil
        }
        return duration
    }
}
