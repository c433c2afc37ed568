public import Expressions
public import WorkflowModel

/// A trigger's condition with every expression planned.
public struct CompiledCondition: Sendable {
    /// What became of a condition for one event.
    public enum Outcome: Sendable {
        case holds
        case doesNotHold
        /// It could not be evaluated: neither true nor false.
        case failed(EvaluationError, at: SourcePlace)
    }

    /// An expression of the condition that cannot be planned, with its place.
    public struct Unplannable: Error, Sendable {
        /// Where the expression begins.
        public let place: SourcePlace
        /// What is wrong with it.
        public let error: ExpressionError
    }

    indirect enum Part: Sendable {
        case expression(Program, ExpressionText)
        case all([Part])
        case any([Part])
        case not(Part)
    }

    let root: Part

    /// Plans `condition`.
    ///
    /// - Throws: ``Unplannable`` for the first expression with a mistake.
    public init(_ condition: Condition) throws(Unplannable) {
        root = try CompiledCondition.plan(condition)
    }

    private static func plan(_ condition: Condition) throws(Unplannable) -> Part {
        switch condition {
        case .expression(let text):
            do throws(ExpressionError) {
                return .expression(try Program(parsing: text.text), text)
            } catch {
                throw Unplannable(place: text.place, error: error)
            }
        case .all(let parts): return .all(try plan(parts))
        case .any(let parts): return .any(try plan(parts))
        case .not(let part): return .not(try plan(part))
        }
    }

    private static func plan(_ conditions: [Condition]) throws(Unplannable) -> [Part] {
        var parts: [Part] = []
        for condition in conditions { parts.append(try plan(condition)) }
        return parts
    }

    /// Evaluates the condition. As with CEL's `&&` and `||`, a part that decides outweighs one that fails.
    public func evaluate(_ scope: some Scope) -> Outcome { CompiledCondition.evaluate(root, scope) }

    static func evaluate(_ part: Part, _ scope: some Scope) -> Outcome {
        switch part {
        case .expression(let program, let text):
            do throws(EvaluationError) {
                return try program.test(scope) ? .holds : .doesNotHold
            } catch {
                return .failed(error, at: text.place)
            }
        case .all(let parts):
            var failure: Outcome?
            for part in parts {
                switch evaluate(part, scope) {
                case .holds: continue
                case .doesNotHold: return .doesNotHold
                case let failed: failure = failure ?? failed
                }
            }
            return failure ?? .holds
        case .any(let parts):
            var failure: Outcome?
            for part in parts {
                switch evaluate(part, scope) {
                case .holds: return .holds
                case .doesNotHold: continue
                case let failed: failure = failure ?? failed
                }
            }
            return failure ?? .doesNotHold
        case .not(let part):
            switch evaluate(part, scope) {
            case .holds: return .doesNotHold
            case .doesNotHold: return .holds
            case let failed: return failed
            }
        }
    }
}
