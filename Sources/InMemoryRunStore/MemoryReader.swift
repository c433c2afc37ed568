import PluginKit
import RunStore
import WorkflowModel

/// Reads tables, and the store below where they are silent.
protocol MemoryReading: StoreReader {
    var tables: Tables { get }
}

/// One view of the store.
struct MemoryReader: MemoryReading, StoreSnapshot {
    let tables: Tables

    init(_ tables: Tables) { self.tables = tables }

    func lastNumber(_ name: String, of plugin: String) throws -> Int {
        try tables.numbers[plugin]?[name] ?? tables.base?.lastNumber(name, of: plugin) ?? 0
    }

    func occurrences(of words: [String], in collection: String) throws -> [Int] {
        _ = try tables.catalog.declaration(of: collection)
        let below = try tables.base?.occurrences(of: words, in: collection)
        return words.enumerated().map { position, word in
            (tables.shelves[collection]?.occurrences(of: word) ?? 0) + (below?[position] ?? 0)
        }
    }
}

extension MemoryReading {
    var documents: any PluginStoreReader { MemoryDocuments(tables: tables) }

    func event(_ sequence: Int64) throws -> EventRecord? {
        try tables.ownEvent(sequence) ?? tables.base?.event(sequence)
    }

    func events(withID id: String) throws -> [EventRecord] {
        let tables = tables
        let below = try tables.base?.events(withID: id) ?? []
        let own = (tables.eventsByID[ExactText(id)] ?? []).compactMap { tables.ownEvent($0) }
        return Array((below + own).prefix(100))
    }

    func events(ofSubject subject: String, before: Int64?, limit: Int) throws -> [EventRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let sequences = tables.eventsBySubject[ExactText(subject)] ?? []
        let end = before.map { sequences.position(of: $0) } ?? sequences.count
        var found = sequences[..<end].reversed().prefix(limit).compactMap { tables.ownEvent($0) }
        if found.count < limit, let base = tables.base {
            found += try base.events(ofSubject: subject, before: before, limit: limit - found.count)
        }
        return found
    }

    func events(before: Int64?, limit: Int) throws -> [EventRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let end = before.map { Int(max(0, min($0 - tables.firstEvent, Int64(tables.events.count)))) }
        let own = tables.events[..<(end ?? tables.events.count)].reversed().lazy
        var found = Array(own.filter { !tables.prunedEvents.contains($0.sequence) }.prefix(limit))
        if found.count < limit, let base = tables.base {
            found += try base.events(before: before, limit: limit - found.count)
        }
        return found
    }

