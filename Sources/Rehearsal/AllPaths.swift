import RunMachine
public import RunStore
public import WorkflowModel

/// Every ending of a dry run: each wait for an event ends by what it waits for or by its time, and each question by each answer or by
/// its time.
public struct AllPaths: Sendable {
    /// The most paths that are played.
    public static let mostPaths = 200

    /// One way through the playbook.
    public struct Path: Sendable {
        /// What was decided at each point, in the order in which they were met.
        public var points: [ChoicePoint]
        /// The run at its end.
        public var run: RunRecord
        /// From its start to its end, in pretended time; nil when it did not end.
        public var duration: Duration?
        /// The steps that ran, but for blocks that only hold others: a step's id, or what it does when it has none.
        public var steps: [Step]
        /// What would have left, in order.
        public var writes: [RehearsedWrite]

        /// A step that ran.
        public struct Step: Sendable, Hashable {
            /// Its id, or what it does.
            public var name: String
            /// Whether it failed.
            public var hasFailed: Bool
        }

        /// Whether it ends as failed for another reason than that the playbook says so: by a `fail` step, a rejection, or a question
        /// that nobody answers.
        public var failsUnexpectedly: Bool {
            guard run.state == .failed else { return false }
            return !["failed_by_playbook", "rejected", "not_answered"].contains(run.failure?.code ?? "")
        }
    }

    /// What came of it.
    public struct Report: Sendable {
        /// The first path as a dry run: what started it, or why nothing would.
        public var first: DryRun.Report
        /// The paths, in the order of their decisions: what is waited for comes first, time-outs last.
        public var paths: [Path]
        /// Whether there are more than ``mostPaths``.
        public var isCut: Bool
        /// Whether a path had more points than are told apart; the later ones are waits that time out.
        public var isDeep: Bool
    }

    private let play: @Sendable ([Int]) async throws -> DryRun.Report

    /// All paths of `dryRun` for `event`; see ``DryRun/play(event:force:choices:)``.
    public init(of dryRun: DryRun, event: Event, force: Bool) {
        play = { try await dryRun.play(event: event, force: force, choices: $0) }
    }

    /// All paths of `dryRun` by hand.
    public init(of dryRun: DryRun, inputs: ValueMap, start: Timestamp) {
        play = { try await dryRun.play(inputs: inputs, start: start, choices: $0) }
    }

    /// Plays them one after the other, depth first; `progress` is told how many are done.
    ///
    /// - Throws: as a dry run does.
    public func play(progress: (Int) -> Void = { _ in }) async throws -> Report {
        var choices: [Int] = []
        let first = try await play(choices)
        var report = Report(first: first, paths: [], isCut: false, isDeep: first.isDeep)
        var next: DryRun.Report? = first
        while let played = next, let path = AllPaths.path(played) {
            report.paths.append(path)
            report.isDeep = report.isDeep || played.isDeep
            progress(report.paths.count)
            // The next path differs at the last point that has another option.
            guard let last = played.points.lastIndex(where: { $0.chosen + 1 < $0.options.count }) else { break }
            guard report.paths.count < AllPaths.mostPaths else {
                report.isCut = true
                break
            }
            choices = played.points[..<last].map(\.chosen) + [played.points[last].chosen + 1]
            next = try await play(choices)
        }
        return report
    }

    /// Whether the step only holds others, none of which ran.
    private static func isBlock(_ node: RunTree.Node) -> Bool {
        ["if", "switch", "for_each", "repeat", "parallel", "try"].contains(String(node.title.prefix { $0 != " " }))
    }

    private static func path(_ report: DryRun.Report) -> Path? {
        guard let run = report.run, let tree = report.tree else { return nil }
        var steps: [Path.Step] = []
        func visit(_ nodes: [RunTree.Node]) {
            for node in nodes {
                let ran = node.status == .succeeded || node.status == .failed || node.status == .needsAttention
                if node.children.isEmpty, node.key != nil, ran, !isBlock(node) {
                    let name = node.label.contains("[") ? node.title : node.label
                    steps.append(Path.Step(name: name, hasFailed: node.status == .failed))
                }
                visit(node.children)
            }
        }
        visit(tree.steps)
        visit(tree.onFailure)
        let duration = run.endedAt.flatMap { end in run.startedAt.map { end - $0 } }
        return Path(points: report.points, run: run, duration: duration, steps: steps, writes: report.writes)
    }
}
