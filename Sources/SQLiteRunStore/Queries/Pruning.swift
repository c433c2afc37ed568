import GRDB
import RunStore
import WorkflowModel

private let finalStates = RunState.allCases.filter(\.isFinal).map { "'\($0.rawValue)'" }.joined(separator: ", ")
/// A run cannot end before it is made, and its id begins with the time of its making: no index over all ends is needed.
private let oldRuns = "state IN (\(finalStates)) AND id < ?1 AND ended_at < ?2"

extension PruneBounds {
    fileprivate var runArguments: [Database.Argument] {
        [RunID(at: runsEndedBefore, random: []).text, runsEndedBefore.sortable]
    }
}

extension SQLiteReading {
    func prunable(_ bounds: PruneBounds) throws -> PruneCount {
        var count = PruneCount()
        func number(_ sql: String, _ arguments: [Database.Argument]) throws -> Int {
            try db.row("SELECT count(*) FROM \(sql)", arguments) { $0[0] } ?? 0
        }
        count.runs = try number("runs WHERE \(oldRuns)", bounds.runArguments)
        count.entries = try number(
            "journal WHERE run IN (SELECT id FROM runs WHERE \(oldRuns))", bounds.runArguments)
        let oldEvents = """
            events WHERE accepted_at < ?3 AND NOT EXISTS (
                SELECT 1 FROM runs WHERE runs.event = events.sequence AND (\(oldRuns)) IS NOT 1)
            """
        let eventArguments = bounds.runArguments + [bounds.eventsBefore.sortable]
        count.events = try number(oldEvents, eventArguments)
        count.matches = try number("matches WHERE event IN (SELECT sequence FROM \(oldEvents))", eventArguments)
        count.identities = try number(
            "event_identities WHERE accepted_at < ?", [bounds.identitiesBefore.sortable])
        count.requests = try number(
            "requests WHERE answer IS NOT NULL AND at < ?", [bounds.eventsBefore.sortable])
        count.asks = try number("asks WHERE run IN (SELECT id FROM runs WHERE \(oldRuns))", bounds.runArguments)
        count.gates = try number("gates WHERE until < ?", [bounds.gatesBefore.sortable])
        let oldest =
            try db.row(
                """
                SELECT min(generation) FROM events WHERE NOT (accepted_at < ?3 AND NOT EXISTS (
                    SELECT 1 FROM runs WHERE runs.event = events.sequence AND (\(oldRuns)) IS NOT 1))
                """, eventArguments
            ) { row -> Int64? in row[0] } ?? nil
        let generations = try oldGenerations(bounds, oldest: oldest, limit: .max)
        count.generations = generations.count
        let named: [String] = try db.rows(
            "SELECT DISTINCT bundle FROM runs WHERE (\(oldRuns)) IS NOT 1", bounds.runArguments
        ) { $0[0] }
        count.bundles = try unnamedBundles(without: generations, named: Set(named)).count
        return count
    }

    /// The generations that were replaced before the bound and are older than that of the oldest event.
    fileprivate func oldGenerations(_ bounds: PruneBounds, oldest: Int64?, limit: Int) throws -> [Int64] {
        let all: [(number: Int64, at: String)] = try db.rows("SELECT number, at FROM generations ORDER BY number") {
            ($0[0], $0[1])
        }
        let old = zip(all, all.dropFirst()).prefix { generation, next in
            generation.number < oldest ?? .max && next.at < bounds.eventsBefore.sortable
        }
        return old.prefix(limit).map(\.0.number)
    }

    /// The bundles that no generation but `old` names, and `named` does not hold.
    fileprivate func unnamedBundles(without old: [Int64], named: Set<String>) throws -> [String] {
        var named = named
        let gone = Set(old)
        let numbers: [Int64] = try db.rows("SELECT number FROM generations ORDER BY number") { $0[0] }
        for number in numbers where !gone.contains(number) {
            named.formUnion(try generation(number)?.members.map(\.bundle) ?? [])
        }
        let all: [String] = try db.rows("SELECT hash FROM bundles ORDER BY hash") { $0[0] }
        return all.filter { !named.contains($0) }
    }
}

