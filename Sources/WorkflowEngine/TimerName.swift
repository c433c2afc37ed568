/// The names of the timers of runs.
enum TimerName {
    /// An event has come that the step may wait for.
    static func event(_ step: String) -> String { "event:\(step)" }

    /// The run that the step has called has ended.
    static func returned(_ step: String) -> String { "returned:\(step)" }

    /// Whether a timer tells that something has come, and not that time has passed.
    static func isNews(_ name: String) -> Bool { name.hasPrefix("event:") || name.hasPrefix("returned:") }
}
