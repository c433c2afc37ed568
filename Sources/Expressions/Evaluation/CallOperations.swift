import WorkflowModel

/// A call of a function with one argument, its target counted.
final class CallOne: Operation {
    let function: FunctionLibrary.One
    let argument: any Operation
    let range: Range<Int>
    let size: Int

    init(_ function: @escaping FunctionLibrary.One, _ argument: any Operation, _ range: Range<Int>) {
        self.function = function
        self.argument = argument
        self.range = range
        size = argument.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        let value = try argument.evaluate(&frame)
        do throws(EvalFailure) { return try function(value, &frame) } catch {
            if case .secret = value { throw Secrecy.failure.at(range) }
            throw error.at(range)
        }
    }
}

/// A call of a function with two arguments, its target counted.
final class CallTwo: Operation {
    let function: FunctionLibrary.Two
    let first: any Operation
    let second: any Operation
    let range: Range<Int>
    let size: Int

    init(
        _ function: @escaping FunctionLibrary.Two, _ first: any Operation, _ second: any Operation, _ range: Range<Int>
    ) {
        self.function = function
        self.first = first
        self.second = second
        self.range = range
        size = first.size + second.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        let a = try first.evaluate(&frame)
        let b = try second.evaluate(&frame)
        do throws(EvalFailure) { return try function(a, b, &frame) } catch {
            throw Self.secretly(a, b) ? Secrecy.failure.at(range) : error.at(range)
        }
    }

    private static func secretly(_ a: Value, _ b: Value) -> Bool {
        if case .secret = a { return true }
        if case .secret = b { return true }
        return false
    }
}

/// A call of a function with any number of arguments, its target first.
final class CallMany: Operation {
    let function: FunctionLibrary.Many
    let arguments: [any Operation]
    let range: Range<Int>
    let size: Int

    init(_ function: @escaping FunctionLibrary.Many, _ arguments: [any Operation], _ range: Range<Int>) {
        self.function = function
        self.arguments = arguments
        self.range = range
        size = arguments.reduce(1) { $0 + $1.size }
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        var values: [Value] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try argument.evaluate(&frame)) }
        do throws(EvalFailure) { return try function(values, &frame) } catch {
            let secret = values.contains { if case .secret = $0 { true } else { false } }
            throw secret ? Secrecy.failure.at(range) : error.at(range)
        }
    }
}

/// A call that was found wrong when the plan was made, in a library that reports such calls when they are evaluated.
final class WrongCall: Operation {
    let message: String
    let range: Range<Int>
    var size: Int { 1 }

    init(_ message: String, _ range: Range<Int>) {
        self.message = message
        self.range = range
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        throw EvalFailure(.noSuchOverload, message, range)
    }
}

/// `x.startsWith("…")`, `endsWith` and `contains` with a constant text.
final class TextTest: TruthOperation {
    enum Kind: Sendable { case starts, ends, contains }

    let operand: any Operation
    let kind: Kind
    let part: [UInt8]
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ kind: Kind, _ part: String, _ range: Range<Int>) {
        self.operand = operand
        self.kind = kind
        self.part = Array(part.utf8)
        self.range = range
        size = operand.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let value = try operand.evaluate(&frame)
        guard case .string(var text) = value else {
            throw StandardFunctions.mismatch(
                kind == .contains ? "contains" : kind == .starts ? "startsWith" : "endsWith", value
            ).at(range)
        }
        try frame.spend(text.utf8.count >> 4)
        return text.withUTF8 { bytes in
            switch kind {
            case .starts: bytes.starts(with: part)
            case .ends: bytes.count >= part.count && bytes.suffix(part.count).elementsEqual(part)
            case .contains: Bytes.find(part, in: bytes, from: 0) != nil
            }
        }
    }
}

/// `x.matches("…")` with a constant pattern, compiled once.
final class PatternTest: TruthOperation {
    let operand: any Operation
    let pattern: RegularExpression
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ pattern: RegularExpression, _ range: Range<Int>) {
        self.operand = operand
        self.pattern = pattern
        self.range = range
        size = operand.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let value = try operand.evaluate(&frame)
        guard case .string(let text) = value else { throw StandardFunctions.mismatch("matches", value).at(range) }
        do throws(EvalFailure) { try frame.spend(pattern.price(of: text.utf8.count)) } catch { throw error.at(range) }
        return pattern.matches(text)
    }
}
