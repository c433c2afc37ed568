extension Migrations {
    /// Questions to people, the audit log, what gates remember, and what runs know of their slots, callers and origins.
    ///
    /// `timers.kind` is 0 for a run's timer, 1 for a plugin's event, as `is_plugins` was, 2 for a gate's and 3 for a schedule's.
    static let peopleAndGates = """
        ALTER TABLE timers RENAME COLUMN is_plugins TO kind;

        ALTER TABLE runs ADD COLUMN slot TEXT;
        ALTER TABLE runs ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN parent TEXT;
        ALTER TABLE runs ADD COLUMN parent_step TEXT;
        ALTER TABLE runs ADD COLUMN call_depth INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN origin_kind TEXT;
        ALTER TABLE runs ADD COLUMN origin_run TEXT;
        ALTER TABLE runs ADD COLUMN origin_step TEXT;
        CREATE INDEX runs_in_slot ON runs (slot, id)
            WHERE slot IS NOT NULL AND state NOT IN ('succeeded', 'failed', 'cancelled');
        CREATE INDEX runs_by_parent ON runs (parent, id) WHERE parent IS NOT NULL;
        CREATE INDEX runs_by_origin ON runs (origin_run, id) WHERE origin_run IS NOT NULL;

        CREATE TABLE asks (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            label TEXT NOT NULL,
            playbook TEXT NOT NULL,
            subject TEXT,
            question TEXT NOT NULL,
            is_approval INTEGER NOT NULL,
            fields TEXT NOT NULL,
            who TEXT NOT NULL,
            quorum INTEGER NOT NULL,
            answers TEXT NOT NULL,
            state TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            due_at TEXT,
            settled_at TEXT
        ) STRICT;
        CREATE INDEX open_asks ON asks (number) WHERE state = 'open';
        CREATE INDEX asks_of_run ON asks (run, number);

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            by TEXT NOT NULL,
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is never deleted'); END;

        CREATE TABLE gates (
            playbook TEXT NOT NULL,
            gate TEXT NOT NULL,
            key TEXT NOT NULL,
            body TEXT NOT NULL,
            until TEXT,
            PRIMARY KEY (gate, playbook, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX gates_by_until ON gates (until) WHERE until IS NOT NULL;
        """
}
