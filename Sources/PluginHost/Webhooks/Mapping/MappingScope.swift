import Expressions
import Synchronization
import WorkflowModel

/// What the expressions of a mapping see: the delivery, and the tables of words.
struct MappingScope: Scope {
    /// The names that every mapping has.
    static let names = ["body", "headers", "query", "hook", "delivery", "settings", "now"]

    var values: ValueMap
    let now: Timestamp
    let words: [String: [String: Value]]
    let notes: MappingNotes

    func value(of name: String) -> Value? { values[name] }

    func isOpen(calendar: String, at: Timestamp) -> Bool? { nil }

    func with(_ name: String, _ value: Value) -> MappingScope {
        var copy = self
        copy.values[name] = value
        return copy
    }
}

/// What is noticed while a delivery is mapped.
final class MappingNotes: Sendable {
    private let words = Mutex<[WebhookOutcome.UnknownWord]>([])

    func note(_ word: WebhookOutcome.UnknownWord) {
        words.withLock {
            guard !$0.contains(word), $0.count < WebhookLimits.unknownWords else { return }
            $0.append(word)
        }
    }

    var unknownWords: [WebhookOutcome.UnknownWord] { words.withLock { $0 } }
}

extension EvaluationError {
    /// Whether something that was asked for is not there.
    var isAbsence: Bool { code == .noSuchField || code == .unknownName || code == .outOfRange }
}

extension MappedValue {
    /// The value in `scope`; nil when something that it is made of is not there. A map leaves out the fields that are not there, and is
    /// itself not there when none of its computed fields is.
    func value(in scope: MappingScope) throws(EvaluationError) -> Value? {
        switch self {
        case .constant(let value): return value
        case .expression(let program):
            do throws(EvaluationError) {
                let value = try program.evaluate(scope)
                if case .optional(let inner) = value { return inner.first }
                return value
            } catch {
                if error.isAbsence { return nil }
                throw error
            }
        case .text(let template):
            do throws(EvaluationError) {
                return try template.render(scope)
            } catch {
                if error.isAbsence || error.code == .empty { return nil }
                throw error
            }
        case .list(let items):
            var values: [Value] = []
            for item in items {
                if let value = try item.value(in: scope) { values.append(value) }
            }
            return .list(values)
        case .map(let fields):
            var map = ValueMap()
            var isComputed = false
            for field in fields {
                if case .constant = field.value {} else { isComputed = true }
                if let value = try field.value.value(in: scope) { map[field.key] = value }
            }
            return map.isEmpty && isComputed ? nil : .map(map)
        }
    }
}

extension [Program] {
    /// Whether all hold in `scope`; one that asks for something that is not there does not.
    func hold(in scope: MappingScope) throws(EvaluationError) -> Bool {
        for program in self {
            do throws(EvaluationError) {
                guard try program.test(scope) else { return false }
            } catch {
                if error.isAbsence { return false }
                throw error
            }
        }
        return true
    }
}
