import Digests
public import Playbooks
public import WorkflowModel

extension ActivePlaybook {
    /// A playbook pinned to `bundle`, known by its SHA-256.
    ///
    /// - Parameter callees: the playbooks that it calls, with the bundles that are part of its own.
    public init(_ workflow: Workflow, bundle: WorkflowBundle, callees: [String: ActivePlaybook] = [:]) {
        self.init(
            workflow: workflow, bundle: bundle.hash(using: { SHA256.hex(of: $0) }), content: bundle.value,
            templates: bundle.templates, callees: callees)
    }

    /// Reads the playbook of a stored bundle: what ``EngineServices/readBundle`` is in a usual process.
    ///
    /// - Throws: ``Failure`` when it is no bundle, or a playbook that this version cannot read any more.
    public static func stored(_ hash: String, _ content: Value) throws -> ActivePlaybook {
        guard let bundle = WorkflowBundle(content) else {
            throw Failure(
                code: "bad_bundle", message: "the stored version \(hash) of the playbook cannot be read by this version"
            )
        }
        let result = bundle.workflow()
        guard let workflow = result.workflow else {
            let first = result.diagnostics.first.map { "\($0)" } ?? "it has mistakes"
            throw Failure(
                code: "bad_bundle",
                message:
                    "the playbook \(bundle.playbook) with which the run began cannot be read by this version: \(first)")
        }
        var callees: [String: ActivePlaybook] = [:]
        for (name, callee) in bundle.callees {
            callees[name] = try stored(callee.hash(using: { SHA256.hex(of: $0) }), callee.value)
        }
        return ActivePlaybook(
            workflow: workflow, bundle: hash, content: content, templates: bundle.templates, callees: callees)
    }
}
