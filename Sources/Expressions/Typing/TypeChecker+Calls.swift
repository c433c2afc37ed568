import WorkflowModel

/// Calls of functions, by their signatures.
extension TypeChecker {
    mutating func function(_ name: String, isMethod: Bool, _ args: [Node], _ node: Node) -> ExpressionType {
        guard library.find(name, method: isMethod, count: args.count) != nil else {
            let before = problems.count
            for arg in args { _ = value(arg) }
            // What a function that does not exist would have bound, as in `any(t, …)`, is no second mistake.
            forgetNames(from: before)
            if !library.defersProblems {
                let problem = library.problem(name, method: isMethod, count: args.count, node.nameRange ?? node.range)
                report(.function, problem.range, problem.message, help: problem.help)
            }
            return .dyn
        }
        if name == Operator.subtract, dash(args) { return .dyn }
        var given: [ExpressionType] = []
        given.reserveCapacity(args.count)
        for arg in args { given.append(value(arg)) }
        constants(name, isMethod, args)
        guard let signatures = self.signatures[name] else { return .dyn }
        return resolved(signatures, name, isMethod, args, given, node)
    }

    /// The result of the forms that the arguments fit.
    private mutating func resolved(
        _ signatures: [FunctionSignature], _ name: String, _ isMethod: Bool, _ args: [Node],
        _ given: [ExpressionType], _ node: Node
    ) -> ExpressionType {
        var result: ExpressionType?
        var failed = -1
        var takesNull: [Bool]?
        let isExact = given.allSatisfy { !$0.present.isUnknown && $0.present.members.count == 1 }
        for signature in signatures where signature.isMethod == isMethod && signature.accepts(count: args.count) {
            var bindings = TypeBindings()
            var place: Int?
            for index in given.indices where !bindings.fits(given[index].present, signature.parameter(index)) {
                place = index
                break
            }
            if let place {
                failed = max(failed, place)
                continue
            }
            let type = bindings.filled(signature.result)
            let nulls = given.indices.map { Self.takesNull(signature.parameter($0)) }
            takesNull = takesNull.map { zip($0, nulls).map { $0 || $1 } } ?? nulls
            guard let before = result else {
                result = type
                if isExact { break }
                continue
            }
            if before != type { result = .dyn }
        }
        guard let result, let takesNull else {
            mismatch(signatures, name, isMethod, args, given, max(failed, 0), node)
            return signatures.allSatisfy { $0.result == signatures[0].result } ? signatures[0].result : .dyn
        }
        for index in given.indices where !takesNull[index] { _ = present(args[index], given[index]) }
        return result
    }

    private static func takesNull(_ parameter: ExpressionType) -> Bool {
        switch parameter {
        case .dyn, .parameter, .nullable: true
        default: false
        }
    }

    // MARK: What does not fit

    private static let marks: [String: String] = [
        Operator.add: "+", Operator.subtract: "-", Operator.multiply: "*", Operator.divide: "/", Operator.modulo: "%",
    ]

    private mutating func mismatch(
        _ signatures: [FunctionSignature], _ name: String, _ isMethod: Bool, _ args: [Node],
        _ given: [ExpressionType], _ index: Int, _ node: Node
    ) {
        if given.contains(.secret) {
            report(.secret, node.range, Self.secretMessage, help: Self.secretHelp)
            return
        }
        if let mark = Self.marks[name], args.count == 2 {
            report(
                .wrongOperand, node.range,
                "`\(mark)` does not work on \(given[0].inWords) and \(given[1].inWords)",
                help: operatorHelp(mark, args, given.map(\.present)))
            return
        }
        if name == Operator.negate {
            report(.wrongOperand, node.range, "\(shown(args[0])) is \(given[0].inWords) and has no negative")
            return
        }
        var wanted: [ExpressionType] = []
        for signature in signatures where signature.isMethod == isMethod && signature.accepts(count: args.count) {
            let parameter = signature.parameter(index)
            if !wanted.contains(parameter) { wanted.append(parameter) }
        }
        var words: [String] = []
        for type in wanted where !words.contains(type.inWords) { words.append(type.inWords) }
        let kinds = words.joined(separator: " or ")
        let verb = isMethod && index == 0 ? "works on" : "needs"
        report(
            .wrongArgument, args[index].range,
            "`\(name)` \(verb) \(kinds), and \(shown(args[index])) is \(detail(given[index], kinds))",
            help: argumentHelp(name, isMethod, args, given, index, wanted))
    }

