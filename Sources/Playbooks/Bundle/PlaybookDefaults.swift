public import Shapes
public import WorkflowModel
public import YAML

/// What `defaults:` of `signalbox.yaml` gives to every playbook that does not say otherwise.
public struct PlaybookDefaults: Sendable, Hashable {
    /// The steps when a failure leaves a playbook without `on_failure`; nil for none.
    public var onFailure: [Step]?
    /// For calls without `retry`; nil for the action's own default.
    public var retry: RetryPolicy?
    /// The time limit of an attempt, for calls without `timeout`; nil for the action's own default.
    public var timeout: Duration?
    /// The defaults as written, from which they are read again; null for none.
    public var written: Value = .null

    /// The keys of `defaults:`.
    public static let keys = [
        ShapeKey(
            "on_failure", PlaybookShapes.steps, "Steps for when a failure leaves a playbook without `on_failure`."),
        ShapeKey(
            "retry", .either([.count(1...RetryReader.attemptLimit), .shape("retry")]),
            "For steps with `uses` and without `retry`."),
        ShapeKey("timeout", .duration, "The limit of one attempt, for steps with `uses` and without `timeout`."),
    ]

    /// No defaults.
    public init() {}

    /// Reads `defaults:`; everything there is to say about it comes with it. Names of events are not checked, for any event may have
    /// started the playbook that failed.
    public static func read(
        _ node: YAMLNode, in environment: CheckEnvironment
    ) -> (defaults: PlaybookDefaults, diagnostics: [Diagnostic]) {
        var defaults = PlaybookDefaults()
        let reading = PlaybookReading(node.source, environment)
        guard !node.isNull, let fields = Fields(node, "`defaults`", reading) else {
            return (defaults, reading.diagnostics)
        }
        fields.refuseUnknown(keys.map(\.name), "`defaults`")
        defaults.retry = fields.value("retry").flatMap { RetryReader(reading: reading).retry($0) }
        defaults.timeout = fields.duration("timeout")
        if let steps = fields.value("on_failure") {
            defaults.onFailure = DocumentReader(reading: reading).block(steps, "on_failure", isOnFailure: true)
            let names = NameTable(reading)
            TypeCheck(reading, names).run()
            InputCheck(reading, names).run()
        }
        defaults.written = node.plainValue
        return (defaults, reading.diagnostics)
    }

    /// Reads defaults from what ``written`` gave.
    init(written: Value) {
        self.init()
        guard !written.isNull else { return }
        let source = SourceFile(path: "signalbox.yaml", text: JSONWriter.text(written, indent: 2))
        if let root = YAMLParser.parse(source).root { self = Self.read(root, in: .structureOnly).defaults }
        self.written = written
    }
}

extension Workflow {
    /// The playbook with `defaults` where it says nothing itself.
    public func applying(_ defaults: PlaybookDefaults) -> Workflow {
        var workflow = self
        if workflow.onFailure == nil { workflow.onFailure = defaults.onFailure }
        guard defaults.retry != nil || defaults.timeout != nil else { return workflow }
        workflow.steps = workflow.steps.map { $0.applying(defaults) }
        workflow.onFailure = workflow.onFailure?.map { $0.applying(defaults) }
        return workflow
    }
}

extension Step {
    fileprivate func applying(_ defaults: PlaybookDefaults) -> Step {
        mappingCalls { call in
            call.retry = call.retry ?? defaults.retry
            call.timeout = call.timeout ?? defaults.timeout
        }
    }
}
