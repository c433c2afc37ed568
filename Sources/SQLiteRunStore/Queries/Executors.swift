import GRDB
import RunStore
import WorkflowModel

/// What holds for all changes of one commit: no other process can change it meanwhile.
final class CommitFacts {
    /// The newest executor's generation; nil until it was asked for.
    var executorGeneration: Int64?
}

extension SQLiteReading {
    func executorGeneration() throws -> Int64 {
        try db.integer("SELECT max(generation) FROM executors") ?? 0
    }
}

extension SQLiteTransaction {
    func beginExecutor() throws -> Int64 {
        // Asked again after this: the change may yet be undone, and the number with it.
        facts.executorGeneration = nil
        isBeginner = true
        try db.change("INSERT INTO executors DEFAULT VALUES")
        return db.lastInsertedRowID
    }

    func checkExecutor(_ generation: Int64) throws {
        let newest = try facts.executorGeneration ?? executorGeneration()
        if !isBeginner { facts.executorGeneration = newest }
        guard newest <= generation else { throw StoreError.fenced(generation, by: newest) }
    }

    func claim(_ run: RunID, generation: Int64) throws -> Bool {
        try checkExecutor(generation)
        try db.change(
            """
            UPDATE runs SET lease = ?1 WHERE id = ?2 AND lease IS NOT ?1 AND is_held = 0
                AND state NOT IN ('succeeded', 'failed', 'cancelled')
            """, [generation, run.text])
        return db.changesCount == 1
    }
}
