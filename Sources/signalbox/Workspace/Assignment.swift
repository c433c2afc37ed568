import WorkflowModel

/// `ticket.priority=P1`: another value at a path. The value is JSON where it is JSON (`3`, `true`, `["a"]`), else a text.
struct Assignment {
    let path: [String]
    let value: Value

    /// Reads `PATH=VALUE`.
    ///
    /// - Throws: ``CommandFailure`` when there is no `=` or no path.
    init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw CommandFailure(
                .usage, "\"\(text)\" is no PATH=VALUE", help: "write for instance --set ticket.priority=P1")
        }
        path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map { $0.trimmingBlanks }
        guard !path.isEmpty, path.allSatisfy({ !$0.isEmpty }) else {
            throw CommandFailure(
                .usage, "\"\(text)\" has no path before the =", help: "write for instance --set ticket.priority=P1")
        }
        let written = String(text[text.index(after: equals)...])
        value = (try? JSON.parse(written)) ?? .string(written)
    }

    /// `map` with the value at the path; maps on the way are made.
    func applied(to map: ValueMap) throws -> ValueMap {
        try Assignment.set(map, path[...], value, whole: path)
    }

    private static func set(_ map: ValueMap, _ path: ArraySlice<String>, _ value: Value, whole: [String]) throws
        -> ValueMap
    {
        guard let key = path.first else { return map }
        var map = map
        if path.count == 1 {
            map[key] = value
            return map
        }
        switch map[key] {
        case .map(let inner)?: map[key] = .map(try set(inner, path.dropFirst(), value, whole: whole))
        case nil, .null?: map[key] = .map(try set(ValueMap(), path.dropFirst(), value, whole: whole))
        case let other?:
            throw CommandFailure(
                .usage,
                "\(whole.joined(separator: ".")) cannot be set: \(whole.prefix(whole.count - path.count + 1).joined(separator: ".")) is \(other.kindForPeople)"
            )
        }
        return map
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
