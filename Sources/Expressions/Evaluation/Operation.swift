import WorkflowModel

/// One node of a planned expression. Only final classes with constant properties conform, so that a plan is shared freely.
protocol Operation: AnyObject, Sendable {
    /// The place in the text.
    var range: Range<Int> { get }
    /// The number of operations below and including this one: the price of one evaluation, without loops.
    var size: Int { get }
    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value
    /// The value as a truth value, without boxing where the operation gives only those.
    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool
}

extension Operation {
    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let value = try evaluate(&frame)
        if case .bool(let flag) = value { return flag }
        if case .secret = value { throw Secrecy.failure.at(range) }
        throw EvalFailure(.noSuchOverload, "this gives \(Describing.kind(value)), where true or false is needed", range)
    }
}

/// An operation that gives only true or false.
protocol TruthOperation: Operation {}

extension TruthOperation {
    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value { .bool(try test(&frame)) }
}

final class Constant: Operation {
    let value: Value
    let range: Range<Int>
    var size: Int { 1 }

    init(_ value: Value, _ range: Range<Int>) {
        self.value = value
        self.range = range
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value { value }
}

/// A name that a macro bound.
final class LocalName: Operation {
    let slot: Int
    let range: Range<Int>
    var size: Int { 1 }

    init(_ slot: Int, _ range: Range<Int>) {
        self.slot = slot
        self.range = range
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value { frame.locals[slot] }
}

/// A name of the scope with its fields: `event.ticket.priority`, in one walk.
final class ScopePath: Operation {
    let name: String
    let fields: [String]
    /// What the path means when the scope does not have it: the name of a type.
    let fallback: Value?
    /// With a container, names of the scope may have dots, and are tried longest first (langdef.md, "Name Resolution").
    let candidates: [(name: String, fields: Int)]
    let range: Range<Int>
    var size: Int { 1 + fields.count }

    init(
        _ name: String, _ fields: [String], fallback: Value?, candidates: [(name: String, fields: Int)],
        _ range: Range<Int>
    ) {
        self.name = name
        self.fields = fields
        self.fallback = fallback
        self.candidates = candidates
        self.range = range
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        for candidate in candidates {
            if let value = frame.scope.value(of: candidate.name) {
                return try walk(value, from: fields.count - candidate.fields)
            }
        }
        if let value = frame.scope.value(of: name) { return fields.isEmpty ? value : try walk(value, from: 0) }
        if let fallback { return fallback }
        if name == "now" { return try walk(.timestamp(frame.scope.now), from: 0) }
        // One word alone is often a text that lost its quotes.
        let hint = fields.isEmpty ? "; a text needs quotes: \"\(name)\"" : ""
        throw EvalFailure(.unknownName, "the name `\(name)` is not known here\(hint)", range)
    }

    private func walk(_ start: Value, from first: Int) throws(EvalFailure) -> Value {
        var value = start
        var index = first
        while index < fields.count {
            if case .map(let map) = value {
                guard let next = map[fields[index]] else {
                    throw EvalFailure(.noSuchField, fields[index], range, among: map)
                }
                value = next
            } else {
                value = try Selecting.field(fields[index], of: value, range)
            }
            index += 1
        }
        return value
    }
}

/// Fields of values that are not maps.
enum Selecting {
    static func field(_ name: String, of value: Value, _ range: Range<Int>) throws(EvalFailure) -> Value {
        switch value {
        case .map(let map):
            guard let found = map[name] else { throw EvalFailure(.noSuchField, name, range, among: map) }
            return found
        case .optional(let inner) where !NetworkValue.isOne(value):
            guard let held = inner.first else { return value }
            guard case .map(let map) = held else { return try field(name, of: held, range) }
            return .optional(map[name].map { [$0] } ?? [])
        case .null: throw EvalFailure(.noSuchField, "nothing is given before .\(name): it is null", range)
        case .secret: throw Secrecy.failure.at(range)
        default: throw EvalFailure(.noSuchOverload, "a \(value.kindForPeople) has no field `\(name)`", range)
        }
    }

    static func has(_ name: String, in value: Value, _ range: Range<Int>) throws(EvalFailure) -> Bool {
        switch value {
        case .map(let map): return map[name] != nil
        case .optional(let inner) where !NetworkValue.isOne(value):
            guard let held = inner.first else { return false }
            return try has(name, in: held, range)
        case .null: return false
        case .secret: throw Secrecy.failure.at(range)
        default: throw EvalFailure(.noSuchOverload, "a \(value.kindForPeople) has no field `\(name)`", range)
        }
    }
}
