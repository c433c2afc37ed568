import GRDB
import RunStore
import WorkflowModel

extension SQLiteReading {
    func subscriptions(toType type: String, ofSubject subject: String) throws -> [SubscriptionRecord] {
        try db.rows(
            """
            SELECT run, step, subject FROM subscriptions WHERE subject IN (?, ?) AND type = ? ORDER BY run, step, subject
            """, [subject, SubscriptionRecord.anySubject, type]
        ) { row in
            SubscriptionRecord(run: RunID(row[0]), step: row[1], type: type, subject: row[2])
        }
    }
}

extension SQLiteTransaction {
    func subscribe(_ subscription: SubscriptionRecord) throws {
        try db.change(
            "INSERT INTO subscriptions (run, step, type, subject) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [subscription.run.text, subscription.step, subscription.type, subscription.subject])
    }

    func unsubscribe(run: RunID, step: String?) throws {
        if let step {
            try db.change("DELETE FROM subscriptions WHERE run = ? AND step = ?", [run.text, step])
        } else {
            try db.change("DELETE FROM subscriptions WHERE run = ?", [run.text])
        }
    }
}
