import Projections
import RunStore
import WorkflowEngine
import WorkflowModel

/// Something that has changed, once it is on disk.
public struct Change: Sendable {
    /// What it is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A run was made or has come to another state.
        case run
        /// An event was accepted.
        case event
        /// A question was put or answered.
        case ask
        /// An SLA clock has started, stood still, gone on, come near its end, passed it or been met.
        case clock
    }

    /// What has changed.
    enum Content: Sendable {
        case run(RunRecord)
        case event(EventReceipt)
        case ask(AskRecord)
    }

    /// Its place among the changes of this process, from 1.
    var number: Int64
    /// What has changed.
    let content: Content

    /// What it is about.
    var kind: Kind {
        switch content {
        case .run: .run
        case .ask: .ask
        case .event(let receipt): receipt.event.type.hasPrefix("sla.") ? .clock : .event
        }
    }

    /// The playbook that it is about; nil for events.
    var playbook: String? {
        switch content {
        case .run(let run): run.playbook
        case .ask(let ask): ask.playbook
        case .event: nil
        }
    }

    /// What the thing that has changed is about.
    var subject: String? {
        switch content {
        case .run(let run): run.subject
        case .ask(let ask): ask.subject
        case .event(let receipt): receipt.event.subject
        }
    }

    /// The type of an event; nil for others.
    var type: String? { if case .event(let receipt) = content { receipt.event.type } else { nil } }

    /// The change as JSON: enough to show a line; the whole is behind the API's other paths.
    var json: Value {
        switch content {
        case .run(let run):
            // What it was given and gave may be large, and whoever wants it asks for the run.
            var row = run
            row.inputs = ValueMap()
            row.outputs = nil
            return RunJSON.row(row)
        case .ask(let ask):
            var map = AskJSON.whole(ask).map ?? ValueMap()
            for name in ["fields", "answers", "how_to_answer"] { map[name] = nil }
            map["answered"] = .int(Int64(ask.answers.count))
            return .map(map)
        case .event(let receipt):
            var event = receipt.event.envelope.map ?? ValueMap()
            if kind == .event { event["data"] = nil }
            return [
                "sequence": receipt.sequence.map(Value.int) ?? .null, "event": .map(event),
                "matches": .list(receipt.matches.map(EventJSON.match)),
            ]
        }
    }
}

/// Which changes somebody wants to hear of: all that each given list names.
public struct ChangeFilter: Sendable, Hashable {
    /// Of these kinds; nil for all.
    public var kinds: Set<Change.Kind>?
    /// About these playbooks.
    public var playbooks: Set<String>?
    /// About these subjects.
    public var subjects: Set<String>?
    /// Events of these types, or families such as `ticket.*`.
    public var types: [String]?

    /// All changes.
    public init() {}

    init(_ query: QueryValues) {
        kinds = query.texts("kind").map { Set($0.compactMap(Change.Kind.init)) }
        playbooks = query.texts("playbook").map(Set.init)
        subjects = query.texts("subject").map(Set.init)
        types = query.texts("type")
    }

    /// Whether it lets `change` through.
    func fits(_ change: Change) -> Bool {
        if let kinds, !kinds.contains(change.kind) { return false }
        if let playbooks, !(change.playbook.map(playbooks.contains) ?? false) { return false }
        if let subjects, !(change.subject.map(subjects.contains) ?? false) { return false }
        if let types {
            guard let type = change.type else { return false }
            return types.contains { $0 == type || ($0.hasSuffix(".*") && type.hasPrefix($0.dropLast())) }
        }
        return true
    }
}
