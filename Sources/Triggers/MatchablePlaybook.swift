public import WorkflowModel

/// A playbook of the active set, with its conditions planned.
public struct MatchablePlaybook: Sendable {
    /// The playbook.
    public let workflow: Workflow
    /// The hash of its bundle.
    public let bundle: String
    /// Changes when a trigger changes: what edge memory was kept under another one does not count.
    public let conditionHash: String
    /// The event triggers with their place among all triggers.
    let triggers: [(position: Int, trigger: EventTrigger, condition: CompiledCondition?)]
    let keepsEdges: Bool
    /// The keys of its gates; nil when it has no gate with a key.
    public let gateKeys: GateKeys?

    /// Plans the conditions of `workflow`.
    ///
    /// - Throws: ``CompiledCondition/Unplannable`` for the first expression with a mistake.
    public init(workflow: Workflow, bundle: String) throws(CompiledCondition.Unplannable) {
        self.workflow = workflow
        self.bundle = bundle
        var triggers: [(position: Int, trigger: EventTrigger, condition: CompiledCondition?)] = []
        var text = ""
        for (position, trigger) in workflow.triggers.enumerated() {
            guard case .event(let event) = trigger else { continue }
            var condition: CompiledCondition?
            if let written = event.condition { condition = try CompiledCondition(written) }
            triggers.append((position, event, condition))
            text += "\(event.types.joined(separator: ","))|\(event.firing.rawValue)|\(event.includesOwn)|"
            text += event.condition.map(MatchablePlaybook.text) ?? "-"
            text += "\n"
        }
        self.triggers = triggers
        gateKeys = workflow.gates.hasKeys ? try GateKeys(workflow.gates) : nil
        keepsEdges = EdgeMemory.isKept(for: workflow)
        conditionHash = MatchablePlaybook.fingerprint(text)
    }

    private static func text(of condition: Condition) -> String {
        switch condition {
        case .expression(let expression): "(\(expression.text))"
        case .all(let parts): "all[\(parts.map(text).joined(separator: ";"))]"
        case .any(let parts): "any[\(parts.map(text).joined(separator: ";"))]"
        case .not(let part): "not[\(text(of: part))]"
        }
    }

    /// FNV-1a, 64 bits: tells versions of one playbook apart; nothing rests on its strength.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash = hash &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