extension SQLiteTransaction {
    func prune(_ bounds: PruneBounds, limit: Int) throws -> PruneCount {
        try CollectionCatalog.check(limit: limit)
        var count = PruneCount()
        var rest = limit
        try pruneRuns(bounds, &rest, &count)
        try pruneEvents(bounds, &rest, &count)
        count.identities = try delete(
            """
            event_identities WHERE sequence IN (
                SELECT sequence FROM event_identities WHERE accepted_at < ? ORDER BY accepted_at LIMIT ?)
            """, [bounds.identitiesBefore.sortable, rest])
        rest -= count.identities
        count.requests = try delete(
            """
            requests WHERE id IN (
                SELECT id FROM requests WHERE answer IS NOT NULL AND at < ? ORDER BY id LIMIT ?)
            """, [bounds.eventsBefore.sortable, rest])
        rest -= count.requests
        count.gates = try delete(
            """
            gates WHERE (gate, playbook, key) IN (
                SELECT gate, playbook, key FROM gates WHERE until < ? ORDER BY until LIMIT ?)
            """, [bounds.gatesBefore.sortable, rest])
        rest -= count.gates
        try pruneVersions(bounds, rest, &count)
        return count
    }

    /// Sets of playbooks that no event needs any more, then versions that nothing names. Only when all else is done.
    private func pruneVersions(_ bounds: PruneBounds, _ limit: Int, _ count: inout PruneCount) throws {
        guard limit > 0 else { return }
        let oldest: Int64? = try db.row("SELECT generation FROM events ORDER BY sequence LIMIT 1", []) { $0[0] }
        for number in try oldGenerations(bounds, oldest: oldest, limit: limit) {
            count.generations += try delete("generations WHERE number = ?", [number])
        }
        for hash in try unnamedBundles(without: [], named: []) where count.generations + count.bundles < limit {
            // Only those that no set names are looked for among the runs: usually there is none.
            count.bundles += try delete(
                "bundles WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE bundle = ?1)", [hash])
        }
    }

    private func delete(_ sql: String, _ arguments: [Database.Argument]) throws -> Int {
        try db.change("DELETE FROM \(sql)", arguments)
        return db.changesCount
    }

    private func pruneRuns(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) throws {
        let runs: [String] = try db.rows(
            "SELECT id FROM runs WHERE \(oldRuns) ORDER BY id LIMIT ?3", bounds.runArguments + [rest]
        ) { $0[0] }
        for run in runs {
            count.entries += try delete("journal WHERE run = ?", [run])
            count.asks += try delete("asks WHERE run = ?", [run])
            count.runs += try delete("runs WHERE id = ?", [run])
        }
        rest -= runs.count
    }

    private func pruneEvents(_ bounds: PruneBounds, _ rest: inout Int, _ count: inout PruneCount) throws {
        for event in try oldEvents(bounds, limit: rest) {
            try db.change(
                """
                INSERT INTO event_identities (sequence, id, source, subject, time, is_out_of_order, accepted_at)
                SELECT sequence, id, source, subject, time, is_out_of_order, accepted_at FROM events
                WHERE sequence = ? AND accepted_at >= ?
                """, [event, bounds.identitiesBefore.sortable])
            count.matches += try delete("matches WHERE event = ?", [event])
            count.events += try delete("events WHERE sequence = ?", [event])
            rest -= 1
        }
    }

    /// The first old events that no run refers to. They are looked for from the first event on, and given up when so many in a row
    /// are new that the rest must be: a clock that once was ahead does not stop it.
    private func oldEvents(_ bounds: PruneBounds, limit: Int) throws -> [Int64] {
        guard limit > 0 else { return [] }
        var found: [Int64] = []
        var newOnes = 0
        try db.eachRow(
            """
            SELECT sequence, accepted_at < ?, EXISTS (SELECT 1 FROM runs WHERE runs.event = events.sequence)
            FROM events ORDER BY sequence
            """, [bounds.eventsBefore.sortable]
        ) { row in
            let (isOld, isUsed): (Bool, Bool) = (row[1], row[2])
            newOnes = isOld ? 0 : newOnes + 1
            if isOld, !isUsed { found.append(row[0]) }
            return found.count < limit && newOnes < 1000
        }
        return found
    }
}
