/// What differs between two texts, in the form of `diff -u`.
public enum UnifiedDiff {
    /// The lines that differ, each with three around it; empty when the texts are equal.
    public static func text(_ old: String, _ new: String, name: String) -> String {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard before != after else { return "" }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        // Both texts line by line: what is gone first, then what is new.
        var rows: [(mark: Character, text: String, old: Int, new: Int)] = []
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if i < before.count, removed.contains(i) {
                rows.append(("-", before[i], i, j))
                i += 1
            } else if j < after.count, inserted.contains(j) {
                rows.append(("+", after[j], i, j))
                j += 1
            } else {
                rows.append((" ", i < before.count ? before[i] : after[j], i, j))
                i += 1
                j += 1
            }
        }
        var out = ["--- \(name)", "+++ \(name) (formatted)"]
        var at = 0
        while let first = rows[at...].firstIndex(where: { $0.mark != " " }) {
            let start = max(at, first - 3)
            var end = first
            while let next = rows[(end + 1)...].firstIndex(where: { $0.mark != " " }), next - end <= 7 { end = next }
            let stop = min(rows.count, end + 4)
            let part = rows[start..<stop]
            let olds = part.count { $0.mark != "+" }
            let news = part.count { $0.mark != "-" }
            out.append("@@ -\(rows[start].old + 1),\(olds) +\(rows[start].new + 1),\(news) @@")
            out += part.map { "\($0.mark)\($0.text)" }
            at = stop
            if at >= rows.count { break }
        }
        return out.joined(separator: "\n") + "\n"
    }
}
