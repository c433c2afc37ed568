import PluginKit
import RunStore
import WorkflowModel

/// Changes tables, and remembers how to undo each change.
final class MemoryTransaction: StoreTransaction, MemoryReading {
    var tables = Tables(CollectionCatalog([:]))
    var emitted: [(plugin: String, event: EventDraft)] = []
    private(set) var hasSetTimers = false
    private var undoing: [(inout Tables) -> Void] = []

    /// Takes back all changes, the last first.
    func undo() {
        for step in undoing.reversed() { step(&tables) }
        undoing = []
    }

    func remember(_ step: @escaping (inout Tables) -> Void) { undoing.append(step) }

    func pluginStore(of plugin: String) -> any PluginStore { MemoryPluginStore(plugin: plugin, transaction: self) }

    func takeEmitted() -> [(plugin: String, event: EventDraft)] {
        defer { emitted = [] }
        return emitted
    }

    func knowsEvent(_ id: String, source: String) throws -> Bool {
        let identity = Tables.EventIdentity(source: ExactText(source), id: ExactText(id))
        if tables.eventByIdentity[identity] != nil { return true }
        return try tables.base?.events(withID: id).contains { $0.event.source == source } ?? false
    }

    func insertEvent(_ record: EventRecord) throws -> Int64? {
        let event = record.event
        guard try !knowsEvent(event.id, source: event.source) else { return nil }
        let identity = Tables.EventIdentity(source: ExactText(event.source), id: ExactText(event.id))
        var record = record
        record.sequence = tables.firstEvent + Int64(tables.events.count)
        let sequence = record.sequence
        tables.events.append(record)
        tables.eventByIdentity[identity] = sequence
        tables.eventsByID[identity.id, default: []].append(sequence)
        let subject = event.subject.map { ExactText($0) }
        let newest = subject.flatMap { tables.newestTimes[$0] }
        if let subject {
            tables.eventsBySubject[subject, default: []].append(sequence)
            if !record.isOutOfOrder { tables.newestTimes[subject] = newest.map { max($0, event.time) } ?? event.time }
        }
        remember { tables in
            tables.events.removeLast()
            tables.eventByIdentity[identity] = nil
            tables.eventsByID[identity.id]?.removeLast()
            if let subject {
                tables.eventsBySubject[subject]?.removeLast()
                tables.newestTimes[subject] = newest
            }
        }
        return sequence
    }

    func insertMatch(_ match: MatchRecord) throws {
        tables.matches[match.event, default: []].append(match)
        remember { $0.matches[match.event]?.removeLast() }
    }

    func insertBundle(_ hash: String, _ content: Value) throws {
        guard tables.bundles[hash] == nil else { return }
        tables.bundles[hash] = content
        remember { $0.bundles[hash] = nil }
    }

    func insertGeneration(_ generation: GenerationRecord) throws -> Int64 {
        var generation = generation
        generation.number = tables.generations.last.map { $0.number + 1 } ?? tables.firstGeneration
        tables.generations.append(generation)
        remember { $0.generations.removeLast() }
        return generation.number
    }

    func setEdge(_ edge: EdgeRecord) throws { changeEdge(edge.playbook, edge.subject, .some(edge)) }

    func clearEdge(playbook: String, subject: String) throws {
        changeEdge(playbook, subject, tables.base == nil ? nil : .some(nil))
    }

    private func changeEdge(_ playbook: String, _ subject: String, _ row: EdgeRecord??) {
        let subject = ExactText(subject)
        let before = tables.edges[subject]
        var rows = before ?? [:]
        if let row { rows.updateValue(row, forKey: playbook) } else { rows.removeValue(forKey: playbook) }
        tables.edges[subject] = rows.isEmpty ? nil : rows
        remember { $0.edges[subject] = before }
    }

    func insertRun(_ run: RunRecord) throws {
        guard try self.run(run.id) == nil else { throw StoreError(.misuse, "the run \(run.id) is there already") }
        tables.setRun(run.id, run)
        remember { $0.setRun(run.id, nil) }
    }

    func updateRun(_ run: RunRecord) throws {
        guard let stored = try self.run(run.id), stored.playbook == run.playbook, stored.event == run.event,
            stored.subject == run.subject
        else {
            throw StoreError(
                .misuse, "there is no run \(run.id) of the playbook \(run.playbook) with this event and subject")
        }
        var run = run
        (run.parent, run.parentStep, run.callDepth) = (stored.parent, stored.parentStep, stored.callDepth)
        run.origin = stored.origin
        let row = run
        let before = tables.setRun(row.id, row)
        remember { $0.setRun(row.id, before) }
    }

