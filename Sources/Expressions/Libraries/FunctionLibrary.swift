import WorkflowModel

/// The functions that expressions may call.
public struct FunctionLibrary: Sendable {
    typealias One = @Sendable (Value, inout Frame) throws(EvalFailure) -> Value
    typealias Two = @Sendable (Value, Value, inout Frame) throws(EvalFailure) -> Value
    typealias Many = @Sendable ([Value], inout Frame) throws(EvalFailure) -> Value

    enum Body: Sendable {
        case one(One)
        case two(Two)
        case many(Many)
    }

    /// One function in one form.
    struct Function: Sendable {
        let name: String
        /// Called as `x.name(…)`; the target is counted as the first argument.
        let method: Bool
        let counts: ClosedRange<Int>
        let body: Body
        /// The same arguments always give the same result.
        let isPure: Bool
    }

    private let functions: [String: [Function]]
    /// Wrong calls fail when they are evaluated, not when the expression is planned.
    let defersProblems: Bool

    init(_ functions: [Function], defersProblems: Bool) {
        self.functions = Dictionary(grouping: functions, by: \.name)
        self.defersProblems = defersProblems
    }

    var all: [Function] { functions.values.flatMap(\.self) }

    /// CEL's standard functions and its extensions for strings, math, encoders, lists, optionals and networks, and the words for
    /// people: `mentions`, `open_now`, `ago` (with `missing` and `default`, which are part of the language).
    public static let standard = FunctionLibrary(allFunctions, defersProblems: false)

    /// The standard functions; unknown functions and wrong numbers of arguments are reported only when they are evaluated, as CEL
    /// without its checker does.
    public static let lenient = FunctionLibrary(allFunctions, defersProblems: true)

    private static let allFunctions =
        StandardFunctions.all + TimeFunctions.all + StringFunctions.all + MathFunctions.all + EncoderFunctions.all
        + ListFunctions.all + OptionalFunctions.all + NetworkFunctions.all + PeopleFunctions.all

    /// The names of all functions that are called by a name, sorted.
    public var names: [String] {
        let macros = [
            "has", "all", "exists", "exists_one", "map", "filter", "transformList", "transformMap", "transformMapEntry",
            "sortBy", "optMap", "optFlatMap", "cel.bind", "missing", "default",
        ]
        return (functions.keys.filter { $0.first?.isLetter == true } + macros).sorted()
    }

    /// True when a function has this name.
    public func has(_ name: String) -> Bool { functions[name] != nil }

    func find(_ name: String, method: Bool, count: Int) -> Function? {
        functions[name]?.first { $0.method == method && $0.counts.contains(count) }
    }

    /// What is wrong with a call that ``find(_:method:count:)`` does not find.
    func problem(_ name: String, method: Bool, count: Int, _ range: Range<Int>) -> ExpressionError {
        guard let forms = functions[name] else {
            let macros: Set<String> = [
                "has", "all", "exists", "exists_one", "existsOne", "map", "filter", "sortBy", "missing", "default",
                "transformList", "transformMap", "transformMapEntry", "optMap", "optFlatMap",
            ]
            if macros.contains(name) {
                return ExpressionError(
                    code: .arguments, message: "`\(name)` is not written like this", range: range,
                    help: Self.macroForm(name))
            }
            if let habit = Habits.function(name.split(separator: ".").last.map(String.init) ?? name) {
                return ExpressionError(
                    code: .unknownFunction, message: "there is no function `\(name)`", range: range, help: habit)
            }
            let near = Spelling.nearest(to: name, in: names)
            return ExpressionError(
                code: .unknownFunction, message: "there is no function `\(name)`", range: range,
                help: near.map { "did you mean \($0)?" })
        }
        if let other = forms.first(where: { $0.method != method }) {
            let form = other.method ? "x.\(name)(…)" : "\(name)(…)"
            return ExpressionError(
                code: .arguments, message: "`\(name)` is called in another form", range: range, help: "write \(form)")
        }
        let counts = forms.map { form in
            let hidden = form.method ? 1 : 0
            let low = form.counts.lowerBound - hidden
            let high = form.counts.upperBound - hidden
            return high > 20 ? "\(low) or more" : low == high ? "\(low)" : "\(low) to \(high)"
        }
        let given = method ? count - 1 : count
        let wanted = counts.joined(separator: " or ")
        return ExpressionError(
            code: .arguments,
            message: "`\(name)` takes \(wanted) argument\(wanted == "1" ? "" : "s"), not \(given)", range: range)
    }

    private static func macroForm(_ name: String) -> String {
        switch name {
        case "has": "write has(ticket.owner)"
        case "missing": "write missing(ticket.owner)"
        case "default": "write default(ticket.owner, \"nobody\")"
        default: "write list.\(name)(x, …)"
        }
    }
}

extension FunctionLibrary.Function {
    static func global(_ name: String, pure: Bool = true, _ body: @escaping FunctionLibrary.One) -> Self {
        Self(name: name, method: false, counts: 1...1, body: .one(body), isPure: pure)
    }

    static func global(_ name: String, pure: Bool = true, _ body: @escaping FunctionLibrary.Two) -> Self {
        Self(name: name, method: false, counts: 2...2, body: .two(body), isPure: pure)
    }

    static func global(_ name: String, _ counts: ClosedRange<Int>, _ body: @escaping FunctionLibrary.Many) -> Self {
        Self(name: name, method: false, counts: counts, body: .many(body), isPure: true)
    }

    static func method(_ name: String, _ body: @escaping FunctionLibrary.One) -> Self {
        Self(name: name, method: true, counts: 1...1, body: .one(body), isPure: true)
    }

    static func method(_ name: String, _ body: @escaping FunctionLibrary.Two) -> Self {
        Self(name: name, method: true, counts: 2...2, body: .two(body), isPure: true)
    }

    /// `counts` includes the target.
    static func method(_ name: String, _ counts: ClosedRange<Int>, _ body: @escaping FunctionLibrary.Many) -> Self {
        Self(name: name, method: true, counts: counts, body: .many(body), isPure: true)
    }
}
