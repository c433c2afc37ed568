/// What is known of a metric before anything is measured: its help text, and the bounds of a histogram.
public struct MetricDescription: Sendable, Hashable {
    /// The name with its unit, `signalbox_commit_duration_seconds`.
    public var name: String
    /// One line for people.
    public var help: String
    /// The upper bounds of a histogram's buckets, in the unit of the name, ascending; without the last, infinite one.
    public var bounds: [Double]

    /// A description.
    public init(name: String, help: String, bounds: [Double] = []) {
        self.name = name
        self.help = help
        self.bounds = bounds
    }
}
