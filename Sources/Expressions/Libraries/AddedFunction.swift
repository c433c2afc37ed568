public import WorkflowModel

/// A function that another module adds to the language for its own expressions.
public struct AddedFunction: Sendable {
    /// Why a call gave no value.
    public struct Problem: Error, Sendable {
        /// What is wrong, as a sentence without a full stop.
        public let message: String

        /// A problem of this sentence.
        public init(_ message: String) { self.message = message }
    }

    /// What a call does with its arguments; it may look at the scope of the evaluation.
    public typealias Body = @Sendable (_ arguments: [Value], _ scope: any Scope) throws(Problem) -> Value

    /// The name by which it is called.
    public let name: String
    /// How many arguments it takes.
    public let counts: ClosedRange<Int>
    let body: Body

    /// The function `name`, called as `name(…)`.
    public init(_ name: String, _ counts: ClosedRange<Int>, _ body: @escaping Body) {
        self.name = name
        self.counts = counts
        self.body = body
    }

    var function: FunctionLibrary.Function {
        let body = body
        return FunctionLibrary.Function(
            name: name, method: false, counts: counts,
            body: .many { (arguments, frame) throws(EvalFailure) in
                try frame.spend(1)
                do throws(Problem) {
                    return try body(arguments, frame.scope)
                } catch {
                    throw EvalFailure(.invalidArgument, error.message)
                }
            }, isPure: false)
    }
}

extension FunctionLibrary {
    /// This library with `functions` beside its own.
    public func adding(_ functions: [AddedFunction]) -> FunctionLibrary {
        FunctionLibrary(all + functions.map(\.function), defersProblems: defersProblems)
    }
}
