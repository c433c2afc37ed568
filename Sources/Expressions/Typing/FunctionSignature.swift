/// What a function takes and gives, in one of its forms.
struct FunctionSignature: Sendable {
    let name: String
    /// Called as `x.name(…)`; the target is the first parameter.
    let isMethod: Bool
    let parameters: [ExpressionType]
    /// The last parameter may come any number of times.
    let repeatsLast: Bool
    let result: ExpressionType

    func accepts(count: Int) -> Bool { repeatsLast ? count >= parameters.count : count == parameters.count }

    func parameter(_ index: Int) -> ExpressionType { parameters[min(index, parameters.count - 1)] }
}

/// The signatures of all functions of the libraries: what the type checker knows of them.
enum FunctionSignatures {
    /// By name.
    static let table: [String: [FunctionSignature]] = {
        var table = SignatureTable()
        table.addOperators()
        table.addConversions()
        table.addTexts()
        table.addLists()
        table.addTimes()
        table.addNumbers()
        table.addOptionals()
        table.addNetworks()
        table.addWords()
        return table.signatures
    }()
}

/// Collects signatures. The operators that are no functions, the macros, `missing` and `default` have rules of their own in
/// ``TypeChecker``.
private struct SignatureTable {
    var signatures: [String: [FunctionSignature]] = [:]
    private let a = ExpressionType.parameter(0)
    private let b = ExpressionType.parameter(1)
    private let integers: [ExpressionType] = [.int, .uint]
    private let numbers: [ExpressionType] = [.int, .uint, .double]

    private mutating func add(_ name: String, _ parameters: [ExpressionType], _ result: ExpressionType) {
        add(name, isMethod: false, parameters, repeatsLast: false, result)
    }

    private mutating func method(_ name: String, _ parameters: [ExpressionType], _ result: ExpressionType) {
        add(name, isMethod: true, parameters, repeatsLast: false, result)
    }

    private mutating func add(
        _ name: String, isMethod: Bool, _ parameters: [ExpressionType], repeatsLast: Bool, _ result: ExpressionType
    ) {
        signatures[name, default: []].append(
            FunctionSignature(
                name: name, isMethod: isMethod, parameters: parameters, repeatsLast: repeatsLast, result: result))
    }

    mutating func addOperators() {
        for name in [Operator.add, Operator.subtract, Operator.multiply, Operator.divide] {
            for number in numbers { add(name, [number, number], number) }
        }
        for number in integers { add(Operator.modulo, [number, number], number) }
        add(Operator.negate, [.int], .int)
        add(Operator.negate, [.double], .double)
        add(Operator.add, [.string, .string], .string)
        add(Operator.add, [.secret, .string], .secret)
        add(Operator.add, [.string, .secret], .secret)
        add(Operator.add, [.secret, .secret], .secret)
        add(Operator.add, [.bytes, .bytes], .bytes)
        add(Operator.add, [.list(a), .list(a)], .list(a))
        add(Operator.add, [.timestamp, .duration], .timestamp)
        add(Operator.add, [.duration, .timestamp], .timestamp)
        add(Operator.add, [.duration, .duration], .duration)
        add(Operator.subtract, [.timestamp, .timestamp], .duration)
        add(Operator.subtract, [.timestamp, .duration], .timestamp)
        add(Operator.subtract, [.duration, .duration], .duration)
    }

    mutating func addConversions() {
        for type in [ExpressionType.string, .bytes, .list(a), .map(a, b)] {
            add("size", [type], .int)
            method("size", [type], .int)
        }
        for type in numbers + [.string, .timestamp] { add("int", [type], .int) }
        for type in numbers + [.string] { add("uint", [type], .uint) }
        for type in numbers + [.string] { add("double", [type], .double) }
        let plain: [ExpressionType] = [.string, .bool, .bytes, .timestamp, .duration, .ipAddress, .network]
        for type in numbers + plain { add("string", [type], .string) }
        for type in [ExpressionType.bytes, .string] { add("bytes", [type], .bytes) }
        for type in [ExpressionType.bool, .string] { add("bool", [type], .bool) }
        for type in [ExpressionType.timestamp, .string, .int] { add("timestamp", [type], .timestamp) }
        for type in [ExpressionType.duration, .string, .int] { add("duration", [type], .duration) }
        add("type", [a], .type(a))
        add("dyn", [.dyn], .dyn)
        add("base64.encode", [.bytes], .string)
        add("base64.decode", [.string], .bytes)
    }

