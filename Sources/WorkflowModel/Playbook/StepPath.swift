/// Where a step stands in its playbook: `steps[4].then[1]`, `on_failure[0]`, `steps[0].parallel[2]`, `steps[3].steps[0]`.
public struct StepPath: Sendable, Hashable, CustomStringConvertible {
    /// The path as text.
    public let text: String

    /// The path of this text.
    public init(_ text: String) { self.text = text }

    /// The path of element `index` of `block` inside this step.
    public func child(_ block: String, _ index: Int) -> StepPath { StepPath("\(text).\(block)[\(index)]") }

    /// The path of what takes this step back.
    public var undo: StepPath { StepPath("\(text).undo") }

    /// The path as text.
    public var description: String { text }
}

/// One instance of a step in a run: its path, and the index in each loop around it, outermost first.
public struct StepKey: Sendable, Hashable, CustomStringConvertible {
    /// The step.
    public var path: StepPath
    /// The iteration of each loop around it, from 0, outermost first.
    public var indices: [Int]

    /// The instance of `path` in these iterations.
    public init(_ path: StepPath, _ indices: [Int] = []) {
        self.path = path
        self.indices = indices
    }

    /// `steps[3].steps[0]`, with `#2` or `#2,0` for loop iterations. Unique in a run.
    public var description: String {
        indices.isEmpty ? path.text : "\(path.text)#\(indices.map(String.init).joined(separator: ","))"
    }

    /// Reads what ``description`` gives.
    public init?(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1)
        guard let path = parts.first else { return nil }
        self.path = StepPath(String(path))
        indices = []
        if parts.count == 2 {
            for index in parts[1].split(separator: ",") {
                guard let number = Int(index) else { return nil }
                indices.append(number)
            }
        }
    }
}
