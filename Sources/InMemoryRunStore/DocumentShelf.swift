import PluginKit
import RunStore
import WorkflowModel

/// The documents of one collection with their indexes.
struct DocumentShelf: Sendable {
    struct Entry: Sendable {
        var body: ValueMap
        var keys: [String: IndexKey]
        var counts: [String: Int]
        var length: Int
    }

    let declaration: CollectionDeclaration
    private(set) var entries: [ExactText: Entry] = [:]
    /// Documents of the store below that have been removed.
    private(set) var removed: Set<ExactText> = []
    private var documentsByKey: [String: [IndexKey: Set<ExactText>]] = [:]
    private var postings: [String: [ExactText: Int]] = [:]
    private var totalLength = 0

    init(_ declaration: CollectionDeclaration) {
        self.declaration = declaration
    }

    /// How many documents of a store below are hidden by what is here, at most.
    var hiding: Int { entries.count + removed.count }

    /// Whether what a store below says of `id` does not count.
    func hides(_ id: ExactText) -> Bool { entries[id] != nil || removed.contains(id) }

    func entry(of body: ValueMap) -> Entry {
        var counts: [String: Int] = [:]
        let words = declaration.search.isEmpty ? [] : declaration.words(of: body)
        for word in words { counts[word, default: 0] += 1 }
        var keys: [String: IndexKey] = [:]
        for (field, key) in declaration.keys(of: body) { keys[field] = key }
        return Entry(body: body, keys: keys, counts: counts, length: words.count)
    }

    /// Sets what is known of `id`: a document, that it is removed, or nothing; returns what was known before.
    @discardableResult
    mutating func set(_ id: ExactText, _ entry: Entry?, isRemoved: Bool) -> (entry: Entry?, isRemoved: Bool) {
        let before = (entry: entries[id], isRemoved: removed.contains(id))
        if let old = before.entry {
            for (field, key) in old.keys {
                documentsByKey[field]?[key]?.remove(id)
                if documentsByKey[field]?[key]?.isEmpty == true { documentsByKey[field]?[key] = nil }
            }
            for word in old.counts.keys {
                postings[word]?[id] = nil
                if postings[word]?.isEmpty == true { postings[word] = nil }
            }
            totalLength -= old.length
        }
        entries[id] = entry
        if isRemoved { removed.insert(id) } else { removed.remove(id) }
        if let entry {
            for (field, key) in entry.keys { documentsByKey[field, default: [:]][key, default: []].insert(id) }
            for (word, count) in entry.counts { postings[word, default: [:]][id] = count }
            totalLength += entry.length
        }
        return before
    }

    /// The documents here that fit all conditions, in no order.
    func matching(_ conditions: [DocumentQuery.Condition]) -> [(id: ExactText, entry: Entry)] {
        var smallest: Set<ExactText>?
        for condition in conditions {
            guard let ids = candidates(of: condition) else { continue }
            if smallest.map({ ids.count < $0.count }) ?? true { smallest = ids }
        }
        func fits(_ entry: Entry) -> Bool {
            conditions.allSatisfy { $0.comparison.fits(entry.keys[$0.field] ?? .missing) }
        }
        guard let smallest else {
            return entries.compactMap { fits($0.value) ? ($0.key, $0.value) : nil }
        }
        return smallest.compactMap { id in
            guard let entry = entries[id], fits(entry) else { return nil }
            return (id, entry)
        }
    }

    private func candidates(of condition: DocumentQuery.Condition) -> Set<ExactText>? {
        func documents(_ key: IndexKey) -> Set<ExactText> { documentsByKey[condition.field]?[key] ?? [] }
        return switch condition.comparison {
        case .equals(let value): documents(IndexKey(value))
        case .oneOf(let values): values.reduce(into: []) { $0.formUnion(documents(IndexKey($1))) }
        case .isNull: documents(.missing)
        case .lessThan, .atLeast, .isNotNull: nil
        }
    }

    /// In how many documents here `word` occurs.
    func occurrences(of word: String) -> Int { postings[word]?.count ?? 0 }

    /// The documents here with any of `words`, with their scores, in no order.
    ///
    /// - Parameters:
    ///   - documents: how many documents the whole collection has.
    ///   - occurrences: in how many of them each word occurs.
    func hits(_ words: [String], documents: Int, occurrences: [Int]) -> [(id: ExactText, score: Double)] {
        let mean = entries.isEmpty ? 0 : Double(totalLength) / Double(entries.count)
        let weights = occurrences.map { BM25.weight(containing: $0, of: documents) }
        let found = words.reduce(into: Set<ExactText>()) { $0.formUnion((postings[$1] ?? [:]).keys) }
        return found.compactMap { id in
            guard let entry = entries[id] else { return nil }
            var score = 0.0
            for (word, weight) in zip(words, weights) {
                guard let count = entry.counts[word] else { continue }
                score += BM25.part(weight: weight, count: count, length: entry.length, meanLength: mean)
            }
            return (id, score)
        }
    }
}
