public import Expressions
public import WorkflowModel

/// Why a condition held or not: one line for each part, with the values that it saw.
public struct ConditionReport: Sendable, Hashable {
    /// What a line came to.
    public enum Verdict: String, Sendable, Hashable {
        case holds
        case doesNotHold = "does_not_hold"
        case failed
    }

    /// A value that a line looked at.
    public struct Seen: Sendable, Hashable {
        /// The part of the expression: `ticket.priority`.
        public var text: String
        /// Its value; nil when it has none.
        public var value: Value?
        /// Why it has none.
        public var error: String?
    }

    /// A part of the condition.
    public struct Line: Sendable, Hashable {
        /// How deep it stands in `all`, `any` and `not`.
        public var depth: Int
        /// The expression, or `all of`, `any of`, `not`.
        public var text: String
        /// What it came to for this event.
        public var verdict: Verdict
        /// The values that it saw; empty for `all of` and its like.
        public var seen: [Seen]
        /// Why it failed, if it did.
        public var error: String?
        /// Where it is written; nil for `all of` and its like.
        public var place: SourcePlace?
    }

    /// The lines in the order written.
    public var lines: [Line]
    /// What the whole came to.
    public var verdict: Verdict
}

extension CompiledCondition {
    /// Explains the condition in `scope`, every part of it.
    public func report(_ scope: some Scope) -> ConditionReport {
        var lines: [ConditionReport.Line] = []
        // A list at the top reads as its lines, without a heading.
        if case .all(let parts) = root {
            for part in parts { add(part, depth: 0, scope, to: &lines) }
        } else {
            add(root, depth: 0, scope, to: &lines)
        }
        return ConditionReport(lines: lines, verdict: ConditionReport.Verdict(evaluate(scope)))
    }

    private func add(_ part: Part, depth: Int, _ scope: some Scope, to lines: inout [ConditionReport.Line]) {
        func group(_ title: String, _ parts: [Part]) {
            let verdict = ConditionReport.Verdict(CompiledCondition.evaluate(part, scope))
            lines.append(.init(depth: depth, text: title, verdict: verdict, seen: [], error: nil, place: nil))
            for part in parts { add(part, depth: depth + 1, scope, to: &lines) }
        }
        switch part {
        case .all(let parts): group("all of", parts)
        case .any(let parts): group("any of", parts)
        case .not(let part): group("not", [part])
        case .expression(let program, let text):
            for term in program.explain(scope).terms { lines.append(line(term, depth, text.place)) }
        }
    }

    private func line(_ term: Explanation, _ depth: Int, _ place: SourcePlace) -> ConditionReport.Line {
        var error: String?
        let verdict: ConditionReport.Verdict
        switch term.result {
        case .value(.bool(let flag)): verdict = flag ? .holds : .doesNotHold
        case .value(let other):
            verdict = .failed
            error = "this is \(other.kindForPeople), and a condition must be true or false"
        case .error(let failure):
            verdict = .failed
            error = failure.message
        case .notEvaluated: verdict = .doesNotHold
        }
        let seen = term.seen.compactMap { text, result -> ConditionReport.Seen? in
            // A literal explains nothing, nor does the line itself.
            guard text != term.text || term.children.isEmpty else { return nil }
            switch result {
            case .value(let value): return .init(text: text, value: value, error: nil)
            case .error(let failure): return .init(text: text, value: nil, error: failure.message)
            case .notEvaluated: return nil
            }
        }
        return .init(depth: depth, text: term.text, verdict: verdict, seen: seen, error: error, place: place)
    }
}

extension ConditionReport.Verdict {
    init(_ outcome: CompiledCondition.Outcome) {
        switch outcome {
        case .holds: self = .holds
        case .doesNotHold: self = .doesNotHold
        case .failed: self = .failed
        }
    }
}
