extension Migrations {
    /// What is left of an event after it was pruned: enough to refuse the same event again, and to tell what is out of order.
    static let eventIdentities = """
        CREATE TABLE event_identities (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            source TEXT NOT NULL,
            subject TEXT,
            time TEXT NOT NULL,
            is_out_of_order INTEGER NOT NULL,
            accepted_at TEXT NOT NULL,
            UNIQUE (id, source)
        ) STRICT;
        CREATE INDEX identities_by_acceptance ON event_identities (accepted_at);
        CREATE INDEX newest_identities ON event_identities (subject, time)
            WHERE subject IS NOT NULL AND is_out_of_order = 0;
        """
}