    func append(_ entries: [JournalRecord], to run: RunID) throws {
        guard try self.run(run) != nil else {
            throw StoreError(.misuse, "there is no run \(run) to write a journal of")
        }
        let last: Int =
            if let own = tables.journals[run]?.last {
                own.sequence
            } else {
                try tables.base?.journal(of: run, after: 0).last?.sequence ?? 0
            }
        try entries.checkSequence(after: last, of: run)
        tables.journals[run, default: []].append(contentsOf: entries)
        remember { $0.journals[run]?.removeLast(entries.count) }
    }

    func setTimer(_ timer: TimerRecord) throws {
        hasSetTimers = true
        changeTimer(Tables.TimerKey(timer.purpose), timer)
    }

    func removeTimer(_ purpose: TimerRecord.Purpose) throws { changeTimer(Tables.TimerKey(purpose), nil) }

    func removeTimer(run: RunID, name: String) throws { changeTimer(Tables.TimerKey(run: run, name: name), nil) }

    func removeTimer(plugin: String, key: String) throws { changeTimer(Tables.TimerKey(plugin: plugin, key: key), nil) }

    func removeTimers(of run: RunID) throws {
        for key in tables.timersOfRuns[ExactText(run.text)] ?? [] { changeTimer(key, nil) }
    }

    private func changeTimer(_ key: Tables.TimerKey, _ timer: TimerRecord?) {
        let before = tables.setTimer(key, timer)
        remember { $0.setTimer(key, before) }
    }

    func subscribe(_ subscription: SubscriptionRecord) throws {
        let subject = ExactText(subscription.subject)
        let before = (tables.subscriptions[subject], tables.subscribedSubjects[subscription.run])
        tables.subscriptions[subject, default: []].insert(subscription)
        tables.subscribedSubjects[subscription.run, default: []].insert(subject)
        remember { tables in
            tables.subscriptions[subject] = before.0
            tables.subscribedSubjects[subscription.run] = before.1
        }
    }

    func unsubscribe(run: RunID, step: String?) throws {
        guard let subjects = tables.subscribedSubjects[run] else { return }
        var left: Set<ExactText> = []
        let wanted = step.map(ExactText.init)
        for subject in subjects {
            let before = tables.subscriptions[subject] ?? []
            let after = before.filter { row in
                guard row.run == run else { return true }
                guard let wanted else { return false }
                return ExactText(row.step) != wanted
            }
            tables.subscriptions[subject] = after.isEmpty ? nil : after
            if after.contains(where: { $0.run == run }) { left.insert(subject) }
            remember { $0.subscriptions[subject] = before }
        }
        tables.subscribedSubjects[run] = left.isEmpty ? nil : left
        remember { $0.subscribedSubjects[run] = subjects }
    }

    func putEffect(_ effect: EffectRecord) throws {
        if let stored = tables.effects[effect.key], stored.run != effect.run { throw effect.isOfAnotherRun }
        let before = tables.effects.updateValue(effect, forKey: effect.key)
        if before == nil {
            tables.effectOrder.append(effect.key)
            tables.effectsOfRuns[effect.run, default: []].append(effect.key)
        }
        remember { tables in
            tables.effects[effect.key] = before
            if before == nil {
                tables.effectOrder.removeLast()
                tables.effectsOfRuns[effect.run]?.removeLast()
            }
        }
    }

    func insertRequest(_ request: RequestRecord) throws -> Int64 {
        if let key = request.key, try self.request(withKey: key) != nil { throw request.isThere }
        var request = request
        request.id = Int64(tables.requests.count) + 1
        tables.requests.append(request)
        remember { $0.requests.removeLast() }
        return request.id
    }

    func answerRequest(_ id: Int64, _ answer: Value) throws {
        guard let before = try request(id) else { throw StoreError(.misuse, "there is no request \(id) to answer") }
        tables.requests[Int(id) - 1].answer = answer
        remember { $0.requests[Int(id) - 1] = before }
    }

    func prune(_ bounds: PruneBounds, limit: Int) throws -> PruneCount {
        try CollectionCatalog.check(limit: limit)
        let before = tables
        remember { $0 = before }
        return tables.prune(bounds, limit: limit)
    }

    func beginExecutor() throws -> Int64 {
        tables.executorGeneration += 1
        remember { $0.executorGeneration -= 1 }
        return tables.executorGeneration
    }

    func nextNumber(_ sequence: String, of plugin: String) throws -> Int {
        let own = tables.numbers[plugin]?[sequence]
        let next = try (own ?? tables.base?.lastNumber(sequence, of: plugin) ?? 0) + 1
        tables.numbers[plugin, default: [:]][sequence] = next
        remember { $0.numbers[plugin]?[sequence] = own }
        return next
    }

    func place(_ id: ExactText, _ entry: DocumentShelf.Entry?, isRemoved: Bool, in collection: String) {
        guard let before = tables.shelves[collection]?.set(id, entry, isRemoved: isRemoved) else { return }
        remember { tables in
            tables.shelves[collection]?.set(id, before.entry, isRemoved: before.isRemoved)
        }
    }
}
