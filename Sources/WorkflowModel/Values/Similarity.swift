/// Finds what was probably meant, for "did you mean".
public enum Similarity {
    /// The candidate nearest to `name`, if one is near enough: at most a third of its letters differ, and case and
    /// `-`, `_`, space are the same. Ties go to the earlier candidate.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= 100 else { return nil }
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != name {
            let other = folded(candidate)
            let allowed = max(1, min(wanted.count, other.count) / 3)
            guard abs(other.count - wanted.count) <= allowed else { continue }
            let distance = editDistance(wanted, other)
            if distance <= allowed, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.candidate
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { $0 == 0x2D || $0 == 0x20 ? 0x5F : $0 }
    }

    /// The number of letters to insert, delete, change or swap with a neighbour.
    static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var current = [i + 1] + Array(repeating: 0, count: b.count)
            for j in 0..<b.count {
                let cost = a[i] == b[j] ? 0 : 1
                current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, previous[j] + cost)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    current[j + 1] = min(current[j + 1], before[j - 1] + 1)
                }
            }
            before = previous
            previous = current
        }
        return previous[b.count]
    }
}
