import RunStore
public import WorkflowEngine
import WorkflowModel

/// Rehearses what `mode: shadow` matches: the engine keeps the journal, and nothing is sent.
public enum ShadowRehearsal {
    /// A runner for the engine. `setting` is asked for anew for every run, so that each sees what the workspace keeps then.
    public static func runner(_ setting: @escaping @Sendable () throws -> RehearsalSetting) -> ShadowRunner {
        { run, event, playbook in
            let stage = try await Stage(try setting(), playbooks: [playbook], start: run.createdAt)
            let rehearsed = try await stage.engine.run(
                playbook.workflow.id, event: event?.event, inputs: run.inputs, by: run.requestedBy ?? "shadow")
            let record = try await stage.play(rehearsed.id)
            let journal = try stage.journal(of: rehearsed.id)
            await stage.engine.close()
            return ShadowResult(journal: journal, state: record.state, failure: record.failure, outputs: record.outputs)
        }
    }
}
