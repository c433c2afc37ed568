public import WorkflowModel

/// A playbook as boxes and arrows.
public struct FlowChart: Sendable, Hashable {
    /// What a box stands for.
    public enum Shape: String, Sendable, Hashable {
        /// What starts the playbook.
        case start
        /// Something that is done.
        case step
        /// A question with several ways on.
        case choice
        /// Steps done again and again.
        case loop
        /// A wait.
        case wait
        /// People are asked.
        case ask
        /// Another playbook.
        case call
        /// Where ways part or meet.
        case joint
        /// The run ends well.
        case end
        /// The run ends as failed.
        case failure
    }

    /// A box.
    public struct Box: Sendable, Hashable {
        /// Its id, unique in the chart: `n1`.
        public var id: String
        /// What it is.
        public var shape: Shape
        /// What is written in it, a line each.
        public var lines: [String]
        /// The path of the step in the playbook; nil for what is no step.
        public var path: String?
    }

    /// An arrow.
    public struct Arrow: Sendable, Hashable {
        /// Where it begins.
        public var from: String
        /// Where it ends.
        public var to: String
        /// What is written beside it.
        public var label: String?
        /// Whether it is only gone when something fails.
        public var isFailure = false
        /// Whether it leads back to a loop.
        public var isBack = false
    }

    /// The playbook's id.
    public var playbook: String
    /// Its title.
    public var title: String?
    /// The boxes, in the order of the playbook.
    public var boxes: [Box] = []
    /// The arrows.
    public var arrows: [Arrow] = []

    /// The chart as JSON: `playbook`, `title`, `boxes` (`id`, `shape`, `lines`, `path`), `arrows` (`from`, `to`, `label`, `failure`,
    /// `back`).
    public var json: Value {
        [
            "playbook": .string(playbook), "title": title.map(Value.string) ?? .null,
            "boxes": .list(
                boxes.map { box in
                    [
                        "id": .string(box.id), "shape": .string(box.shape.rawValue),
                        "lines": .list(box.lines.map(Value.string)), "path": box.path.map(Value.string) ?? .null,
                    ]
                }),
            "arrows": .list(
                arrows.map { arrow in
                    [
                        "from": .string(arrow.from), "to": .string(arrow.to),
                        "label": arrow.label.map(Value.string) ?? .null, "failure": .bool(arrow.isFailure),
                        "back": .bool(arrow.isBack),
                    ]
                }),
        ]
    }
}
