import GRDBSQLite
import RunStore
import WorkflowModel

/// The current row of a statement, read where SQLite has it. It is good until the statement is stepped again.
struct ResultRow {
    let statement: OpaquePointer

    /// The value of a column, from 0, as SQLite converts it; null is nothing only for an optional.
    subscript<Column: ResultColumn>(_ column: Int) -> Column { Column(statement, Int32(column)) }

    /// Whether a column is null.
    func hasNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }

    /// Calls `body` with the bytes of a text.
    func withText<Output, Problem: Error>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Problem) -> Output
    ) throws(Problem) -> Output {
        // The address first: asking for it may convert the value, and change its size.
        let start = sqlite3_column_text(statement, Int32(column))
        return try body(
            UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, Int32(column)))))
    }
}

/// What a column is read as.
protocol ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32)
}

extension String: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) {
        self = ResultRow(statement: statement).withText(Int(column)) { String(decoding: $0, as: UTF8.self) }
    }
}

extension Int64: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) { self = sqlite3_column_int64(statement, column) }
}

extension Int: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) { self = Int(sqlite3_column_int64(statement, column)) }
}

extension Bool: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) { self = sqlite3_column_int64(statement, column) != 0 }
}

extension Double: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) { self = sqlite3_column_double(statement, column) }
}

extension Optional: ResultColumn where Wrapped: ResultColumn {
    init(_ statement: OpaquePointer, _ column: Int32) {
        self = sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : Wrapped(statement, column)
    }
}

extension ResultRow {
    /// The instant of a column.
    func timestamp(_ column: Int) throws(StoreError) -> Timestamp {
        guard let instant = withText(column, { Timestamp(rfc3339: $0) }) else {
            throw StoreError.unreadable("the time \"\(self[column] as String)\"")
        }
        return instant
    }

    /// The instant of a column that may be empty.
    func optionalTimestamp(_ column: Int) throws(StoreError) -> Timestamp? {
        hasNull(column) ? nil : try timestamp(column)
    }

    /// The value of a column.
    func value(_ column: Int) throws(StoreError) -> WorkflowModel.Value {
        do {
            return try withText(column) { (text) throws(JSONError) in try TypedJSON.parse(text) }
        } catch {
            throw StoreError.unreadable("a value (\(error))")
        }
    }

    /// The value of a column that may be empty.
    func optionalValue(_ column: Int) throws(StoreError) -> WorkflowModel.Value? {
        // A bare `nil` here would be the value null.
        if hasNull(column) { return .none }
        return try value(column)
    }

    /// The map of a column.
    func map(_ column: Int) throws(StoreError) -> ValueMap {
        guard let map = try value(column).map else { throw StoreError.unreadable("a map") }
        return map
    }

    /// The case of an enumeration in a column.
    func choice<Choice: RawRepresentable<String>>(_ column: Int) throws(StoreError) -> Choice {
        let text: String = self[column]
        guard let choice = Choice(rawValue: text) else { throw StoreError.unreadable("the word \"\(text)\"") }
        return choice
    }
}
