import GRDB
import RunStore
import WorkflowModel

private let allColumns = """
    sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, \
    is_out_of_order
    """

extension EventRecord {
    init(row: ResultRow) throws {
        self.init(
            sequence: row[0], event: try Event(row: row), facts: try row.map(11), acceptedAt: try row.timestamp(12),
            generation: row[13], isOutOfOrder: row[14])
    }
}

extension Event {
    /// The event in a row of all columns.
    init(row: ResultRow) throws {
        let subject: String? = row[4]
        self.init(
            id: row[1], source: row[2], type: row[3], subject: subject, time: try row.timestamp(5),
            data: try row.map(6), attributes: try row.map(7), origin: try row.choice(8), depth: row[9],
            causedBy: (row[10] as String?).map { RunID($0) })
        // The subject is what was stored, also when there was none.
        self.subject = subject
    }
}

extension SQLiteReading {
    func event(_ sequence: Int64) throws -> EventRecord? {
        try db.row("SELECT \(allColumns) FROM events WHERE sequence = ?", [sequence], EventRecord.init(row:))
    }

    func events(withID id: String) throws -> [EventRecord] {
        try db.rows(
            "SELECT \(allColumns) FROM events WHERE id = ? ORDER BY sequence LIMIT 100", [id], EventRecord.init(row:))
    }

    func events(ofSubject subject: String, before: Int64?, limit: Int) throws -> [EventRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            "SELECT \(allColumns) FROM events WHERE subject = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
            [subject, before ?? .max, limit], EventRecord.init(row:))
    }

    func events(before: Int64?, limit: Int) throws -> [EventRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            "SELECT \(allColumns) FROM events WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
            [before ?? .max, limit], EventRecord.init(row:))
    }

    func events(_ query: EventQuery) throws -> [EventRecord] {
        try CollectionCatalog.check(limit: query.limit)
        var conditions: [String] = []
        var arguments: [Database.Argument] = []
        func require(_ condition: String, _ values: [Database.Argument]) {
            conditions.append(condition)
            arguments += values
        }
        if let subject = query.subject { require("subject = ?", [subject]) }
        if let types = query.types {
            require("type IN (\(types.map { _ in "?" }.joined(separator: ", ")))", types)
        }
        if let since = query.since { require("accepted_at >= ?", [since.sortable]) }
        if let before = query.before { require("sequence < ?", [before]) }
        if let from = query.from { require("sequence >= ?", [from]) }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try db.rows(
            "SELECT \(allColumns) FROM events \(filter) ORDER BY sequence DESC LIMIT ?", arguments + [query.limit],
            EventRecord.init(row:))
    }

    func newestEventTime(ofSubject subject: String) throws -> Timestamp? {
        try db.row(
            """
            SELECT max(time) FROM (
                SELECT max(time) AS time FROM events WHERE subject = ?1 AND is_out_of_order = 0
                UNION ALL SELECT max(time) FROM event_identities WHERE subject = ?1 AND is_out_of_order = 0)
            """, [subject]
        ) { try $0.optionalTimestamp(0) } ?? nil
    }
}

extension Database {
    /// The events of a subject, oldest first.
    func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws(StoreError) -> [Event] {
        try CollectionCatalog.check(limit: limit)
        return try rows(
            "SELECT \(allColumns) FROM events WHERE subject = ? AND time >= ? ORDER BY sequence LIMIT ?",
            [subject, since?.sortable ?? "", limit], Event.init(row:))
    }
}

extension SQLiteTransaction {
    func knowsEvent(_ id: String, source: String) throws -> Bool {
        let isKnown = try db.row(
            """
            SELECT 1 FROM events WHERE id = ?1 AND source = ?2
            UNION ALL SELECT 1 FROM event_identities WHERE id = ?1 AND source = ?2
            """, [id, source]
        ) { _ in true }
        newEvent = isKnown == true ? nil : (id, source)
        return isKnown == true
    }

    func insertEvent(_ record: EventRecord) throws -> Int64? {
        let event = record.event
        // Asked first: an insertion that gives way to a row would still use up a place in the order.
        let isNew = newEvent.map { $0.id.sameCodePoints(as: event.id) && $0.source.sameCodePoints(as: event.source) }
        if try isNew != true && knowsEvent(event.id, source: event.source) { return nil }
        newEvent = nil
        try db.change(
            """
            INSERT INTO events (id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts,
                accepted_at, generation, is_out_of_order)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                event.id, event.source, event.type, event.subject, event.time.sortable, event.data.json,
                event.attributes.json, event.origin.rawValue, event.depth, event.causedBy?.text, record.facts.json,
                record.acceptedAt.sortable, record.generation, record.isOutOfOrder,
            ])
        return db.lastInsertedRowID
    }
}
