import GRDB
import RunStore
import WorkflowModel

private let allColumns = """
    id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, \
    requested_by, inputs, depth, entries, lease, slot, is_held, parent, parent_step, call_depth, origin_kind, origin_run, \
    origin_step
    """

extension RunRecord.Origin {
    /// The word for its kind, and the step.
    fileprivate var columns: (kind: String, step: String?) {
        switch self {
        case .retry(_, let step): ("retry", step)
        case .replay: ("replay", nil)
        }
    }

    fileprivate init(kind: String, run: RunID, step: String?) throws(StoreError) {
        switch (kind, step) {
        case ("retry", let step?): self = .retry(of: run, from: step)
        case ("replay", _): self = .replay(of: run)
        default: throw StoreError.unreadable("the origin \"\(kind)\" of a run")
        }
    }
}

extension RunRecord {
    init(row: ResultRow) throws {
        self.init(
            id: RunID(row[0]), playbook: row[1], kind: try row.choice(2), bundle: row[3], event: row[4],
            subject: row[5], createdAt: try row.timestamp(7), requestedBy: row[13], inputs: try row.map(14),
            depth: row[15])
        state = try row.choice(6)
        startedAt = try row.optionalTimestamp(8)
        endedAt = try row.optionalTimestamp(9)
        wakesAt = try row.optionalTimestamp(10)
        if let stored = try row.optionalValue(11) {
            guard let failure = Failure(stored) else { throw StoreError.unreadable("a failure") }
            self.failure = failure
        }
        outputs = try row.optionalValue(12)
        entries = row[16]
        lease = row[17]
        slot = row[18]
        isHeld = row[19]
        parent = (row[20] as String?).map { RunID($0) }
        parentStep = row[21]
        callDepth = row[22]
        if let kind: String = row[23] { origin = try Origin(kind: kind, run: RunID(row[24]), step: row[25]) }
    }
}

extension SQLiteReading {
    func run(_ id: RunID) throws -> RunRecord? {
        try db.row("SELECT \(allColumns) FROM runs WHERE id = ?", [id.text], RunRecord.init(row:))
    }

    func runs(_ query: RunQuery) throws -> [RunRecord] {
        try CollectionCatalog.check(limit: query.limit, maximum: 1000)
        var conditions: [String] = []
        var arguments: [Database.Argument] = []
        func require(_ condition: String, _ values: [Database.Argument]) {
            conditions.append(condition)
            arguments += values
        }
        func list(_ column: String, _ words: [String]) {
            require("\(column) IN (\(words.map { _ in "?" }.joined(separator: ", ")))", words)
        }
        if let playbook = query.playbook { require("playbook = ?", [playbook]) }
        if let states = query.states { list("state", Set(states).map(\.rawValue)) }
        if let kinds = query.kinds { list("kind", Set(kinds).map(\.rawValue)) }
        if let subject = query.subject { require("subject = ?", [subject]) }
        if let event = query.event { require("event = ?", [event]) }
        if let parent = query.parent { require("parent = ?", [parent.text]) }
        if let origin = query.origin { require("origin_run = ?", [origin.text]) }
        // Ids begin with the time of making.
        if let since = query.since { require("id >= ?", [RunID(at: since, random: []).text]) }
        if let before = query.before { require("id < ?", [before.text]) }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        // The ids are chosen first: what must be sorted is then small, also among very many runs of some states.
        return try db.rows(
            """
            SELECT \(allColumns) FROM runs WHERE id IN (SELECT id FROM runs \(filter) ORDER BY id DESC LIMIT ?)
            ORDER BY id DESC
            """, arguments + [query.limit], RunRecord.init(row:))
    }

    func runs(withPrefix prefix: String, limit: Int) throws -> [RunRecord] {
        try CollectionCatalog.check(limit: limit)
        // Every text that begins with the prefix sorts before the prefix followed by the last code point.
        return try db.rows(
            "SELECT \(allColumns) FROM runs WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
            [prefix, prefix + "\u{10FFFF}", limit], RunRecord.init(row:))
    }

    func runs(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        try CollectionCatalog.check(limit: limit)
        // The condition on the state is word for word that of the index.
        return try db.rows(
            """
            SELECT \(allColumns) FROM runs INDEXED BY runs_in_slot
            WHERE slot = ? AND state NOT IN ('succeeded', 'failed', 'cancelled') ORDER BY id LIMIT ?
            """, [slot, limit], RunRecord.init(row:))
    }

