import WorkflowModel

/// Operators and words that do not evaluate all their operands, or have operations of their own.
enum SpecialForms {
    static func operation(
        _ name: String, _ parts: [any Operation], _ range: Range<Int>
    ) -> (operation: any Operation, isPure: Bool)? {
        switch (name, parts.count) {
        case (Operator.and, 2): (And(parts[0], parts[1], range), true)
        case (Operator.or, 2): (Or(parts[0], parts[1], range), true)
        case (Operator.not, 1): (Not(parts[0], range), true)
        case (Operator.conditional, 3): (Conditional(parts[0], parts[1], parts[2], range), true)
        case (Operator.equals, 2): (equal(parts, negated: false, range), true)
        case (Operator.notEquals, 2): (equal(parts, negated: true, range), true)
        case (Operator.less, 2): (Ordered(parts[0], parts[1], .less, range), true)
        case (Operator.lessEquals, 2): (Ordered(parts[0], parts[1], .lessEquals, range), true)
        case (Operator.greater, 2): (Ordered(parts[0], parts[1], .greater, range), true)
        case (Operator.greaterEquals, 2): (Ordered(parts[0], parts[1], .greaterEquals, range), true)
        case (Operator.in, 2): (membership(parts, range), true)
        case (Operator.index, 2): (Index(parts[0], parts[1], optional: false, range), true)
        case (Operator.optionalIndex, 2), (Operator.optionalSelect, 2):
            (Index(parts[0], parts[1], optional: true, range), true)
        case ("missing", 1): (Missing(parts[0], replacement: nil, range), true)
        case ("default", 2): (Missing(parts[0], replacement: parts[1], range), true)
        default: nil
        }
    }

    private static func equal(_ parts: [any Operation], negated: Bool, _ range: Range<Int>) -> any Operation {
        if let constant = parts[1] as? Constant, case .string(let text) = constant.value {
            return EqualText(parts[0], text, negated: negated, range)
        }
        if let constant = parts[0] as? Constant, case .string(let text) = constant.value {
            return EqualText(parts[1], text, negated: negated, range)
        }
        return Equal(parts[0], parts[1], negated: negated, range)
    }

    private static func membership(_ parts: [any Operation], _ range: Range<Int>) -> any Operation {
        if let constant = parts[1] as? Constant, case .list(let items) = constant.value {
            let texts = items.compactMap(\.string)
            if texts.count == items.count { return TextMembership(parts[0], texts, range) }
        }
        return Membership(parts[0], parts[1], range)
    }
}

/// Calls with a constant argument that is prepared once.
enum FastCalls {
    static func operation(
        _ name: String, _ parts: [any Operation], _ range: Range<Int>
    ) throws(ExpressionError) -> (any Operation)? {
        guard parts.count == 2, let constant = parts[1] as? Constant, case .string(let text) = constant.value else {
            return nil
        }
        switch name {
        case "startsWith": return TextTest(parts[0], .starts, text, range)
        case "endsWith": return TextTest(parts[0], .ends, text, range)
        case "contains": return TextTest(parts[0], .contains, text, range)
        case "matches":
            do throws(RegularExpression.Problem) {
                return PatternTest(parts[0], try RegularExpression(text), range)
            } catch {
                throw ExpressionError(
                    code: .constant, message: "this regular expression is not understood: \(error.message)",
                    range: constant.range, help: "the syntax is RE2's; write backslashes in r\"…\"")
            }
        default: return nil
        }
    }
}
