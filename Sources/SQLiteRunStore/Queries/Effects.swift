import GRDB
import RunStore
import WorkflowModel

private let allColumns = "key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate"

extension EffectRecord {
    init(row: ResultRow) throws {
        self.init(
            key: row[0], run: RunID(row[1]), step: row[2], action: row[3], sent: try row.value(5),
            intendedAt: try row.timestamp(7))
        attempts = row[4]
        state = try row.choice(6)
        settledAt = try row.optionalTimestamp(8)
        mayBeDuplicate = row[9]
    }
}

extension SQLiteReading {
    func effect(_ key: String) throws -> EffectRecord? {
        try db.row("SELECT \(allColumns) FROM effects WHERE key = ?", [key], EffectRecord.init(row:))
    }

    func effects(of run: RunID?, limit: Int) throws -> [EffectRecord] {
        try CollectionCatalog.check(limit: limit)
        guard let run else {
            return try db.rows(
                "SELECT \(allColumns) FROM effects ORDER BY number DESC LIMIT ?", [limit], EffectRecord.init(row:))
        }
        return try db.rows(
            "SELECT \(allColumns) FROM effects WHERE run = ? ORDER BY number LIMIT ?", [run.text, limit],
            EffectRecord.init(row:))
    }

    func effects(_ query: EffectQuery) throws -> [EffectRecord] {
        try CollectionCatalog.check(limit: query.limit)
        var conditions: [String] = []
        var arguments: [Database.Argument] = []
        func require(_ condition: String, _ values: [Database.Argument]) {
            conditions.append(condition)
            arguments += values
        }
        if let run = query.run { require("run = ?", [run.text]) }
        if let states = query.states {
            require("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))", states.map(\.rawValue))
        }
        if let action = query.action { require("action = ?", [action]) }
        if let prefix = query.keyPrefix { require("key >= ? AND key < ?", [prefix, prefix + "\u{10FFFF}"]) }
        if let before = query.before { require("number < (SELECT number FROM effects WHERE key = ?)", [before]) }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try db.rows(
            "SELECT \(allColumns) FROM effects \(filter) ORDER BY number DESC LIMIT ?", arguments + [query.limit],
            EffectRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func putEffect(_ effect: EffectRecord) throws {
        try db.change(
            """
            INSERT INTO effects (\(allColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET step = excluded.step, action = excluded.action,
                attempts = excluded.attempts, sent = excluded.sent, state = excluded.state,
                intended_at = excluded.intended_at, settled_at = excluded.settled_at,
                may_be_duplicate = excluded.may_be_duplicate
            WHERE run = excluded.run
            """,
            [
                effect.key, effect.run.text, effect.step, effect.action, effect.attempts, TypedJSON.text(effect.sent),
                effect.state.rawValue, effect.intendedAt.sortable, effect.settledAt?.sortable, effect.mayBeDuplicate,
            ])
        guard db.changesCount == 1 else { throw effect.isOfAnotherRun }
    }
}