    func events(_ query: EventQuery) throws -> [EventRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: query.limit)
        var found: [EventRecord] = []
        let own = query.subject.map { tables.eventsBySubject[ExactText($0)] ?? [] }
        func take(_ record: EventRecord) {
            if !tables.prunedEvents.contains(record.sequence), query.fits(record) { found.append(record) }
        }
        if let own {
            for sequence in own.reversed() where found.count < query.limit {
                if let record = tables.ownEvent(sequence) { take(record) }
            }
        } else {
            for record in tables.events.reversed() where found.count < query.limit { take(record) }
        }
        if found.count < query.limit, let base = tables.base {
            var below = query
            below.limit -= found.count
            found += try base.events(below)
        }
        return found
    }

    func matches(ofEvent sequence: Int64) throws -> [MatchRecord] {
        let tables = tables
        return try (tables.base?.matches(ofEvent: sequence) ?? []) + (tables.matches[sequence] ?? [])
    }

    func newestEventTime(ofSubject subject: String) throws -> Timestamp? {
        let tables = tables
        let below = try tables.base?.newestEventTime(ofSubject: subject)
        guard let own = tables.newestTimes[ExactText(subject)] else { return below }
        return below.map { max($0, own) } ?? own
    }

    func generation(_ number: Int64?) throws -> GenerationRecord? {
        let tables = tables
        guard let number else { return try tables.generations.last ?? tables.base?.generation(nil) }
        return try tables.generations.first { $0.number == number } ?? tables.base?.generation(number)
    }

    func bundle(_ hash: String) throws -> Value? { try tables.bundles[hash] ?? tables.base?.bundle(hash) }

    func edges(ofSubject subject: String) throws -> [EdgeRecord] {
        let tables = tables
        let own = tables.edges[ExactText(subject)] ?? [:]
        let below = try tables.base?.edges(ofSubject: subject).filter { own[$0.playbook] == nil } ?? []
        return (below + own.values.compactMap { $0 }).sorted { ExactText($0.playbook) < ExactText($1.playbook) }
    }

    func subscriptions(toType type: String, ofSubject subject: String) throws -> [SubscriptionRecord] {
        let type = ExactText(type)
        // The runs of a store below do not go on above it.
        let rows = Set([ExactText(subject), ExactText(SubscriptionRecord.anySubject)]).flatMap {
            tables.subscriptions[$0] ?? []
        }
        return rows.filter { ExactText($0.type) == type }.sorted { left, right in
            (left.run, ExactText(left.step), ExactText(left.subject))
                < (right.run, ExactText(right.step), ExactText(right.subject))
        }
    }

    func run(_ id: RunID) throws -> RunRecord? { try tables.runs[id] ?? tables.base?.run(id) }

    func runs(_ query: RunQuery) throws -> [RunRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: query.limit, maximum: 1000)
        let end = query.before.map { tables.runOrder.position(of: $0) } ?? tables.runOrder.count
        var found: [RunRecord] = []
        for id in tables.runOrder[..<end].reversed() where found.count < query.limit {
            if let run = tables.runs[id], query.fits(run) { found.append(run) }
        }
        guard let base = tables.base else { return found }
        found += try base.runs(query).filter { tables.runs[$0.id] == nil }
        return Array(found.sorted { $0.id > $1.id }.prefix(query.limit))
    }

    func runs(withPrefix prefix: String, limit: Int) throws -> [RunRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let own = tables.runOrder.filter { $0.text.hasPrefix(prefix) }.compactMap { tables.runs[$0] }
        let below = try tables.base?.runs(withPrefix: prefix, limit: limit).filter { tables.runs[$0.id] == nil }
        return Array(((below ?? []) + own).sorted { $0.id > $1.id }.prefix(limit))
    }

    func runs(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        // The runs of a store below do not go on above it.
        return (tables.runsInSlots[ExactText(slot)] ?? []).prefix(limit).compactMap { tables.runs[$0] }
    }

    func use(ofSlot slot: String) throws -> SlotUse {
        let tables = tables
        var use = SlotUse()
        for id in tables.runsInSlots[ExactText(slot)] ?? [] {
            guard let run = tables.runs[id] else { continue }
            if run.isHeld {
                use.waiting += 1
            } else {
                use.working += 1
                use.oldest = use.oldest ?? id
            }
        }
        return use
    }

    func held(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let held = (tables.runsInSlots[ExactText(slot)] ?? []).compactMap { tables.runs[$0] }.filter(\.isHeld)
        return Array(
            held.sorted { left, right in
                (left.createdAt, left.event ?? .max, left.id.text) < (
                    right.createdAt, right.event ?? .max, right.id.text
                )
            }.prefix(limit))
    }

    func runnable(generation: Int64, now: Timestamp, limit: Int) throws -> [RunID] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        var found: [RunID] = []
        for id in tables.openRuns where found.count < limit {
            guard let run = tables.runs[id], !run.isHeld else { continue }
            switch run.state {
            case .queued, .running, .stopping: if run.lease != generation { found.append(id) }
            case .waiting: if let wakes = run.wakesAt, wakes <= now { found.append(id) }
            case .needsAttention, .succeeded, .failed, .cancelled: break
            }
        }
        return found
    }

    func runCounts() throws -> [RunState: Int] {
        let tables = tables
        var counts = try tables.base?.runCounts() ?? [:]
        for run in tables.runs.values { counts[run.state, default: 0] += 1 }
        return counts
    }

    func journal(of run: RunID, after: Int) throws -> [JournalRecord] {
        let tables = tables
        let own = tables.journals[run] ?? []
        // The entries have no gaps, so that the place of the first tells that of all.
        let skipped = own.first.map { max(0, after + 1 - $0.sequence) } ?? 0
        return try (tables.base?.journal(of: run, after: after) ?? []) + own.dropFirst(skipped)
    }

    func timers(dueBy now: Timestamp, limit: Int) throws -> [TimerRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        return tables.dueTimers.prefix(limit).prefix { $0.due <= now }.compactMap { tables.timers[$0.key] }
    }

    func nextTimer() throws -> Timestamp? { tables.dueTimers.first?.due }

    func effect(_ key: String) throws -> EffectRecord? { try tables.effects[key] ?? tables.base?.effect(key) }

    func effects(of run: RunID?, limit: Int) throws -> [EffectRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let keys = run.map { tables.effectsOfRuns[$0] ?? [] } ?? tables.effectOrder.suffix(limit)
        let own = keys.compactMap { tables.effects[$0] }
        let below = try tables.base?.effects(of: run, limit: limit).filter { tables.effects[$0.key] == nil } ?? []
        return Array((run == nil ? own.reversed() + below : below + own).prefix(limit))
    }

    func effects(_ query: EffectQuery) throws -> [EffectRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: query.limit)
        var (below, order) = (query, tables.effectOrder[...])
        if let before = query.before {
            if let place = order.firstIndex(of: before) {
                order = order[..<place]
                below.before = nil
            } else {
                order = []
            }
        }
        let own = order.reversed().lazy.compactMap { tables.effects[$0] }.filter(query.fits)
        let others = try tables.base?.effects(below).filter { tables.effects[$0.key] == nil } ?? []
        return Array((Array(own.prefix(query.limit)) + others).prefix(query.limit))
    }

    func prunable(_ bounds: PruneBounds) throws -> PruneCount {
        var copy = tables
        return copy.prune(bounds, limit: .max)
    }

    func openRequests(limit: Int) throws -> [RequestRecord] {
        try CollectionCatalog.check(limit: limit)
        return Array(tables.requests.lazy.filter { $0.answer == nil }.prefix(limit))
    }

    func request(_ id: Int64) throws -> RequestRecord? {
        let requests = tables.requests
        guard !tables.prunedRequests.contains(id) else { return nil }
        return id >= 1 && id <= Int64(requests.count) ? requests[Int(id) - 1] : nil
    }

    func request(withKey key: String) throws -> RequestRecord? {
        let tables = tables
        return tables.requests.first { request in
            request.key.map { ExactText($0) } == ExactText(key) && !tables.prunedRequests.contains(request.id)
        }
    }

    func executorGeneration() throws -> Int64 { tables.executorGeneration }
}

extension EventQuery {
    fileprivate func fits(_ record: EventRecord) -> Bool {
        if let types, !types.contains(where: { $0.sameCodePoints(as: record.event.type) }) { return false }
        if let since, record.acceptedAt < since { return false }
        if let before, record.sequence >= before { return false }
        if let from, record.sequence < from { return false }
        return true
    }
}

extension EffectQuery {
    fileprivate func fits(_ effect: EffectRecord) -> Bool {
        if let run, run != effect.run { return false }
        if let states, !states.contains(effect.state) { return false }
        if let action, action != effect.action { return false }
        if let keyPrefix, !effect.key.utf8.starts(with: keyPrefix.utf8) { return false }
        return true
    }
}

extension RunQuery {
    fileprivate func fits(_ run: RunRecord) -> Bool {
        if let playbook, playbook != run.playbook { return false }
        if let states, !states.contains(run.state) { return false }
        if let subject, subject != run.subject { return false }
        if let event, event != run.event { return false }
        if let kinds, !kinds.contains(run.kind) { return false }
        if let parent, parent != run.parent { return false }
        if let since, run.id < RunID(at: since, random: []) { return false }
        if let origin, origin != run.origin?.run { return false }
        return true
    }
}
