import WorkflowModel

/// A point of a clock at which people want to hear of it.
public struct Threshold: Sendable, Hashable {
    /// How it is counted.
    public enum Kind: Sendable, Hashable {
        case percent(Int64)
        case remaining(Duration)
        case elapsed(Duration)
        /// The target itself.
        case target
        /// So long after the target; with a `repeat`, each time is a threshold of its own.
        case overdue(Duration)
    }

    /// How it is counted.
    public var kind: Kind

    /// A threshold.
    public init(_ kind: Kind) { self.kind = kind }

    /// The name by which events and people call it: `75%`, `30m left`, `2h used`, `100%`, `1h over`.
    public var label: String {
        switch kind {
        case .percent(let percent): "\(percent)%"
        case .remaining(let left): "\(DurationText.forPeople(left)) left"
        case .elapsed(let used): "\(DurationText.forPeople(used)) used"
        case .target: "100%"
        case .overdue(let over): "\(DurationText.forPeople(over)) over"
        }
    }

    /// Whether the clock has breached when it gets there.
    public var isBreach: Bool {
        switch kind {
        case .target, .overdue: true
        default: false
        }
    }

    /// The elapsed time at which a clock with `target` gets there; nil when that is not before the target.
    func amount(of target: Duration) -> Duration? {
        switch kind {
        case .percent(let percent):
            // Whole seconds, rounded up: never before its share has passed.
            return .seconds((target.components.seconds * percent + 99) / 100)
        case .remaining(let left): return left < target ? target - left : nil
        case .elapsed(let used): return used < target ? used : nil
        case .target: return target
        case .overdue(let over): return target + over
        }
    }

    /// The thresholds of a metric: those it names, each repetition on its own, and the target.
    static func all(_ values: [Value]) -> [Threshold] {
        var found: [Threshold] = []
        for value in values {
            if let percent = value["percent"]?.int { found.append(Threshold(.percent(percent))) }
            if let left = value["remaining"]?.duration { found.append(Threshold(.remaining(left))) }
            if let used = value["elapsed"]?.duration { found.append(Threshold(.elapsed(used))) }
            if let over = value["overdue"]?.duration {
                for number in 1...max(1, min(100, value["repeat"]?.int ?? 1)) {
                    found.append(Threshold(.overdue(over * Int(number))))
                }
            }
        }
        found.append(Threshold(.target))
        var seen: Set<String> = []
        return found.filter { seen.insert($0.label).inserted }
    }
}