    mutating func addTexts() {
        for name in ["startsWith", "endsWith", "contains", "matches"] { method(name, [.string, .string], .bool) }
        for name in ["indexOf", "lastIndexOf"] {
            method(name, [.string, .string], .int)
            method(name, [.string, .string, .int], .int)
        }
        for name in ["trim", "upperAscii", "lowerAscii", "reverse"] { method(name, [.string], .string) }
        add("matches", [.string, .string], .bool)
        add("strings.quote", [.string], .string)
        method("charAt", [.string, .int], .string)
        method("join", [.list(.string)], .string)
        method("join", [.list(.string), .string], .string)
        method("replace", [.string, .string, .string], .string)
        method("replace", [.string, .string, .string, .int], .string)
        method("split", [.string, .string], .list(.string))
        method("split", [.string, .string, .int], .list(.string))
        method("substring", [.string, .int], .string)
        method("substring", [.string, .int, .int], .string)
        method("format", [.string, .list(.dyn)], .string)
    }

    mutating func addLists() {
        for name in ["reverse", "distinct", "sort"] { method(name, [.list(a)], .list(a)) }
        for name in ["first", "last"] { method(name, [.list(a)], .optional(a)) }
        method("slice", [.list(a), .int, .int], .list(a))
        method("flatten", [.list(a)], .openList)
        method("flatten", [.list(a), .int], .openList)
        add("lists.range", [.int], .list(.int))
    }

    mutating func addTimes() {
        for part in TimeFunctions.Part.allCases {
            method(part.rawValue, [.timestamp], .int)
            method(part.rawValue, [.timestamp, .string], .int)
            switch part {
            case .getHours, .getMinutes, .getSeconds, .getMilliseconds: method(part.rawValue, [.duration], .int)
            default: break
            }
        }
    }

    mutating func addNumbers() {
        for name in ["math.greatest", "math.least"] {
            for number in numbers + [.anyNumber] {
                add(name, isMethod: false, [number], repeatsLast: true, number)
                add(name, [.list(number)], number)
            }
        }
        for name in ["math.ceil", "math.floor", "math.round", "math.trunc"] { add(name, [.double], .double) }
        for name in ["math.isNaN", "math.isInf", "math.isFinite"] { add(name, [.double], .bool) }
        for name in ["math.abs", "math.sign"] {
            for number in numbers { add(name, [number], number) }
        }
        add("math.sqrt", [.anyNumber], .double)
        for number in integers {
            for name in ["math.bitAnd", "math.bitOr", "math.bitXor"] { add(name, [number, number], number) }
            for name in ["math.bitShiftLeft", "math.bitShiftRight"] { add(name, [number, .int], number) }
            add("math.bitNot", [number], number)
        }
    }

    mutating func addOptionals() {
        add("optional.of", [a], .optional(a))
        add("optional.none", [], .optional(a))
        add("optional.ofNonZeroValue", [a], .optional(a))
        add("optional.unwrap", [.list(.optional(a))], .list(a))
        method("unwrapOpt", [.list(.optional(a))], .list(a))
        method("hasValue", [.optional(a)], .bool)
        method("value", [.optional(a)], a)
        method("or", [.optional(a), .optional(a)], .optional(a))
        method("orValue", [.optional(a), a], a)
    }

    mutating func addNetworks() {
        for type in [ExpressionType.string, .ipAddress] { add("ip", [type], .ipAddress) }
        for type in [ExpressionType.string, .network] { add("cidr", [type], .network) }
        for name in ["isIP", "isCIDR", "ip.isCanonical"] { add(name, [.string], .bool) }
        let tests = ["isUnspecified", "isLoopback", "isGlobalUnicast", "isLinkLocalMulticast", "isLinkLocalUnicast"]
        // A text stands for the address or network that it is.
        for address in [ExpressionType.string, .ipAddress] {
            for name in tests { method(name, [address], .bool) }
            method("family", [address], .int)
        }
        for network in [ExpressionType.string, .network] {
            for type in [ExpressionType.string, .ipAddress] { method("containsIP", [network, type], .bool) }
            for type in [ExpressionType.string, .network] { method("containsCIDR", [network, type], .bool) }
            method("ip", [network], .ipAddress)
            method("masked", [network], .network)
            method("prefixLength", [network], .int)
        }
    }

    /// The words for people that are functions.
    mutating func addWords() {
        for subject in [ExpressionType.string, .list(.dyn), .map(.dyn, .dyn)] {
            for words in [ExpressionType.string, .list(.string)] {
                add("mentions", [.nullable(subject), words], .bool)
            }
        }
        add("open_now", [.string], .bool)
        add("ago", [.duration], .timestamp)
        add("ago", [.string], .timestamp)
    }
}