    func use(ofSlot slot: String) throws -> SlotUse {
        var use = SlotUse()
        let counts: [(isHeld: Bool, count: Int, oldest: String)] = try db.rows(
            """
            SELECT is_held, count(*), min(id) FROM runs INDEXED BY runs_in_slot
            WHERE slot = ? AND state NOT IN ('succeeded', 'failed', 'cancelled') GROUP BY is_held
            """, [slot]
        ) { ($0[0], $0[1], $0[2]) }
        for (isHeld, count, oldest) in counts {
            if isHeld {
                use.waiting = count
            } else {
                use.working = count
                use.oldest = RunID(oldest)
            }
        }
        return use
    }

    func held(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            """
            SELECT \(allColumns) FROM runs INDEXED BY runs_in_slot
            WHERE slot = ? AND state NOT IN ('succeeded', 'failed', 'cancelled') AND is_held
            ORDER BY created_at, event IS NULL, event, id LIMIT ?
            """, [slot, limit], RunRecord.init(row:))
    }

    func runnable(generation: Int64, now: Timestamp, limit: Int) throws -> [RunID] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            """
            SELECT id FROM runs WHERE state IN ('queued', 'running', 'stopping') AND lease IS NOT ?1 AND is_held = 0
            UNION ALL
            SELECT id FROM runs INDEXED BY waiting_runs WHERE state = 'waiting' AND wakes_at <= ?2 AND is_held = 0
            ORDER BY id LIMIT ?3
            """, [generation, now.sortable, limit]
        ) { RunID($0[0]) }
    }

    func runCounts() throws -> [RunState: Int] {
        let counts = try db.rows("SELECT state, count(*) FROM runs GROUP BY state") { row in
            (try row.choice(0) as RunState, row[1] as Int)
        }
        return Dictionary(counts, uniquingKeysWith: +)
    }

    func journal(of run: RunID, after: Int) throws -> [JournalRecord] {
        try db.rows(
            """
            SELECT sequence, at, kind, step, version, body FROM journal WHERE run = ? AND sequence > ? ORDER BY sequence
            """, [run.text, after]
        ) { row in
            JournalRecord(
                sequence: row[0], at: try row.timestamp(1), kind: row[2], step: row[3], version: row[4],
                body: try row.value(5))
        }
    }
}

extension SQLiteTransaction {
    func insertRun(_ run: RunRecord) throws {
        try db.change(
            """
            INSERT INTO runs (\(allColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                run.id.text, run.playbook, run.kind.rawValue, run.bundle, run.event, run.subject, run.state.rawValue,
                run.createdAt.sortable, run.startedAt?.sortable, run.endedAt?.sortable, run.wakesAt?.sortable,
                run.failure.map { TypedJSON.text($0.value) }, run.outputs.map { TypedJSON.text($0) }, run.requestedBy,
                run.inputs.json, run.depth, run.entries, run.lease, run.slot, run.isHeld, run.parent?.text,
                run.parentStep, run.callDepth, run.origin?.columns.kind, run.origin?.run.text,
                run.origin?.columns.step,
            ])
        guard db.changesCount == 1 else { throw StoreError(.misuse, "the run \(run.id) is there already") }
    }

    func updateRun(_ run: RunRecord) throws {
        // What never changes is compared, not set, which leaves its indexes alone.
        try db.change(
            """
            UPDATE runs SET kind = ?, bundle = ?, state = ?, created_at = ?, started_at = ?, ended_at = ?, wakes_at = ?,
                failure = ?, outputs = ?, requested_by = ?, inputs = ?, depth = ?, entries = ?, lease = ?, slot = ?,
                is_held = ?
            WHERE id = ? AND playbook = ? AND event IS ? AND subject IS ?
            """,
            [
                run.kind.rawValue, run.bundle, run.state.rawValue, run.createdAt.sortable, run.startedAt?.sortable,
                run.endedAt?.sortable, run.wakesAt?.sortable, run.failure.map { TypedJSON.text($0.value) },
                run.outputs.map { TypedJSON.text($0) }, run.requestedBy, run.inputs.json, run.depth, run.entries,
                run.lease, run.slot, run.isHeld, run.id.text, run.playbook, run.event, run.subject,
            ])
        guard db.changesCount == 1 else {
            throw StoreError(
                .misuse, "there is no run \(run.id) of the playbook \(run.playbook) with this event and subject")
        }
    }

    func append(_ entries: [JournalRecord], to run: RunID) throws {
        let last = try db.row(
            """
            SELECT (SELECT max(sequence) FROM journal WHERE run = ?1), EXISTS (SELECT 1 FROM runs WHERE id = ?1)
            """, [run.text]
        ) { row in row[1] ? row[0] as Int? ?? 0 : nil }
        guard let last = last ?? nil else {
            throw StoreError(.misuse, "there is no run \(run) to write a journal of")
        }
        try entries.checkSequence(after: last, of: run)
        for entry in entries {
            try db.change(
                "INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    run.text, entry.sequence, entry.at.sortable, entry.kind, entry.step, entry.version,
                    entry.bodyText,
                ])
        }
    }
}
