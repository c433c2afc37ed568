extension Migrations {
    /// The steps that wait for events, found by what the events are about.
    static let subscriptions = """
        CREATE TABLE subscriptions (
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            type TEXT NOT NULL,
            subject TEXT NOT NULL,
            PRIMARY KEY (run, step, type, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX subscriptions_by_subject ON subscriptions (subject, type, run, step);
        """
}
