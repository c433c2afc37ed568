import WorkflowModel

/// `&&`: false when either side is false, even when the other one fails (langdef.md, "Logical Operators").
final class And: TruthOperation {
    let left: any Operation
    let right: any Operation
    let range: Range<Int>
    let size: Int

    init(_ left: any Operation, _ right: any Operation, _ range: Range<Int>) {
        self.left = left
        self.right = right
        self.range = range
        size = left.size + right.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        do throws(EvalFailure) {
            if !(try left.test(&frame)) { return false }
        } catch {
            if error.isFinal { throw error }
            let other: Bool
            do throws(EvalFailure) { other = try right.test(&frame) } catch { _ = error; other = true }
            if !other { return false }
            throw error
        }
        return try right.test(&frame)
    }
}

/// `||`: true when either side is true, even when the other one fails.
final class Or: TruthOperation {
    let left: any Operation
    let right: any Operation
    let range: Range<Int>
    let size: Int

    init(_ left: any Operation, _ right: any Operation, _ range: Range<Int>) {
        self.left = left
        self.right = right
        self.range = range
        size = left.size + right.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        do throws(EvalFailure) {
            if try left.test(&frame) { return true }
        } catch {
            if error.isFinal { throw error }
            let other: Bool
            do throws(EvalFailure) { other = try right.test(&frame) } catch { _ = error; other = false }
            if other { return true }
            throw error
        }
        return try right.test(&frame)
    }
}

final class Not: TruthOperation {
    let operand: any Operation
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ range: Range<Int>) {
        self.operand = operand
        self.range = range
        size = operand.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool { !(try operand.test(&frame)) }
}

/// `condition ? first : second`
final class Conditional: Operation {
    let condition: any Operation
    let first: any Operation
    let second: any Operation
    let range: Range<Int>
    let size: Int

    init(_ condition: any Operation, _ first: any Operation, _ second: any Operation, _ range: Range<Int>) {
        self.condition = condition
        self.first = first
        self.second = second
        self.range = range
        size = condition.size + first.size + second.size + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        try condition.test(&frame) ? try first.evaluate(&frame) : try second.evaluate(&frame)
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        try condition.test(&frame) ? try first.test(&frame) : try second.test(&frame)
    }
}

/// `==` and `!=`
final class Equal: TruthOperation {
    let left: any Operation
    let right: any Operation
    let negated: Bool
    let range: Range<Int>
    let size: Int

    init(_ left: any Operation, _ right: any Operation, negated: Bool, _ range: Range<Int>) {
        self.left = left
        self.right = right
        self.negated = negated
        self.range = range
        size = left.size + right.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let a = try left.evaluate(&frame)
        let b = try right.evaluate(&frame)
        do throws(EvalFailure) {
            return try Comparing.equal(a, b, &frame) != negated
        } catch {
            throw error.at(range)
        }
    }
}

/// `==` and `!=` with a constant text, by far the most frequent condition.
final class EqualText: TruthOperation {
    let operand: any Operation
    let text: String
    let negated: Bool
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, _ text: String, negated: Bool, _ range: Range<Int>) {
        self.operand = operand
        self.text = text
        self.negated = negated
        self.range = range
        size = operand.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        switch try operand.evaluate(&frame) {
        case .string(let other): return other.sameCodePoints(as: text) != negated
        case .secret: throw Secrecy.failure.at(range)
        default: return negated
        }
    }
}

/// `<`, `<=`, `>`, `>=`
final class Ordered: TruthOperation {
    enum Relation: Sendable { case less, lessEquals, greater, greaterEquals }

    let left: any Operation
    let right: any Operation
    let relation: Relation
    let range: Range<Int>
    let size: Int

    init(_ left: any Operation, _ right: any Operation, _ relation: Relation, _ range: Range<Int>) {
        self.left = left
        self.right = right
        self.relation = relation
        self.range = range
        size = left.size + right.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let a = try left.evaluate(&frame)
        let b = try right.evaluate(&frame)
        let order: Comparing.Order
        do throws(EvalFailure) { order = try Comparing.order(a, b) } catch { throw error.at(range) }
        switch relation {
        case .less: return order == .before
        case .lessEquals: return order == .before || order == .same
        case .greater: return order == .after
        case .greaterEquals: return order == .after || order == .same
        }
    }
}

/// `x in list` and `x in map`
final class Membership: TruthOperation {
    let element: any Operation
    let container: any Operation
    let range: Range<Int>
    let size: Int

    init(_ element: any Operation, _ container: any Operation, _ range: Range<Int>) {
        self.element = element
        self.container = container
        self.range = range
        size = element.size + container.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        let value = try element.evaluate(&frame)
        if case .secret = value { throw Secrecy.failure.at(range) }
        switch try container.evaluate(&frame) {
        case .list(let items):
            try frame.spend(items.count)
            do throws(EvalFailure) {
                for item in items where try Comparing.equal(value, item, &frame) { return true }
            } catch {
                throw error.at(range)
            }
            return false
        case .map(let map): return MapKey(value).map { map[$0] != nil } ?? false
        case .string:
            throw EvalFailure(
                .noSuchOverload, "`in` looks into lists and maps; a part of a text is found by text.contains(\"part\")",
                range)
        case let other: throw EvalFailure(.noSuchOverload, "`in` does not work on a \(other.kindForPeople)", range)
        }
    }
}

/// `x in ["a", "b"]` with constant texts.
final class TextMembership: TruthOperation {
    let element: any Operation
    let texts: [String]
    let set: Set<MapKey>?
    let range: Range<Int>
    let size: Int

    init(_ element: any Operation, _ texts: [String], _ range: Range<Int>) {
        self.element = element
        self.texts = texts
        set = texts.count > 8 ? Set(texts.map { .string($0) }) : nil
        self.range = range
        size = element.size + 1
    }

    func test(_ frame: inout Frame) throws(EvalFailure) -> Bool {
        switch try element.evaluate(&frame) {
        case .string(let text):
            if let set { return set.contains(.string(text)) }
            for other in texts where other.sameCodePoints(as: text) { return true }
            return false
        case .secret: throw Secrecy.failure.at(range)
        default: return false
        }
    }
}

/// `missing(x)`, and `default(x, y)` when `replacement` is given.
final class Missing: Operation {
    let operand: any Operation
    let replacement: (any Operation)?
    let range: Range<Int>
    let size: Int

    init(_ operand: any Operation, replacement: (any Operation)?, _ range: Range<Int>) {
        self.operand = operand
        self.replacement = replacement
        self.range = range
        size = operand.size + (replacement?.size ?? 0) + 1
    }

    func evaluate(_ frame: inout Frame) throws(EvalFailure) -> Value {
        var value: Value?
        do throws(EvalFailure) {
            value = try operand.evaluate(&frame)
        } catch {
            if !error.isAbsence { throw error }
        }
        switch value {
        case nil, .null?, .optional([])?: value = nil
        case .string(let text)? where text.isEmpty: value = nil
        case .optional(let inner)? where inner.count == 1: value = inner[0]
        default: break
        }
        guard let replacement else { return .bool(value == nil) }
        if let value { return value }
        return try replacement.evaluate(&frame)
    }
}
