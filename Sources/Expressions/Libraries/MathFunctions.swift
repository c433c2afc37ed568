import WorkflowModel

/// The math extension (cel-go, ext/math).
enum MathFunctions {
    static let all: [FunctionLibrary.Function] = [
        .global("math.greatest", 1...Int.max) { (values, frame) throws(EvalFailure) in
            try extreme(values, "math.greatest", .after)
        },
        .global("math.least", 1...Int.max) { (values, frame) throws(EvalFailure) in
            try extreme(values, "math.least", .before)
        },
        .global("math.ceil") { (value, frame) throws(EvalFailure) in try rounded(value, "math.ceil", .up) },
        .global("math.floor") { (value, frame) throws(EvalFailure) in try rounded(value, "math.floor", .down) },
        .global("math.round") { (value, frame) throws(EvalFailure) in
            try rounded(value, "math.round", .toNearestOrAwayFromZero)
        },
        .global("math.trunc") { (value, frame) throws(EvalFailure) in try rounded(value, "math.trunc", .towardZero) },
        .global("math.abs", abs), .global("math.sign", sign), .global("math.sqrt", squareRoot),
        .global("math.isNaN") { (value, frame) throws(EvalFailure) in
            .bool(try double(value, "math.isNaN").isNaN)
        },
        .global("math.isInf") { (value, frame) throws(EvalFailure) in
            .bool(try double(value, "math.isInf").isInfinite)
        },
        .global("math.isFinite") { (value, frame) throws(EvalFailure) in
            .bool(try double(value, "math.isFinite").isFinite)
        },
        .global("math.bitAnd") { (a, b, frame) throws(EvalFailure) in
            try bits(a, b, "math.bitAnd", { $0 & $1 }, { $0 & $1 })
        },
        .global("math.bitOr") { (a, b, frame) throws(EvalFailure) in
            try bits(a, b, "math.bitOr", { $0 | $1 }, { $0 | $1 })
        },
        .global("math.bitXor") { (a, b, frame) throws(EvalFailure) in
            try bits(a, b, "math.bitXor", { $0 ^ $1 }, { $0 ^ $1 })
        },
        .global("math.bitNot", bitNot),
        .global("math.bitShiftLeft") { (value, places, frame) throws(EvalFailure) in
            try shifted(value, places, "math.bitShiftLeft") { $0 << $1 }
        },
        .global("math.bitShiftRight") { (value, places, frame) throws(EvalFailure) in
            try shifted(value, places, "math.bitShiftRight") { $0 >> $1 }
        },
    ]

    private static func double(_ value: Value, _ name: String) throws(EvalFailure) -> Double {
        guard case .double(let number) = value else { throw StandardFunctions.mismatch(name, value) }
        return number
    }

    private static func extreme(
        _ values: [Value], _ name: String, _ wanted: Comparing.Order
    ) throws(EvalFailure) -> Value {
        var items = values
        if values.count == 1, case .list(let list) = values[0] { items = list }
        guard var best = items.first else { throw EvalFailure(.invalidArgument, "`\(name)` needs at least one number") }
        for item in items {
            guard item.number != nil else { throw StandardFunctions.mismatch(name, item) }
            if try Comparing.order(item, best) == wanted { best = item }
        }
        return best
    }

    private static func rounded(
        _ value: Value, _ name: String, _ rule: FloatingPointRoundingRule
    ) throws(EvalFailure) -> Value {
        .double(try double(value, name).rounded(rule))
    }

    static func abs(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .double(let number): return .double(number.magnitude)
        case .uint: return value
        case .int(let number):
            guard let positive = Int64(exactly: number.magnitude) else {
                throw EvalFailure(.overflow, "the result is too large for a whole number")
            }
            return .int(positive)
        default: throw StandardFunctions.mismatch("math.abs", value)
        }
    }

    static func sign(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .double(let number): return .double(number.isNaN ? number : number > 0 ? 1 : number < 0 ? -1 : 0)
        case .uint(let number): return .uint(number > 0 ? 1 : 0)
        case .int(let number): return .int(number.signum())
        default: throw StandardFunctions.mismatch("math.sign", value)
        }
    }

    static func squareRoot(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard let number = value.number else { throw StandardFunctions.mismatch("math.sqrt", value) }
        return .double(number.squareRoot())
    }

    private static func bits(
        _ a: Value, _ b: Value, _ name: String, _ ints: (Int64, Int64) -> Int64, _ uints: (UInt64, UInt64) -> UInt64
    ) throws(EvalFailure) -> Value {
        switch (a, b) {
        case (.int(let a), .int(let b)): return .int(ints(a, b))
        case (.uint(let a), .uint(let b)): return .uint(uints(a, b))
        case (.int, _), (.uint, _): throw StandardFunctions.mismatch(name, b)
        default: throw StandardFunctions.mismatch(name, a)
        }
    }

    static func bitNot(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .int(let number): return .int(~number)
        case .uint(let number): return .uint(~number)
        default: throw StandardFunctions.mismatch("math.bitNot", value)
        }
    }

    /// Shifts the bits; a whole number with a sign is shifted as if it had none.
    private static func shifted(
        _ value: Value, _ places: Value, _ name: String, _ shift: (UInt64, Int64) -> UInt64
    ) throws(EvalFailure) -> Value {
        guard case .int(let count) = places else { throw StandardFunctions.mismatch(name, places) }
        guard count >= 0 else { throw EvalFailure(.invalidArgument, "`\(name)` shifts by 0 or more places") }
        let count64 = min(count, 64)
        switch value {
        case .int(let number): return .int(Int64(bitPattern: shift(UInt64(bitPattern: number), count64)))
        case .uint(let number): return .uint(shift(number, count64))
        default: throw StandardFunctions.mismatch(name, value)
        }
    }
}
