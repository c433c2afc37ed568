import WorkflowModel

/// The size of a value with everything in it: one for each value, and one for every 16 bytes of text.
///
/// Lists may hold the same list many times, so that a value can be far larger than the work it took to make it. Whatever walks
/// over a whole value asks here first.
enum Sizes {
    /// True when `value` is not larger than `limit`; stops as soon as it is.
    static func fits(_ value: Value, _ limit: Int = Limits.valueSize) -> Bool {
        var left = limit
        take(value, &left)
        return left >= 0
    }

    private static func take(_ value: Value, _ left: inout Int) {
        left -= 1
        guard left >= 0 else { return }
        switch value {
        case .string(let text): left -= text.utf8.count >> 4
        case .bytes(let bytes): left -= bytes.count >> 4
        case .list(let items), .optional(let items):
            for item in items where left >= 0 { take(item, &left) }
        case .map(let map):
            for entry in map.entries where left >= 0 {
                left -= 1
                take(entry.value, &left)
            }
        default: break
        }
    }

    /// `value`, or a failure when it is too large to leave the expression.
    @inline(__always)
    static func checked(_ value: Value) throws(EvalFailure) -> Value {
        switch value {
        case .list, .map, .optional:
            guard fits(value) else { throw tooLarge }
            return value
        default: return value
        }
    }

    static var tooLarge: EvalFailure {
        EvalFailure(.costExceeded, "the value is too large: more than \(Limits.valueSize) elements")
    }
}
