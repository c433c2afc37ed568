/// `call`: runs another playbook and goes on with what it gives back.
public struct SubRunStep: Sendable, Hashable {
    /// The id of the playbook that is called.
    public var playbook: String
    /// Its inputs.
    public var with: [NamedSource]
    /// Whether the run goes on when the called one fails.
    public var continuesOnError: Bool
    /// `undo`: what takes the step back when the run fails later or is cancelled; nil for nothing.
    public var undo: Compensation?

    /// A call of `playbook`.
    public init(
        playbook: String, with: [NamedSource] = [], continuesOnError: Bool = false, undo: Compensation? = nil
    ) {
        self.playbook = playbook
        self.with = with
        self.continuesOnError = continuesOnError
        self.undo = undo
    }

    /// The most calls inside one another.
    public static let maximumDepth = 10
}

extension Workflow {
    /// The ids of the playbooks that it calls, each once, in order.
    public var callees: [String] {
        var found: [String] = []
        for step in allSteps {
            if case .sub(let sub) = step.kind, !found.contains(sub.playbook) { found.append(sub.playbook) }
        }
        return found
    }

    /// What a caller must know of it.
    public var callable: CallablePlaybook {
        CallablePlaybook(inputs: inputs, outputs: outputs.map(\.name), callees: callees)
    }
}

/// What a check must know of a playbook that is called.
public struct CallablePlaybook: Sendable, Hashable {
    /// The inputs of its manual trigger.
    public var inputs: [InputField]
    /// The names of its outputs.
    public var outputs: [String]
    /// The ids of the playbooks that it calls itself.
    public var callees: [String]

    /// A playbook with these inputs and outputs.
    public init(inputs: [InputField] = [], outputs: [String] = [], callees: [String] = []) {
        self.inputs = inputs
        self.outputs = outputs
        self.callees = callees
    }

    /// The inputs as the schema of `with`.
    public var inputSchema: Schema {
        var schema = Schema(types: ["object"])
        schema.properties = inputs.map { Schema.Property($0.name, $0.schema) }
        schema.required = inputs.filter(\.isRequired).map(\.name)
        schema.allowsOthers = false
        return schema
    }
}
