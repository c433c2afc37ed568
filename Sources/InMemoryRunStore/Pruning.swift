import RunStore
import WorkflowModel

extension Tables {
    /// Deletes what is old, of this store's own: the store below is left as it is.
    mutating func prune(_ bounds: PruneBounds, limit: Int) -> PruneCount {
        var count = PruneCount()
        var rest = limit
        pruneRuns(bounds, &rest, &count)
        pruneEvents(bounds, &rest, &count)
        pruneIdentities(bounds, &rest, &count)
        for request in requests where rest > 0 && request.answer != nil && request.at < bounds.eventsBefore {
            guard prunedRequests.insert(request.id).inserted else { continue }
            requests[Int(request.id) - 1].body = .null
            count.requests += 1
            rest -= 1
        }
        let old = gates.compactMap { key, gate in
            gate.flatMap { gate in gate.until.map { (until: $0, key: key) } }
        }.filter { $0.until < bounds.gatesBefore }
        for gate in old.sorted(by: { ($0.until, $0.key) < ($1.until, $1.key) }).prefix(max(0, rest)) {
            gates.removeValue(forKey: gate.key)
            count.gates += 1
        }
        rest -= count.gates
        pruneVersions(bounds, &rest, &count)
        return count
    }

    /// Sets of playbooks that no event needs any more, then versions that nothing names. Only when all else is done.
    private mutating func pruneVersions(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) {
        guard rest > 0 else { return }
        let oldest = events.first { !prunedEvents.contains($0.sequence) }?.generation ?? .max
        let kept = generations.indices.first { index in
            generations[index].number >= oldest || index + 1 == generations.count
                || generations[index + 1].at >= bounds.eventsBefore
        }
        let old = min(kept ?? 0, rest)
        generations.removeFirst(old)
        count.generations += old
        rest -= old
        let named = Set(runs.values.map(\.bundle) + generations.flatMap { $0.members.map(\.bundle) })
        for hash in bundles.keys.filter({ !named.contains($0) }).sorted().prefix(max(0, rest)) {
            bundles[hash] = nil
            count.bundles += 1
            rest -= 1
        }
    }

    private mutating func pruneRuns(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) {
        let old = runOrder.lazy.compactMap { [runs] in runs[$0] }.filter { run in
            run.state.isFinal && (run.endedAt.map { $0 < bounds.runsEndedBefore } ?? false)
        }
        for run in Array(old.prefix(rest)) {
            count.entries += journals.removeValue(forKey: run.id)?.count ?? 0
            for ask in asksOfRuns[run.id] ?? [] {
                setAsk(ask, nil)
                count.asks += 1
            }
            setRun(run.id, nil)
            count.runs += 1
            rest -= 1
        }
    }

    private mutating func pruneEvents(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) {
        let used = Set(runs.values.compactMap(\.event))
        for (index, record) in events.enumerated() where rest > 0 && record.acceptedAt < bounds.eventsBefore {
            let sequence = record.sequence
            guard !used.contains(sequence), prunedEvents.insert(sequence).inserted else { continue }
            events[index].event.data = ValueMap()
            events[index].facts = ValueMap()
            eventsByID[ExactText(record.event.id)]?.removeAll { $0 == sequence }
            if let subject = record.event.subject { eventsBySubject[ExactText(subject)]?.removeSorted(sequence) }
            if record.acceptedAt < bounds.identitiesBefore { eventByIdentity[EventIdentity(record)] = nil }
            count.matches += matches.removeValue(forKey: sequence)?.count ?? 0
            count.events += 1
            rest -= 1
        }
    }

    private mutating func pruneIdentities(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) {
        for sequence in prunedEvents.sorted() where rest > 0 {
            let record = events[Int(sequence - firstEvent)]
            let identity = EventIdentity(record)
            guard record.acceptedAt < bounds.identitiesBefore, eventByIdentity[identity] == sequence else { continue }
            eventByIdentity[identity] = nil
            count.identities += 1
            rest -= 1
        }
    }
}

extension Tables.EventIdentity {
    fileprivate init(_ record: EventRecord) {
        self.init(source: ExactText(record.event.source), id: ExactText(record.event.id))
    }
}
