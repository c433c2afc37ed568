import WorkflowModel

/// A `wait_for` with its expressions planned.
struct CompiledListen: Sendable {
    /// What the events must be about.
    enum Subject: Sendable {
        case any
        case given(CompiledExpression)

        /// The subject as text.
        ///
        /// - Throws: a ``Failure`` `no_subject` when it is none.
        func subject(_ scope: MachineScope) throws(Failure) -> String {
            switch self {
            case .any: return ListenStep.anySubject
            case .given(let expression):
                let value = try expression.evaluate(scope)
                if case .string(let text) = value, !text.isEmpty, text != ListenStep.anySubject { return text }
                throw Failure(
                    code: "no_subject",
                    message: "wait_for needs a subject such as ticket:T-1, `\(expression.text.text)` is "
                        + (value.string.map { "\"\($0)\"" } ?? value.kindForPeople),
                    place: expression.text.place)
            }
        }
    }

    let options: [CompiledOption]
    let since: String?
    /// Nil for the run's own.
    let subject: Subject?
    let timeout: Duration
    let calendar: String?
    let types: [String]

    /// Whether events count that came before the wait.
    var looksBack: Bool { since != nil || options.contains { $0.step != nil } }

    init(_ listen: ListenStep) throws(Failure) {
        options = try CompiledOption.all(listen.options)
        since = listen.since
        switch listen.subject {
        case .own: subject = nil
        case .any: subject = .any
        case .given(let text): subject = .given(try CompiledExpression(text))
        }
        timeout = listen.timeout
        calendar = listen.calendar
        types = listen.types
    }
}

/// One kind of event that is waited for, its condition planned.
struct CompiledOption: Sendable {
    let types: [String]
    let condition: CompiledExpression?
    /// `of`: the id of the step that must have produced what the event is about.
    let step: String?

    static func all(_ options: [ListenStep.Option]) throws(Failure) -> [CompiledOption] {
        var compiled: [CompiledOption] = []
        for option in options {
            var condition: CompiledExpression?
            if let text = option.condition { condition = try CompiledExpression(text) }
            compiled.append(CompiledOption(types: option.types, condition: condition, step: option.step))
        }
        return compiled
    }
}
