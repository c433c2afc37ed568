import WorkflowModel

/// `+ - * / %` and the unary minus, with errors where a result would leave its range (langdef.md, "Overflow").
enum Arithmetic {
    static func add(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try checked(a.addingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)): return .uint(try checked(a.addingReportingOverflow(b)))
        case (.double(let a), .double(let b)): return .double(a + b)
        case (.string(let a), .string(let b)):
            try frame.spend(textOf: a.utf8.count + b.utf8.count)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try frame.spend(textOf: a.count + b.count)
            return .bytes(a + b)
        case (.list(let a), .list(let b)):
            try frame.spend(listOf: a.count + b.count)
            return .list(a + b)
        case (.timestamp(let instant), .duration(let duration)), (.duration(let duration), .timestamp(let instant)):
            guard let sum = instant.adding(duration) else { throw Times.outOfRange }
            return .timestamp(sum)
        case (.duration(let a), .duration(let b)): return .duration(try Times.checked(a + b))
        case (.secret(var secret), .string(let text)):
            secret.append(.plain(text))
            return .secret(secret)
        case (.string(let text), .secret(let secret)):
            var joined = SecretText([.plain(text)])
            joined.append(secret)
            return .secret(joined)
        case (.secret(var a), .secret(let b)):
            a.append(b)
            return .secret(a)
        default: throw mismatch("+", left, right)
        }
    }

    static func subtract(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try checked(a.subtractingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)): return .uint(try checked(a.subtractingReportingOverflow(b)))
        case (.double(let a), .double(let b)): return .double(a - b)
        case (.timestamp(let a), .timestamp(let b)): return .duration(try Times.checked(a - b))
        case (.timestamp(let instant), .duration(let duration)):
            guard let difference = instant.adding(.zero - duration) else { throw Times.outOfRange }
            return .timestamp(difference)
        case (.duration(let a), .duration(let b)): return .duration(try Times.checked(a - b))
        default: throw mismatch("-", left, right)
        }
    }

    static func multiply(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try checked(a.multipliedReportingOverflow(by: b)))
        case (.uint(let a), .uint(let b)): return .uint(try checked(a.multipliedReportingOverflow(by: b)))
        case (.double(let a), .double(let b)): return .double(a * b)
        default: throw mismatch("*", left, right)
        }
    }

    static func divide(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw EvalFailure(.divisionByZero, "this divides by zero")
        case (.int(let a), .int(let b)): return .int(try checked(a.dividedReportingOverflow(by: b)))
        case (.uint(let a), .uint(let b)): return .uint(a / b)
        case (.double(let a), .double(let b)): return .double(a / b)
        default: throw mismatch("/", left, right)
        }
    }

    static func modulo(_ left: Value, _ right: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw EvalFailure(.divisionByZero, "this divides by zero")
        case (.int(let a), .int(let b)): return .int(try checked(a.remainderReportingOverflow(dividingBy: b)))
        case (.uint(let a), .uint(let b)): return .uint(a % b)
        default: throw mismatch("%", left, right)
        }
    }

    static func negate(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .int(let number): return .int(try checked((0 as Int64).subtractingReportingOverflow(number)))
        case .double(let number): return .double(-number)
        default: throw EvalFailure(.noSuchOverload, "a \(value.kindForPeople) has no negative")
        }
    }

    private static func checked<T: FixedWidthInteger>(
        _ result: (partialValue: T, overflow: Bool)
    ) throws(EvalFailure) -> T {
        guard !result.overflow else { throw EvalFailure(.overflow, "the result is too large for a whole number") }
        return result.partialValue
    }

    private static func mismatch(_ mark: String, _ left: Value, _ right: Value) -> EvalFailure {
        if case .secret = left { return Secrecy.failure }
        if case .secret = right { return Secrecy.failure }
        var text = "`\(mark)` does not work on \(Describing.kind(left)) and \(Describing.kind(right))"
        if mark == "+" {
            if case .string = left { text += "; string(…) makes a text of a value" }
            if case .string = right { text += "; string(…) makes a text of a value" }
        }
        if case .int = left, case .double = right { text += "; double(…) converts" }
        if case .double = left, case .int = right { text += "; write \(mark) with 2.0 instead of 2, or double(…)" }
        return EvalFailure(.noSuchOverload, text)
    }
}
