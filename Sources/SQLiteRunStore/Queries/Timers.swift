import GRDB
import RunStore
import WorkflowModel

/// What tells a timer from the others: its purpose in columns.
private struct TimerKey {
    /// As in `timers.kind`.
    enum Kind: Int {
        case run, event, gate, schedule
    }

    var kind: Kind
    var owner: String
    var name: String

    init(_ purpose: TimerRecord.Purpose) {
        switch purpose {
        case .run(let run, let name): (kind, owner, self.name) = (.run, run.text, name)
        case .event(let plugin, let key, _): (kind, owner, name) = (.event, plugin, key)
        case .gate(let playbook, let gate, let key): (kind, owner, name) = (.gate, playbook, "\(gate)/\(key)")
        case .schedule(let playbook, let trigger): (kind, owner, name) = (.schedule, playbook, "\(trigger)")
        }
    }
}

extension TimerRecord.Purpose {
    /// The purpose in the columns kind, owner, name and event.
    fileprivate init(row: ResultRow, from first: Int) throws {
        let (owner, name): (String, String) = (row[first + 1], row[first + 2])
        switch TimerKey.Kind(rawValue: row[first]) {
        case .run: self = .run(RunID(owner), name: name)
        case .event: self = .event(plugin: owner, key: name, try EventDraft(stored: try row.value(first + 3)))
        case .gate:
            guard let slash = name.firstIndex(of: "/") else { throw StoreError.unreadable("a timer of a gate") }
            self = .gate(playbook: owner, gate: String(name[..<slash]), key: String(name[name.index(after: slash)...]))
        case .schedule:
            guard let trigger = Int(name) else { throw StoreError.unreadable("a timer of a schedule") }
            self = .schedule(playbook: owner, trigger: trigger)
        case nil: throw StoreError.unreadable("a timer of an unknown kind")
        }
    }
}

extension SQLiteReading {
    func timers(dueBy now: Timestamp, limit: Int) throws -> [TimerRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            """
            SELECT due, kind, owner, name, event FROM timers WHERE due <= ? ORDER BY due, kind, owner, name LIMIT ?
            """, [now.sortable, limit]
        ) { row in
            TimerRecord(due: try row.timestamp(0), purpose: try TimerRecord.Purpose(row: row, from: 1))
        }
    }

    func nextTimer() throws -> Timestamp? {
        try db.row("SELECT due FROM timers ORDER BY due LIMIT 1") { try $0.timestamp(0) }
    }
}

extension SQLiteTransaction {
    func setTimer(_ timer: TimerRecord) throws {
        let key = TimerKey(timer.purpose)
        hasSetTimers = true
        let draft: EventDraft? = if case .event(_, _, let draft) = timer.purpose { draft } else { nil }
        try db.change(
            """
            INSERT INTO timers (kind, owner, name, due, event) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET due = excluded.due, event = excluded.event
            """, [key.kind.rawValue, key.owner, key.name, timer.due.sortable, draft?.json])
    }

    func removeTimer(_ purpose: TimerRecord.Purpose) throws {
        let key = TimerKey(purpose)
        try removeTimer(key.kind, key.owner, key.name)
    }

    func removeTimer(run: RunID, name: String) throws { try removeTimer(.run, run.text, name) }

    func removeTimer(plugin: String, key: String) throws { try removeTimer(.event, plugin, key) }

    func removeTimers(of run: RunID) throws {
        try db.change("DELETE FROM timers WHERE kind = 0 AND owner = ?", [run.text])
    }

    private func removeTimer(_ kind: TimerKey.Kind, _ owner: String, _ name: String) throws {
        try db.change("DELETE FROM timers WHERE kind = ? AND owner = ? AND name = ?", [kind.rawValue, owner, name])
    }
}
