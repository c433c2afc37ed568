extension Migrations {
    /// Instants are RFC 3339 texts with nine fraction digits, which sort as the instants do. Values are JSON that keeps every
    /// kind (`TypedJSON`).
    static let firstLayout = """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            source TEXT NOT NULL,
            type TEXT NOT NULL,
            subject TEXT,
            time TEXT NOT NULL,
            data TEXT NOT NULL,
            attributes TEXT NOT NULL,
            origin TEXT NOT NULL,
            depth INTEGER NOT NULL,
            caused_by TEXT,
            facts TEXT NOT NULL,
            accepted_at TEXT NOT NULL,
            generation INTEGER NOT NULL,
            is_out_of_order INTEGER NOT NULL,
            UNIQUE (id, source)
        ) STRICT;
        CREATE INDEX events_of_subject ON events (subject) WHERE subject IS NOT NULL;
        CREATE INDEX newest_events ON events (subject, time) WHERE subject IS NOT NULL AND is_out_of_order = 0;

        CREATE TABLE matches (
            number INTEGER PRIMARY KEY,
            event INTEGER NOT NULL,
            playbook TEXT NOT NULL,
            trigger_index INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            run TEXT
        ) STRICT;
        CREATE INDEX matches_of_event ON matches (event);

        CREATE TABLE bundles (hash TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
        CREATE TABLE generations (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, members TEXT NOT NULL
        ) STRICT;
        CREATE TABLE edges (
            subject TEXT NOT NULL,
            playbook TEXT NOT NULL,
            condition TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (subject, playbook)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            playbook TEXT NOT NULL,
            kind TEXT NOT NULL,
            bundle TEXT NOT NULL,
            event INTEGER,
            subject TEXT,
            state TEXT NOT NULL,
            created_at TEXT NOT NULL,
            started_at TEXT,
            ended_at TEXT,
            wakes_at TEXT,
            failure TEXT,
            outputs TEXT,
            requested_by TEXT,
            inputs TEXT NOT NULL,
            depth INTEGER NOT NULL,
            entries INTEGER NOT NULL,
            lease INTEGER
        ) STRICT;
        CREATE INDEX runs_by_state ON runs (state, id);
        CREATE INDEX waiting_runs ON runs (wakes_at) WHERE state = 'waiting';
        CREATE INDEX runs_by_playbook ON runs (playbook, id);
        CREATE INDEX runs_by_subject ON runs (subject, id) WHERE subject IS NOT NULL;
        CREATE INDEX runs_by_event ON runs (event, id) WHERE event IS NOT NULL;

        CREATE TABLE journal (
            run TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            step TEXT,
            version INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run, sequence)
        ) STRICT;

        CREATE TABLE timers (
            is_plugins INTEGER NOT NULL,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            due TEXT NOT NULL,
            event TEXT,
            PRIMARY KEY (is_plugins, owner, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX timers_by_due ON timers (due, is_plugins, owner, name);

        CREATE TABLE effects (
            number INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            action TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            sent TEXT NOT NULL,
            state TEXT NOT NULL,
            intended_at TEXT NOT NULL,
            settled_at TEXT,
            may_be_duplicate INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX effects_of_run ON effects (run);

        CREATE TABLE requests (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            requested_by TEXT NOT NULL,
            at TEXT NOT NULL,
            answer TEXT
        ) STRICT;
        CREATE INDEX open_requests ON requests (id) WHERE answer IS NULL;

        CREATE TABLE executors (generation INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

        CREATE TABLE plugin_numbers (
            plugin TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (plugin, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE collections (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, indexes TEXT NOT NULL, search TEXT NOT NULL
        ) STRICT;
        CREATE TABLE documents (
            number INTEGER PRIMARY KEY,
            collection INTEGER NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (collection, id)
        ) STRICT;
        CREATE TABLE document_index (
            collection INTEGER NOT NULL,
            field TEXT NOT NULL,
            key BLOB NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (collection, field, key, document)
        ) STRICT, WITHOUT ROWID;
        """
}
