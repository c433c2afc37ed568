import WorkflowModel

/// CEL's equality and order, across the kinds of numbers (langdef.md, "Equality" and "Ordering").
enum Comparing {
    @inline(__always)
    static func equal(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a.sameCodePoints(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        default: try unlike(left, right, &frame)
        }
    }

    private static func unlike(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Bool {
        switch (left, right) {
        case (.double(let a), .double(let b)): return a == b
        case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)):
            guard a.count == b.count else { return false }
            // Charged, because lists may share their elements and be far larger than what was computed for them.
            try frame.spend(a.count)
            for index in a.indices where !(try equal(a[index], b[index], &frame)) { return false }
            return true
        case (.map(let a), .map(let b)):
            guard a.count == b.count else { return false }
            try frame.spend(a.count)
            for entry in a.entries {
                guard let other = b[entry.key], try equal(entry.value, other, &frame) else { return false }
            }
            return true
        case (.secret, _), (_, .secret): throw Secrecy.failure
        case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint):
            return numericOrder(left, right) == .same
        default: return left == right
        }
    }

    enum Order {
        case before, same, after
        /// One of the two is not a number.
        case none
    }

    /// The order of two values; throws when their kinds have none.
    static func order(_ left: Value, _ right: Value) throws(EvalFailure) -> Order {
        switch (left, right) {
        case (.int(let a), .int(let b)): return of(a, b)
        case (.string(let a), .string(let b)): return texts(a, b)
        case (.timestamp(let a), .timestamp(let b)): return of(a, b)
        case (.duration(let a), .duration(let b)): return of(a, b)
        case (.bool(let a), .bool(let b)): return of(a ? 1 : 0, b ? 1 : 0)
        case (.bytes(let a), .bytes(let b)):
            return a.lexicographicallyPrecedes(b) ? .before : (a == b ? .same : .after)
        case (.int, .double), (.int, .uint), (.uint, .int), (.uint, .uint), (.uint, .double), (.double, .int),
            (.double, .uint), (.double, .double):
            return numericOrder(left, right)
        case (.secret, _), (_, .secret): throw Secrecy.failure
        default:
            throw EvalFailure(
                .noSuchOverload,
                "\(Describing.kind(left)) and \(Describing.kind(right)) cannot be compared by <, <=, > or >="
                    + (left.isNull || right.isNull ? "; default(…) gives a value in place of null" : ""))
        }
    }

    private static func of<T: Comparable>(_ a: T, _ b: T) -> Order { a < b ? .before : (a == b ? .same : .after) }

    /// By code points, which UTF-8 keeps.
    static func texts(_ a: String, _ b: String) -> Order {
        if a.utf8.lexicographicallyPrecedes(b.utf8) { return .before }
        return a.sameCodePoints(as: b) ? .same : .after
    }

    private static func numericOrder(_ left: Value, _ right: Value) -> Order {
        switch (left, right) {
        case (.uint(let a), .uint(let b)): of(a, b)
        case (.double(let a), .double(let b)): a.isNaN || b.isNaN ? .none : of(a, b)
        case (.int(let a), .uint(let b)): a < 0 ? .before : of(UInt64(a), b)
        case (.uint(let a), .int(let b)): b < 0 ? .after : of(a, UInt64(b))
        // A whole number meets a double as the nearest double, as in Google's implementations and the conformance data.
        case (.int(let a), .double(let b)): b.isNaN ? .none : of(Double(a), b)
        case (.uint(let a), .double(let b)): b.isNaN ? .none : of(Double(a), b)
        case (.double, .int), (.double, .uint): reversed(numericOrder(right, left))
        default: .none
        }
    }

    private static func reversed(_ order: Order) -> Order {
        switch order {
        case .before: .after
        case .after: .before
        default: order
        }
    }
}

/// What may not be done with a text that holds a secret.
enum Secrecy {
    static var failure: EvalFailure {
        EvalFailure(.secret, "a secret can't be looked into: it can only be passed on, or joined to a text with +")
    }
}