    /// What is wrong with a value of which the kind seems right: a list, of something else.
    private func detail(_ type: ExpressionType, _ wanted: String) -> String {
        if case .list(let element) = type.present, wanted.contains("a list") {
            return "a list of \(element.inWords == "any value" ? "something else" : element.inWords)"
        }
        if type.isNumber, wanted == "a number" {
            return type == .double ? "a number with a fraction" : "a whole number"
        }
        return type.inWords
    }

    private func argumentHelp(
        _ name: String, _ isMethod: Bool, _ args: [Node], _ given: [ExpressionType], _ index: Int,
        _ wanted: [ExpressionType]
    ) -> String? {
        let type = given[index].present
        if case .list = type, name == "contains", index == 0, args.count == 2 {
            return "write \(self.name(args[1])) in \(self.name(args[0]))"
        }
        if case .null = type { return "write default(…) around what may be null" }
        if isMethod, index == 0, name == "size" || name == "getHours" { return nil }
        return wanted.lazy.compactMap { Conversion.help(from: type, to: $0, self.name(args[index])) }.first
    }

    private func operatorHelp(_ mark: String, _ args: [Node], _ given: [ExpressionType]) -> String? {
        let (left, right) = (given[0], given[1])
        if left == .null || right == .null { return "write default(x, …) around what may be null" }
        if mark == "+", case .list = left { return "write [\(name(args[1]))] to add one element" }
        if mark == "+", left.isText { return Conversion.help(from: right, to: .string, name(args[1])) }
        if mark == "+", right.isText, !left.isText {
            if left == .timestamp || left == .duration {
                return Conversion.help(from: right, to: .duration, name(args[1]))
            }
            return Conversion.help(from: left, to: .string, name(args[0]))
        }
        for (time, other, node) in [(left, right, args[1]), (right, left, args[0])] {
            guard time == .timestamp || time == .duration else { continue }
            if other.isNumber || other.isText { return Conversion.help(from: other, to: .duration, name(node)) }
        }
        if left.isNumber, right.isNumber {
            let whole = left == .double ? args[1] : args[0]
            if left == .double || right == .double, mark != "%" {
                return whole.literal.map { "write \(name(whole)).0 instead of \($0.int ?? 0)" }
                    ?? "write double(\(name(whole)))"
            }
            return mark == "%" ? "`%` takes whole numbers only" : nil
        }
        if left.isNumber, right.isText { return Conversion.help(from: right, to: .int, name(args[1])) }
        if right.isNumber, left.isText { return Conversion.help(from: left, to: .int, name(args[0])) }
        return nil
    }

    // MARK: Constants

    /// Reports constant texts that the function can never read.
    private mutating func constants(_ name: String, _ isMethod: Bool, _ args: [Node]) {
        guard let last = args.last, let text = last.literal?.string else { return }
        switch (name, args.count) {
        case ("duration", 1), ("ago", 1):
            guard DurationText.parse(text) == nil else { return }
            report(
                .wrongConstant, last.range, "\"\(text)\" is no duration",
                help: DurationText.meant(text).map { "write \($0)" } ?? "write it like 30s, 15m, 1h30m or 2d")
        case ("timestamp", 1):
            guard Timestamp(rfc3339: text) == nil else { return }
            report(
                .wrongConstant, last.range, "\"\(text)\" is no time",
                help: "write it like 2026-11-22T08:00:00Z or 2026-11-22T08:00:00+01:00")
        case ("int", 1) where Int64(text) == nil, ("double", 1) where Double(text) == nil:
            report(.wrongConstant, last.range, "\"\(text)\" is no number")
        case ("matches", 2):
            do throws(RegularExpression.Problem) { _ = try RegularExpression.cached(text) } catch {
                report(
                    .function, last.range, "this regular expression is not understood: \(error.message)",
                    help: "the syntax is RE2's; write backslashes in r\"…\"")
            }
        case (_, 2) where isMethod && TimeFunctions.Part(rawValue: name) != nil:
            do throws(EvalFailure) { _ = try Zones.offset(of: text, at: Timestamp(seconds: 0)) } catch {
                report(
                    .wrongConstant, last.range, "there is no time zone \"\(text)\"",
                    help: "write an IANA name such as Europe/Berlin, or UTC")
            }
        default:
            if case .problem(let code, let message, let help)? = environment.problem(ofArgument: text, to: name) {
                report(.name(code: code), last.range, message, help: help)
            }
        }
    }
}
