import WorkflowModel

/// The limits of one evaluation.
enum Limits {
    /// Steps: one for an element that a macro visits (times the size of what is evaluated for it), and one for every 16 bytes
    /// or element that a function reads or makes.
    static let cost = 1_000_000
    /// The longest text or bytes that an operation may make.
    static let textLength = 1 << 20
    /// The largest value, as ``Sizes`` counts, that leaves an expression or is shown as text.
    static let valueSize = 500_000
    /// The longest list or map that an operation may make.
    static let listCount = 100_000
}

/// The state of one evaluation.
struct Frame {
    let scope: any Scope
    /// The values of names that macros bind, by slot.
    var locals: [Value]
    private var left = Limits.cost

    init(scope: any Scope, slots: Int) {
        self.scope = scope
        locals = slots == 0 ? [] : [Value](repeating: .null, count: slots)
    }

    /// Takes `steps` from what is left.
    @inline(__always)
    mutating func spend(_ steps: Int) throws(EvalFailure) {
        left -= steps
        if left < 0 { throw Frame.exhausted() }
    }

    private static func exhausted() -> EvalFailure {
        EvalFailure(.costExceeded, "the expression takes more than \(Limits.cost) steps")
    }

    /// Takes the price of a text of `bytes`, and refuses one that is too long.
    mutating func spend(textOf bytes: Int) throws(EvalFailure) {
        if bytes > Limits.textLength {
            throw EvalFailure(.costExceeded, "a text would be longer than \(Limits.textLength >> 20) MiB")
        }
        try spend(bytes >> 4)
    }

    /// Takes the price of a list of `count`, and refuses one that is too long.
    mutating func spend(listOf count: Int) throws(EvalFailure) {
        if count > Limits.listCount {
            throw EvalFailure(.costExceeded, "a list would have more than \(Limits.listCount) elements")
        }
        try spend(count)
    }
}
