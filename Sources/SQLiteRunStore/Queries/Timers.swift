import GRDB
import RunStore
import WorkflowModel

extension SQLiteReading {
    func timers(dueBy now: Timestamp, limit: Int) throws -> [TimerRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            """
            SELECT due, is_plugins, owner, name, event FROM timers WHERE due <= ?
            ORDER BY due, is_plugins, owner, name LIMIT ?
            """, [now.sortable, limit]
        ) { row in
            let purpose: TimerRecord.Purpose =
                if let event = try row.optionalValue(4) {
                    .event(plugin: row[2], key: row[3], try EventDraft(stored: event))
                } else {
                    .run(RunID(row[2]), name: row[3])
                }
            return TimerRecord(due: try row.timestamp(0), purpose: purpose)
        }
    }

    func nextTimer() throws -> Timestamp? {
        try db.row("SELECT due FROM timers ORDER BY due LIMIT 1") { try $0.timestamp(0) }
    }
}

extension SQLiteTransaction {
    func setTimer(_ timer: TimerRecord) throws {
        let (owner, name, draft): (String, String, EventDraft?) =
            switch timer.purpose {
            case .run(let run, let name): (run.text, name, nil)
            case .event(let plugin, let key, let draft): (plugin, key, draft)
            }
        try db.change(
            """
            INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET due = excluded.due, event = excluded.event
            """, [draft != nil, owner, name, timer.due.sortable, draft?.json])
    }

    func removeTimer(run: RunID, name: String) throws {
        try db.change("DELETE FROM timers WHERE is_plugins = 0 AND owner = ? AND name = ?", [run.text, name])
    }

    func removeTimer(plugin: String, key: String) throws {
        try db.change("DELETE FROM timers WHERE is_plugins = 1 AND owner = ? AND name = ?", [plugin, key])
    }

    func removeTimers(of run: RunID) throws {
        try db.change("DELETE FROM timers WHERE is_plugins = 0 AND owner = ?", [run.text])
    }
}
