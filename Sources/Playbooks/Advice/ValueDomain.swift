import WorkflowModel

/// What is known of a value: which ones it may be, which it is not, and between which numbers it lies.
struct ValueDomain: Sendable {
    private struct Bound: Sendable {
        var number: Double
        /// Whether the number itself is outside.
        var isOpen: Bool
    }

    /// The values that it may have; nil for any.
    private(set) var allowed: [Value]?
    private var excluded: [Value] = []
    private var low: Bound?
    private var high: Bound?

    /// A value of which nothing is known, or one of `allowed`.
    init(allowed: [Value]? = nil) { self.allowed = allowed }

    /// A value in the form in which equal ones are alike: 1 and 1.0 are one number. Nil for what is not compared here.
    static func comparable(_ value: Value) -> Value? {
        switch value {
        case .null, .bool, .string: value
        case .int(let number): abs(number) < 1 << 53 ? .double(Double(number)) : nil
        case .uint(let number): number < 1 << 53 ? .double(Double(number)) : nil
        case .double(let number): number.isFinite ? value : nil
        default: nil
        }
    }

    /// Whether no value is left.
    var isEmpty: Bool {
        if let allowed { return !allowed.contains(where: fits) }
        guard let low, let high else { return false }
        if low.number > high.number { return true }
        return low.number == high.number && (low.isOpen || high.isOpen || excluded.contains(.double(low.number)))
    }

    /// The only value left, if there is only one.
    var only: Value? {
        guard let left = allowed?.filter(fits), left.count == 1 else { return nil }
        return left[0]
    }

    private func fits(_ value: Value) -> Bool {
        guard !excluded.contains(value) else { return false }
        guard low != nil || high != nil else { return true }
        guard case .double(let number) = value else { return false }
        if let low, low.isOpen ? number <= low.number : number < low.number { return false }
        if let high, high.isOpen ? number >= high.number : number > high.number { return false }
        return true
    }

    /// It is one of `values`.
    mutating func restrict(to values: [Value]) {
        allowed = allowed.map { $0.filter(values.contains) } ?? values
    }

    /// It is none of `values`.
    mutating func exclude(_ values: [Value]) { excluded += values.filter { !excluded.contains($0) } }

    /// It is a number that is greater than `number`, or with `isOpen` false at least that.
    mutating func isAbove(_ number: Double, isOpen: Bool) {
        if let low, low.number > number || (low.number == number && low.isOpen) { return }
        low = Bound(number: number, isOpen: isOpen)
    }

    /// It is a number that is less than `number`, or with `isOpen` false at most that.
    mutating func isBelow(_ number: Double, isOpen: Bool) {
        if let high, high.number < number || (high.number == number && high.isOpen) { return }
        high = Bound(number: number, isOpen: isOpen)
    }

    /// Both this and `other` are known.
    mutating func join(_ other: ValueDomain) {
        if let values = other.allowed { restrict(to: values) }
        exclude(other.excluded)
        if let low = other.low { isAbove(low.number, isOpen: low.isOpen) }
        if let high = other.high { isBelow(high.number, isOpen: high.isOpen) }
    }
}
