import RunStore
import WorkflowModel

extension Tables {
    /// What tells a timer from the others, in the order in which timers of one instant come.
    struct TimerKey: Hashable, Comparable {
        enum Kind: Int {
            case run, event, gate, schedule
        }

        var kind: Kind
        var owner: ExactText
        var name: ExactText

        init(_ purpose: TimerRecord.Purpose) {
            switch purpose {
            case .run(let run, let name): self.init(run: run, name: name)
            case .event(let plugin, let key, _): self.init(plugin: plugin, key: key)
            case .gate(let playbook, let gate, let key): self.init(.gate, playbook, "\(gate)/\(key)")
            case .schedule(let playbook, let trigger): self.init(.schedule, playbook, "\(trigger)")
            }
        }

        init(run: RunID, name: String) { self.init(.run, run.text, name) }

        init(plugin: String, key: String) { self.init(.event, plugin, key) }

        private init(_ kind: Kind, _ owner: String, _ name: String) {
            self.kind = kind
            self.owner = ExactText(owner)
            self.name = ExactText(name)
        }

        static func < (left: TimerKey, right: TimerKey) -> Bool {
            (left.kind.rawValue, left.owner, left.name) < (right.kind.rawValue, right.owner, right.name)
        }
    }
}
