import WorkflowModel

/// The elements that a macro walks: of a list with their indices, of a map its keys with their values.
struct Walk {
    let count: Int
    private let items: [Value]
    private let entries: [ValueMap.Entry]

    init(_ source: Value, _ range: Range<Int>) throws(EvalFailure) {
        switch source {
        case .list(let list):
            items = list
            entries = []
            count = list.count
        case .map(let map):
            items = []
            entries = map.entries
            count = entries.count
        case .null: throw EvalFailure(.noSuchField, "this is null, where a list is needed", range)
        case .secret: throw Secrecy.failure.at(range)
        default: throw EvalFailure(.noSuchOverload, "a \(source.kindForPeople) has no elements to go through", range)
        }
    }

    /// The element at `index`, as macros with one name bind it.
    @inline(__always)
    func element(_ index: Int) -> Value { entries.isEmpty ? items[index] : entries[index].key.value }

    /// The index or key, and the value, as macros with two names bind them.
    func pair(_ index: Int) -> (Value, Value) {
        entries.isEmpty ? (.int(Int64(index)), items[index]) : (entries[index].key.value, entries[index].value)
    }
}

/// The names that a macro binds, by slot.
struct Binding: Sendable {
    let first: Int
    let second: Int?

    @inline(__always)
    func set(_ walk: Walk, _ index: Int, _ frame: inout Frame) {
        if let second {
            (frame.locals[first], frame.locals[second]) = walk.pair(index)
        } else {
            frame.locals[first] = walk.element(index)
        }
    }
}

/// `all`, `exists` and `exists_one`
final class Quantifier: TruthOperation {
    enum Kind: Sendable { case all, exists, one }

    let kind: Kind
    let source: any Operation
    let binding: Binding
    let body: any Operation
    let range: Range<Int>
    let size: Int

    init(_ kind: Kind, _ source: any Operation, _ binding: Binding, _ body: any Operation, _ range: Range<Int>) {
        self.kind = kind
        self.source = source
        self.binding = binding
        self.body = body
        self.range = range
        size = source.size + body.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let walk = try Walk(source.evaluate(&frame), source.range)
        var found = 0
        var failure: EvalFailure?
        let deciding = kind != .all
        for index in 0..<walk.count {
            try frame.spend(body.size)
            binding.set(walk, index, &frame)
            do throws(EvalFailure) {
                if try body.test(&frame) == deciding {
                    if kind != .one { return deciding }
                    found += 1
                }
            } catch {
                // An element that fails matters only when no other decides; exists_one needs them all.
                if kind == .one || error.isFinal { throw error }
                if failure == nil { failure = error }
            }
        }
        if let failure { throw failure }
        return kind == .one ? found == 1 : !deciding
    }
}

/// `map`, `filter`, `transformList`, `transformMap` and `transformMapEntry`
final class Transform: Operation {
    enum Kind: Sendable { case list, filter, map, mapEntry }

    let kind: Kind
    let source: any Operation
    let binding: Binding
    let filter: (any Operation)?
    let body: any Operation
    let range: Range<Int>
    let size: Int

    init(
        _ kind: Kind, _ source: any Operation, _ binding: Binding, filter: (any Operation)?, _ body: any Operation,
        _ range: Range<Int>
    ) {
        self.kind = kind
        self.source = source
        self.binding = binding
        self.filter = filter
        self.body = body
        self.range = range
        size = source.size + body.size + (filter?.size ?? 0) + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        let walk = try Walk(source.evaluate(&frame), source.range)
        var list: [Value] = []
        var map = ValueMap()
        let price = body.size + (filter?.size ?? 0)
        for index in 0..<walk.count {
            try frame.spend(price)
            binding.set(walk, index, &frame)
            if let filter, !(try filter.test(&frame)) { continue }
            switch kind {
            case .filter:
                if try body.test(&frame) { list.append(walk.element(index)) }
            case .list: list.append(try body.evaluate(&frame))
            case .map:
                guard let key = MapKey(walk.pair(index).0) else { continue }
                map[key] = try body.evaluate(&frame)
            case .mapEntry:
                guard case .map(let entry) = try body.evaluate(&frame) else {
                    throw EvalFailure(.noSuchOverload, "transformMapEntry needs a map for each element", body.range)
                }
                for pair in entry.entries {
                    guard map[pair.key] == nil else {
                        throw EvalFailure(
                            .repeatedKey, "the key \(Describing.short(pair.key.value)) comes twice", body.range)
                    }
                    map[pair.key] = pair.value
                }
            }
        }
        return kind == .map || kind == .mapEntry ? .map(map) : .list(list)
    }
}

/// `cel.bind(name, value, body)`
final class Bind: Operation {
    let value: any Operation
    let slot: Int
    let body: any Operation
    let range: Range<Int>
    let size: Int

    init(_ value: any Operation, _ slot: Int, _ body: any Operation, _ range: Range<Int>) {
        self.value = value
        self.slot = slot
        self.body = body
        self.range = range
        size = value.size + body.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        frame.locals[slot] = try value.evaluate(&frame)
        return try body.evaluate(&frame)
    }
}

/// `optMap` and `optFlatMap`
final class OptionalTransform: Operation {
    let source: any Operation
    let slot: Int
    let flat: Bool
    let body: any Operation
    let range: Range<Int>
    let size: Int

    init(_ source: any Operation, _ slot: Int, flat: Bool, _ body: any Operation, _ range: Range<Int>) {
        self.source = source
        self.slot = slot
        self.flat = flat
        self.body = body
        self.range = range
        size = source.size + body.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        let outer = try source.evaluate(&frame)
        guard case .optional(let inner) = outer else {
            throw EvalFailure(.noSuchOverload, "\(flat ? "optFlatMap" : "optMap") needs an optional", source.range)
        }
        guard let held = inner.first else { return outer }
        frame.locals[slot] = held
        let result = try body.evaluate(&frame)
        if !flat { return .optional([result]) }
        guard case .optional = result else {
            throw EvalFailure(.noSuchOverload, "optFlatMap needs an optional from its expression", body.range)
        }
        return result
    }
}

/// `list.sortBy(element, key)`
final class SortBy: Operation {
    let source: any Operation
    let slot: Int
    let key: any Operation
    let range: Range<Int>
    let size: Int

    init(_ source: any Operation, _ slot: Int, _ key: any Operation, _ range: Range<Int>) {
        self.source = source
        self.slot = slot
        self.key = key
        self.range = range
        size = source.size + key.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .list(let items) = try source.evaluate(&frame) else {
            throw EvalFailure(.noSuchOverload, "sortBy needs a list", source.range)
        }
        var keyed: [(key: Value, item: Value)] = []
        keyed.reserveCapacity(items.count)
        for item in items {
            try frame.spend(key.size)
            frame.locals[slot] = item
            keyed.append((try key.evaluate(&frame), item))
        }
        do throws(EvalFailure) { return .list(try ListFunctions.sorted(keyed, &frame)) } catch { throw error.at(range) }
    }
}
