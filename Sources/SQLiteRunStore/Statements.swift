import GRDB
import RunStore
import WorkflowModel

extension Database {
    typealias Argument = (any DatabaseValueConvertible)?

    /// The file, for messages; nil when not even that can be asked.
    private var file: String? {
        do {
            return try String.fetchOne(self, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
        } catch {
            return nil
        }
    }

    /// Runs a statement that gives no rows.
    func change(_ sql: String, _ arguments: [Argument] = []) throws(StoreError) {
        do {
            try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        } catch {
            throw StoreError(error, at: file)
        }
    }

    /// The rows of a statement, each read by `decode`.
    func rows<Item>(
        _ sql: String, _ arguments: [Argument] = [], isCached: Bool = true, _ decode: (Row) throws -> Item
    ) throws(StoreError) -> [Item] {
        do {
            let statement = try isCached ? cachedStatement(sql: sql) : makeStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            var items: [Item] = []
            while let row = try cursor.next() { items.append(try decode(row)) }
            return items
        } catch {
            throw StoreError(error, at: file)
        }
    }

    /// The first row of a statement, read by `decode`.
    func row<Item>(
        _ sql: String, _ arguments: [Argument] = [], _ decode: (Row) throws -> Item
    ) throws(StoreError) -> Item? {
        try rows(sql, arguments, decode).first
    }
}

extension Timestamp {
    /// RFC 3339 with nine fraction digits always: texts of equal length sort as the instants do.
    var sortable: String {
        var text = rfc3339
        text.removeLast()
        let length = text.utf8.count
        if length == 19 { text += "." }
        text += String(repeating: "0", count: 9 - max(0, length - 20))
        return text + "Z"
    }
}

extension Row {
    /// The instant of a column.
    func timestamp(_ column: Int) throws(StoreError) -> Timestamp {
        let text: String = self[column]
        guard let instant = Timestamp(rfc3339: text) else { throw StoreError.unreadable("the time \"\(text)\"") }
        return instant
    }

    /// The instant of a column that may be empty.
    func optionalTimestamp(_ column: Int) throws(StoreError) -> Timestamp? {
        hasNull(atIndex: column) ? nil : try timestamp(column)
    }

    /// The value of a column.
    func value(_ column: Int) throws(StoreError) -> WorkflowModel.Value {
        do {
            return try TypedJSON.parse(self[column] as String)
        } catch {
            throw StoreError.unreadable("a value (\(error))")
        }
    }

    /// The value of a column that may be empty.
    func optionalValue(_ column: Int) throws(StoreError) -> WorkflowModel.Value? {
        // A bare `nil` here would be the value null.
        if hasNull(atIndex: column) { return .none }
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

extension ValueMap {
    /// The map as JSON that keeps every kind.
    var json: String { isEmpty ? "{}" : TypedJSON.text(.map(self)) }
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
