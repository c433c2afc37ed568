import WorkflowModel

/// The lists extension (cel-go, ext/lists); `reverse` stands with the texts.
enum ListFunctions {
    static let all: [FunctionLibrary.Function] = [
        .method("slice", 3...3, slice), .method("flatten", 1...2, flatten), .global("lists.range", range),
        .method("distinct", distinct), .method("sort", sort),
        .method("first") { (value, frame) throws(EvalFailure) in
            .optional(try list(value, "first").first.map { [$0] } ?? [])
        },
        .method("last") { (value, frame) throws(EvalFailure) in
            .optional(try list(value, "last").last.map { [$0] } ?? [])
        },
    ]

    private static func list(_ value: Value, _ name: String) throws(EvalFailure) -> [Value] {
        guard case .list(let items) = value else { throw StandardFunctions.mismatch(name, value) }
        return items
    }

    static func slice(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let items = try list(values[0], "slice")
        guard case .int(let start) = values[1], case .int(let end) = values[2] else {
            throw EvalFailure(.noSuchOverload, "`slice` needs two whole numbers: the start, and the end after the last")
        }
        guard start >= 0, start <= end, end <= Int64(items.count) else {
            throw EvalFailure(.outOfRange, "slice cannot go from \(start) to \(end) in a list of \(items.count)")
        }
        try frame.spend(Int(end - start))
        return .list(Array(items[Int(start)..<Int(end)]))
    }

    static func flatten(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        var items = try list(values[0], "flatten")
        var depth: Int64 = 1
        if values.count > 1 {
            guard case .int(let given) = values[1], given >= 0 else {
                throw EvalFailure(.invalidArgument, "`flatten` needs a depth of 0 or more")
            }
            depth = given
        }
        while depth > 0 {
            depth -= 1
            var flat: [Value] = []
            var changed = false
            for item in items {
                if case .list(let inner) = item {
                    changed = true
                    flat += inner
                } else {
                    flat.append(item)
                }
                if flat.count > Limits.listCount { try frame.spend(listOf: flat.count) }
            }
            try frame.spend(listOf: flat.count)
            items = flat
            if !changed { break }
        }
        return .list(items)
    }

    static func range(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .int(let count) = value else { throw StandardFunctions.mismatch("lists.range", value) }
        let length = Int(max(0, count))
        try frame.spend(listOf: length)
        return .list((0..<length).map { .int(Int64($0)) })
    }

    static func distinct(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        let items = try list(value, "distinct")
        try frame.spend(items.count)
        var seen: Set<Value> = []
        var others: [Value] = []
        var result: [Value] = []
        for item in items {
            if case .string = item {
                if seen.insert(item).inserted { result.append(item) }
                continue
            }
            try frame.spend(others.count)
            var isKnown = false
            for other in others where try Comparing.equal(item, other, &frame) {
                isKnown = true
                break
            }
            if !isKnown {
                others.append(item)
                result.append(item)
            }
        }
        return .list(result)
    }

    static func sort(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        let items = try list(value, "sort")
        return .list(try sorted(items.map { ($0, $0) }, &frame))
    }

    /// The items in the order of their keys, equal keys in the order in which they came.
    static func sorted(_ keyed: [(key: Value, item: Value)], _ frame: inout Frame) throws(EvalFailure) -> [Value] {
        try frame.spend(keyed.count * 8)
        if let first = keyed.first {
            // One comparison of each with the first finds kinds that have no order, before the sort needs it.
            for other in keyed {
                let comparable = TypeNames.of(other.key) == TypeNames.of(first.key)
                guard comparable else {
                    throw EvalFailure(
                        .noSuchOverload,
                        "a list with a \(first.key.kindForPeople) and a \(other.key.kindForPeople) cannot be sorted")
                }
                _ = try Comparing.order(first.key, other.key)
            }
        }
        var failure: EvalFailure?
        let order = keyed.indices.sorted { left, right in
            do throws(EvalFailure) {
                switch try Comparing.order(keyed[left].key, keyed[right].key) {
                case .before: return true
                case .after: return false
                default: return left < right
                }
            } catch {
                failure = error
                return left < right
            }
        }
        if let failure { throw failure }
        return order.map { keyed[$0].item }
    }
}
