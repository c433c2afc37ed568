import WorkflowModel

/// CEL's standard functions: conversions, sizes, text tests, and the arithmetic operators (langdef.md, "List of Standard
/// Definitions").
enum StandardFunctions {
    static let all: [FunctionLibrary.Function] = [
        .global(Operator.add, Arithmetic.add), .global(Operator.subtract, Arithmetic.subtract),
        .global(Operator.multiply, Arithmetic.multiply), .global(Operator.divide, Arithmetic.divide),
        .global(Operator.modulo, Arithmetic.modulo), .global(Operator.negate, Arithmetic.negate),
        .global("size", size), .method("size", size), .global("type", type), .global("dyn", dyn),
        .global("int", int), .global("uint", uint), .global("double", double), .global("string", string),
        .global("bytes", bytes), .global("bool", bool),
        .method("startsWith", startsWith), .method("endsWith", endsWith), .method("contains", contains),
        .method("matches", matches), .global("matches", matches),
    ]

    static func mismatch(_ name: String, _ value: Value) -> EvalFailure {
        if case .secret = value { return Secrecy.failure }
        if case .null = value {
            return EvalFailure(
                .noSuchOverload, "`\(name)` does not work on null; default(…) gives a value in its place")
        }
        if case .list = value, name == "contains" {
            return EvalFailure(.noSuchOverload, "`contains` looks into texts; for a list write x in list")
        }
        return EvalFailure(.noSuchOverload, "`\(name)` does not work on a \(value.kindForPeople)")
    }

    static func size(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .string(let text):
            try frame.spend(text.utf8.count >> 4)
            return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let items): return .int(Int64(items.count))
        case .map(let map): return .int(Int64(map.count))
        default: throw mismatch("size", value)
        }
    }

    static func type(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        if case .secret = value { throw Secrecy.failure }
        return .type(TypeNames.of(value))
    }

    static func dyn(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value { value }

    static func int(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .int: return value
        case .uint(let number):
            guard let int = Int64(exactly: number) else { throw tooLarge("int") }
            return .int(int)
        case .double(let number):
            // The ends of the range are refused: as doubles they stand for their neighbours too.
            guard number > -0x1p63, number < 0x1p63 else { throw tooLarge("int") }
            return .int(Int64(number))
        case .string(let text):
            guard let int = Int64(text) else { throw unreadable(text, "whole number") }
            return .int(int)
        case .timestamp(let instant): return .int(instant.seconds)
        default: throw mismatch("int", value)
        }
    }

    static func uint(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .uint: return value
        case .int(let number):
            guard let uint = UInt64(exactly: number) else { throw tooLarge("uint") }
            return .uint(uint)
        case .double(let number):
            guard number > -1, number < 0x1p64 else { throw tooLarge("uint") }
            return .uint(UInt64(number))
        case .string(let text):
            guard let uint = UInt64(text) else { throw unreadable(text, "whole number of 0 or more") }
            return .uint(uint)
        default: throw mismatch("uint", value)
        }
    }

    static func double(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            switch text {
            case "NaN": return .double(.nan)
            case "Infinity", "+Infinity", "Inf", "+Inf": return .double(.infinity)
            case "-Infinity", "-Inf": return .double(-.infinity)
            default:
                guard let number = Double(text) else { throw unreadable(text, "number") }
                return .double(number)
            }
        default: throw mismatch("double", value)
        }
    }

    static func string(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .string: return value
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .int, .uint, .double, .timestamp, .duration: return .string(StringFormat.plain(value))
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EvalFailure(.invalidArgument, "the bytes are no UTF-8 text")
            }
            return .string(text)
        default:
            guard let address = NetworkValue(value) else { throw mismatch("string", value) }
            return .string(address.text)
        }
    }

    static func bytes(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .bytes: return value
        case .string(let text): return .bytes(Array(text.utf8))
        default: throw mismatch("bytes", value)
        }
    }

    static func bool(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .bool: return value
        case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"): return .bool(true)
        case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"): return .bool(false)
        case .string(let text): throw unreadable(text, "true or false")
        default: throw mismatch("bool", value)
        }
    }

    private static func tooLarge(_ name: String) -> EvalFailure {
        EvalFailure(.overflow, "the number is outside the range of \(name)")
    }

    private static func unreadable(_ text: String, _ what: String) -> EvalFailure {
        EvalFailure(.invalidArgument, "\(Describing.short(.string(text))) is no \(what)")
    }

    // MARK: Text tests

    static func startsWith(_ value: Value, _ part: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw mismatch("startsWith", value, part)
        }
        return .bool(text.utf8.starts(with: part.utf8))
    }

    static func endsWith(_ value: Value, _ part: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw mismatch("endsWith", value, part)
        }
        return .bool(text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8))
    }

    static func contains(_ value: Value, _ part: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw mismatch("contains", value, part)
        }
        try frame.spend(text.utf8.count >> 4)
        return .bool(Bytes.find(Array(part.utf8), in: Array(text.utf8), from: 0) != nil)
    }

    static func matches(_ value: Value, _ pattern: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let text) = value, case .string(let pattern) = pattern else {
            throw mismatch("matches", value, pattern)
        }
        let compiled: RegularExpression
        do throws(RegularExpression.Problem) { compiled = try .cached(pattern) } catch {
            throw EvalFailure(.invalidArgument, "the regular expression is not understood: \(error.message)")
        }
        // Compiling is the larger part of a pattern that changes with every element.
        try frame.spend(64 + compiled.price(of: text.utf8.count))
        return .bool(compiled.matches(text))
    }

    /// The mismatch of whichever value is the wrong one.
    static func mismatch(_ name: String, _ first: Value, _ second: Value) -> EvalFailure {
        if case .string = first { return mismatch(name, second) }
        return mismatch(name, first)
    }
}
