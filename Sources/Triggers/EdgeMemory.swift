import WorkflowModel

/// The rule of edges: for event types that repeat for a subject, a trigger fires when its condition becomes true.
///
/// There is one memory per playbook and subject over all its triggers, and it exists only while a condition holds.
enum EdgeMemory {
    /// What the conditions of a playbook's triggers for an event came to, with the first that decides.
    enum Verdict {
        case holds
        case doesNotHold
        case failed

        /// Which verdict speaks for a playbook with several triggers: the larger.
        var weight: Int {
            switch self {
            case .doesNotHold: 0
            case .failed: 1
            case .holds: 2
            }
        }
    }

    /// What an event does.
    struct Move: Equatable {
        /// Whether the trigger fires; nil reason when it does.
        var stoppedBy: Stop?
        /// The new state of the memory; nil leaves it.
        var remember: Bool?
    }

    /// Why a condition that holds does not fire.
    enum Stop: String {
        /// It held before.
        case edge
        /// The event is older than the subject's newest one, and moves no edge.
        case outOfOrder = "out_of_order"
    }

    /// Whether events of a type repeat for a subject, telling its new state.
    static func repeats(_ type: String) -> Bool { type.hasSuffix(".updated") }

    /// Whether a playbook has a memory at all: only then is there something to remember.
    static func isKept(for workflow: Workflow) -> Bool {
        workflow.triggers.contains { trigger in
            guard case .event(let event) = trigger else { return false }
            return event.firing == .becomingTrue && event.condition != nil && event.types.contains(where: repeats)
        }
    }

    /// What an event of `type` does, given whether the condition was held.
    static func move(
        _ trigger: EventTrigger, type: String, isKept: Bool, wasHeld: Bool, isOutOfOrder: Bool, verdict: Verdict
    ) -> Move {
        let remember: Bool? =
            switch verdict {
            case _ where isOutOfOrder || !isKept: nil
            case .holds: wasHeld ? nil : true
            case .doesNotHold: wasHeld ? false : nil
            case .failed: nil
            }
        guard case .holds = verdict else { return Move(stoppedBy: nil, remember: remember) }
        // Without a condition there is nothing that could become true: every event counts.
        let looksForEdge = trigger.firing == .becomingTrue && trigger.condition != nil && repeats(type)
        guard looksForEdge else { return Move(stoppedBy: nil, remember: remember) }
        if isOutOfOrder { return Move(stoppedBy: .outOfOrder, remember: nil) }
        return Move(stoppedBy: wasHeld ? .edge : nil, remember: remember)
    }
}
