import RunStore
import WorkflowModel

/// Lets the events of `stop_when` reach a run from the moment it is made.
enum StopWatch {
    /// Stands for the step in the rows of what a run waits for; no step's key is like it.
    static let step = "stop_when"
    /// Stands for every event type in what a step waits for: `until` of `repeat` may become true by any.
    static let anyType = "*"

    /// Subscribes a run that was just made, in the transaction that makes it: so no event slips between.
    static func begin(_ run: RunRecord, of workflow: Workflow, in transaction: any StoreTransaction) throws {
        guard let subject = run.subject, run.kind != .shadow else { return }
        for type in workflow.stoppingTypes {
            try transaction.subscribe(SubscriptionRecord(run: run.id, step: step, type: type, subject: subject))
        }
    }
}
