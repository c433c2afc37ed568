import GRDB
import GRDBSQLite
import RunStore
import WorkflowModel

extension Database {
    typealias Argument = (any StatementArgument)?

    /// The file, for messages; nil when not even that can be asked.
    private var file: String? {
        do {
            return try String.fetchOne(self, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
        } catch {
            return nil
        }
    }

    /// Runs a statement that gives no rows.
    ///
    /// It is bound and stepped here and not by GRDB: the writer does little else, and what GRDB does around a statement, for
    /// observers that the store has none of, took longer than SQLite.
    func change(_ sql: String, _ arguments: [Argument] = []) throws(StoreError) {
        do {
            let statement = try cachedStatement(sql: sql).sqliteStatement
            defer { sqlite3_reset(statement) }
            try bind(arguments, to: statement, sql)
            var code = sqlite3_step(statement)
            while code == SQLITE_ROW { code = sqlite3_step(statement) }
            guard code == SQLITE_DONE else { throw failure(code, sql) }
        } catch {
            throw StoreError(error, at: file)
        }
    }

    /// The number that a statement without parameters gives; nil when it gives no row.
    func integer(_ sql: String) throws(StoreError) -> Int64? {
        do {
            let statement = try cachedStatement(sql: sql).sqliteStatement
            defer { sqlite3_reset(statement) }
            let code = sqlite3_step(statement)
            guard code != SQLITE_DONE else { return nil }
            guard code == SQLITE_ROW else { throw failure(code, sql) }
            return sqlite3_column_int64(statement, 0)
        } catch {
            throw StoreError(error, at: file)
        }
    }

    private func bind(_ arguments: [Argument], to statement: OpaquePointer, _ sql: String) throws {
        guard sqlite3_bind_parameter_count(statement) == Int32(arguments.count) else {
            throw StoreError(.misuse, "\(arguments.count) values for the statement \(sql)")
        }
        for (place, argument) in arguments.enumerated() {
            let code =
                argument?.bind(to: statement, Int32(place + 1)) ?? sqlite3_bind_null(statement, Int32(place + 1))
            guard code == SQLITE_OK else { throw failure(code, sql) }
        }
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }, sql: sql)
    }

    /// The rows of a statement, each read by `decode`.
    func rows<Item>(
        _ sql: String, _ arguments: [Argument] = [], isCached: Bool = true, _ decode: (ResultRow) throws -> Item
    ) throws(StoreError) -> [Item] {
        var items: [Item] = []
        try eachRow(sql, arguments, isCached: isCached) { row in
            items.append(try decode(row))
            return true
        }
        return items
    }

    /// Gives each row of a statement to `body`, until that returns false.
    func eachRow(
        _ sql: String, _ arguments: [Argument] = [], isCached: Bool = true, _ body: (ResultRow) throws -> Bool
    ) throws(StoreError) {
        do {
            let prepared = try isCached ? cachedStatement(sql: sql) : makeStatement(sql: sql)
            // The pointer is good as long as the statement is held.
            try withExtendedLifetime(prepared) {
                let statement = prepared.sqliteStatement
                defer { sqlite3_reset(statement) }
                try bind(arguments, to: statement, sql)
                var code = sqlite3_step(statement)
                while code == SQLITE_ROW {
                    guard try body(ResultRow(statement: statement)) else { return }
                    code = sqlite3_step(statement)
                }
                guard code == SQLITE_DONE else { throw failure(code, sql) }
            }
        } catch {
            throw StoreError(error, at: file)
        }
    }

    /// The first row of a statement, read by `decode`.
    func row<Item>(
        _ sql: String, _ arguments: [Argument] = [], _ decode: (ResultRow) throws -> Item
    ) throws(StoreError) -> Item? {
        var item: Item?
        try eachRow(sql, arguments) { row in
            item = try decode(row)
            return false
        }
        return item
    }
}

/// What the store's statements are given: bound without a box in between.
protocol StatementArgument {
    /// Binds the value to the parameter `place`, from 1; returns SQLite's code.
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32
}

/// Tells SQLite to copy what is bound (`SQLITE_TRANSIENT`).
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension String: StatementArgument {
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { letters in
                // An empty text may have no address, and would be bound as null.
                guard let first = letters.baseAddress else { return sqlite3_bind_text(statement, place, "", 0, copied) }
                return sqlite3_bind_text(statement, place, first, Int32(letters.count), copied)
            }
        }
    }
}

extension Int64: StatementArgument {
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 { sqlite3_bind_int64(statement, place, self) }
}

extension Int: StatementArgument {
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension Bool: StatementArgument {
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self ? 1 : 0)
    }
}

/// A text of JSON as it was written, which is bound as a text without being made one first.
struct JSONText: StatementArgument {
    var bytes: [UInt8]

    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            sqlite3_bind_text(
                statement, place, bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count), copied)
        }
    }
}

extension [UInt8]: StatementArgument {
    func bind(to statement: OpaquePointer, _ place: Int32) -> Int32 {
        withUnsafeBytes { sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied) }
    }
}

extension Timestamp {
    /// RFC 3339 with nine fraction digits always: texts of equal length sort as the instants do.
    var sortable: String { sortableRFC3339 }
}

extension ValueMap {
    /// The map as JSON that keeps every kind.
    var json: JSONText { JSONText(bytes: TypedJSON.data(.map(self))) }
}

extension EventDraft {
    /// The draft as JSON that keeps every kind.
    var json: String {
        TypedJSON.text([
            "type": .string(type), "subject": subject.map(Value.string) ?? .null, "data": .map(data),
            "key": key.map(Value.string) ?? .null,
        ])
    }

    /// Reads what ``json`` gives.
    init(stored value: Value) throws(StoreError) {
        guard let type = value["type"]?.string, let data = value["data"]?.map else {
            throw StoreError.unreadable("an event of a timer")
        }
        self.init(type: type, subject: value["subject"]?.string, data: data, key: value["key"]?.string)
    }
}
