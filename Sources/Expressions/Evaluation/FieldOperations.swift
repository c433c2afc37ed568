import WorkflowModel

/// `operand.field`, where the operand is no path of the scope.
final class Select: Operation {
    let operand: any Operation
    let field: String
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ field: String, _ range: Range<Int>) {
        self.operand = operand
        self.field = field
        self.range = range
        size = operand.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        try Selecting.field(field, of: operand.evaluate(&frame), range)
    }
}

/// `has(operand.field)`
final class Has: TruthOperation {
    let operand: any Operation
    let field: String
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ field: String, _ range: Range<Int>) {
        self.operand = operand
        self.field = field
        self.range = range
        size = operand.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        try Selecting.has(field, in: operand.evaluate(&frame), range)
    }
}

/// `a[b]`, `a[?b]` and `a.?b`
final class Index: Operation {
    let operand: any Operation
    let index: any Operation
    let optional: Bool
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ index: any Operation, optional: Bool, _ range: Range<Int>) {
        self.operand = operand
        self.index = index
        self.optional = optional
        self.range = range
        size = operand.size + index.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        let container = try operand.evaluate(&frame)
        let key = try index.evaluate(&frame)
        if case .optional(let inner) = container, !NetworkValue.isOne(container) {
            guard let held = inner.first else { return container }
            return .optional(try find(key, in: held, orThrow: false).map { [$0] } ?? [])
        }
        if optional { return .optional(try find(key, in: container, orThrow: false).map { [$0] } ?? []) }
        guard let found = try find(key, in: container, orThrow: true) else {
            throw EvalFailure(.noSuchField, "", range)
        }
        return found
    }

    private func find(_ key: Value, in container: Value, orThrow: Bool) throws(EvalFailure) -> Value? {
        switch container {
        case .map(let map):
            if case .secret = key { throw Secrecy.failure.at(range) }
            if let key = MapKey(key), let found = map[key] { return found }
            guard orThrow else { return nil }
            throw EvalFailure(.noSuchField, "there is no key \(Describing.short(key)) here", range)
        case .list(let items):
            guard let position = key.int else {
                throw EvalFailure(.invalidArgument, "a list is indexed by a whole number, from 0", range)
            }
            if position >= 0, position < Int64(items.count) { return items[Int(position)] }
            guard orThrow else { return nil }
            throw EvalFailure(.outOfRange, "the list has \(items.count) elements, so there is no [\(position)]", range)
        case .null: throw EvalFailure(.noSuchField, "nothing is given before [: it is null", range)
        case .secret: throw Secrecy.failure.at(range)
        default: throw EvalFailure(.noSuchOverload, "a \(container.kindForPeople) cannot be indexed", range)
        }
    }
}

/// A list literal.
final class MakeList: Operation {
    let items: [any Operation]
    let optionals: [Bool]
    let range: Range<Int>
    let size: Int

    init(_ items: [any Operation], optionals: [Bool], _ range: Range<Int>) {
        self.items = items
        self.optionals = optionals
        self.range = range
        size = items.reduce(1) { $0 + $1.size }
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        var result: [Value] = []
        result.reserveCapacity(items.count)
        for index in items.indices {
            let value = try items[index].evaluate(&frame)
            if optionals[index] {
                guard case .optional(let inner) = value else {
                    throw EvalFailure(.noSuchOverload, "?x in a list needs an optional", items[index].range)
                }
                result.append(contentsOf: inner)
            } else {
                result.append(value)
            }
        }
        return .list(result)
    }
}

/// A map literal.
final class MakeMap: Operation {
    let entries: [(key: any Operation, value: any Operation, optional: Bool)]
    let range: Range<Int>
    let size: Int

    init(_ entries: [(key: any Operation, value: any Operation, optional: Bool)], _ range: Range<Int>) {
        self.entries = entries
        self.range = range
        size = entries.reduce(1) { $0 + $1.key.size + $1.value.size }
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        var map = ValueMap()
        for entry in entries {
            let value = try entry.key.evaluate(&frame)
            if case .secret = value { throw Secrecy.failure.at(entry.key.range) }
            if case .double = value { throw wrongKey(value, entry.key.range) }
            guard let key = MapKey(value) else { throw wrongKey(value, entry.key.range) }
            guard map[key] == nil else {
                throw EvalFailure(.repeatedKey, "the key \(Describing.short(value)) stands here twice", entry.key.range)
            }
            var content = try entry.value.evaluate(&frame)
            if entry.optional {
                guard case .optional(let inner) = content else {
                    throw EvalFailure(.noSuchOverload, "{?key: value} needs an optional", entry.value.range)
                }
                guard let held = inner.first else { continue }
                content = held
            }
            map[key] = content
        }
        return .map(map)
    }

    private func wrongKey(_ value: Value, _ range: Range<Int>) -> EvalFailure {
        EvalFailure(.noSuchOverload, "a \(value.kindForPeople) cannot be the key of a map", range)
    }
}

/// Values in messages.
enum Describing {
    /// The kind of a value with its article: "a text", "null".
    static func kind(_ value: Value) -> String {
        if case .null = value { return "null" }
        return "a \(value.kindForPeople)"
    }

    /// The value as it would be written, cut when long.
    static func short(_ value: Value) -> String {
        guard Sizes.fits(value, 1000) else { return "a large \(value.kindForPeople)" }
        let text =
            switch value {
            case .string(let text): "\"\(text)\""
            case .secret(let secret): secret.redacted
            default: StringFormat.plain(value)
            }
        return text.count > 60 ? text.prefix(57) + "…" : text
    }
}
