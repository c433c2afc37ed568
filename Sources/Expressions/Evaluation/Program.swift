public import WorkflowModel

/// An expression that is ready to be evaluated, any number of times and from any thread.
public struct Program: Sendable {
    /// The expression that it was made from.
    public let expression: Expression
    /// The functions that it may call.
    public let library: FunctionLibrary
    let container: String?
    private let plan: any Operation
    private let slots: Int

    /// Plans `expression`: functions are looked up, constant parts computed, constant patterns compiled.
    ///
    /// - Parameters:
    ///   - library: the functions that may be called.
    ///   - container: when given, names of the scope may have dots and are first looked up inside this container
    ///     (langdef.md, "Name Resolution"); playbooks have none.
    /// - Throws: the first unknown function, wrong number of arguments or impossible constant.
    public init(
        _ expression: Expression, library: FunctionLibrary = .standard, container: String? = nil
    ) throws(ExpressionError) {
        var planner = Planner(library: library, container: container)
        let operation = try planner.plan(expression.root)
        self.expression = expression
        self.library = library
        self.container = container
        plan = operation
        slots = planner.slots
    }

    /// Reads and plans `text`.
    public init(
        parsing text: String, library: FunctionLibrary = .standard, container: String? = nil
    ) throws(ExpressionError) {
        try self.init(Expression(parsing: text), library: library, container: container)
    }

    /// The value in `scope`.
    ///
    /// - Throws: ``EvaluationError`` when there is none.
    public func evaluate(_ scope: some Scope) throws(EvaluationError) -> Value {
        var frame = Frame(scope: scope, slots: slots)
        do throws(EvalFailure) { return try Sizes.checked(plan.evaluate(&frame)) } catch { throw error.published }
    }

    /// The truth value in `scope`, for conditions.
    ///
    /// - Throws: ``EvaluationError`` when there is no value, or it is neither true nor false.
    public func test(_ scope: some Scope) throws(EvaluationError) -> Bool {
        var frame = Frame(scope: scope, slots: slots)
        do throws(EvalFailure) { return try plan.test(&frame) } catch { throw error.published }
    }

    /// The value, when the whole expression is constant.
    public var constant: Value? { (plan as? Constant)?.value }
}
