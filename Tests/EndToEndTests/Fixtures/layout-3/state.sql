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
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    at TEXT NOT NULL,
    answer TEXT
) STRICT;
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
CREATE TABLE subscriptions (
    run TEXT NOT NULL,
    step TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (run, step, type, subject)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search_3 USING fts5 (words, id UNINDEXED, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_4 USING fts5 (words, id UNINDEXED, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_8 USING fts5 (words, id UNINDEXED, tokenize = 'ascii');
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (1, 'merged-4711', 'https://desk.example.com', 'ticket.merged', 'ticket:4711', '2026-11-22T06:17:47.897758391Z', '{"ticket":{"id":"4711","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"4711","title":"A test","text":null,"status":"closed","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:47.897758391Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:47.983456118Z', 1, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (2, 'run.needs_attention/run_01m80yenpf978bb93jcdmsv0vh/5', '/signalbox', 'run.needs_attention', 'run:run_01m80yenpf978bb93jcdmsv0vh', '2026-11-22T06:17:49.027261121Z', '{"run":{"id":"run_01m80yenpf978bb93jcdmsv0vh","playbook":"unsure","state":"needs_attention","event":"merged-4711","step":"answer","failure":{"code":"timeout","message":"ticket.reply gave no answer within 1s"}}}', '{}', 'outside', 1, 'run_01m80yenpf978bb93jcdmsv0vh', '{}', '2026-11-22T06:17:49.027261121Z', 1, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (3, 'commented-T-done', 'https://desk.example.com', 'ticket.commented', 'ticket:T-done', '2026-11-22T06:17:49.248983128Z', '{"ticket":{"id":"T-done","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-done","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:49.278819658Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (4, 'resolved-T-tries', 'https://desk.example.com', 'ticket.resolved', 'ticket:T-tries', '2026-11-22T06:17:49.248983128Z', '{"ticket":{"id":"T-tries","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-tries","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:49.278819658Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (5, 'assigned-T-waits', 'https://desk.example.com', 'ticket.assigned', 'ticket:T-waits', '2026-11-22T06:17:49.248983128Z', '{"ticket":{"id":"T-waits","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-waits","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:49.278819658Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (6, 'reopened-T-hears', 'https://desk.example.com', 'ticket.reopened', 'ticket:T-hears', '2026-11-22T06:17:49.248983128Z', '{"ticket":{"id":"T-hears","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-hears","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":1,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:49.278819658Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (23, 'created-T-17', 'https://desk.example.com', 'ticket.created', 'ticket:T-17', '2026-11-22T06:17:50.703409537Z', '{"ticket":{"id":"T-17","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-17","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:50.779424222Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (41, 'created-T-35', 'https://desk.example.com', 'ticket.created', 'ticket:T-35', '2026-11-22T06:17:50.703409537Z', '{"ticket":{"id":"T-35","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-35","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:50.779424222Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (54, 'created-T-48', 'https://desk.example.com', 'ticket.created', 'ticket:T-48', '2026-11-22T06:17:50.703409537Z', '{"ticket":{"id":"T-48","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-48","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:50.779424222Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (71, 'created-T-65', 'https://desk.example.com', 'ticket.created', 'ticket:T-65', '2026-11-22T06:17:50.703409537Z', '{"ticket":{"id":"T-65","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-65","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:50.779424222Z', 2, 0);
INSERT INTO events (sequence, id, source, type, subject, time, data, attributes, origin, depth, caused_by, facts, accepted_at, generation, is_out_of_order) VALUES (73, 'created-T-67', 'https://desk.example.com', 'ticket.created', 'ticket:T-67', '2026-11-22T06:17:50.703409537Z', '{"ticket":{"id":"T-67","title":"A test","priority":"P2","status":"open"}}', '{}', 'outside', 0, NULL, '{"ticket":{"id":"T-67","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}}', '2026-11-22T06:17:50.779424222Z', 2, 0);
INSERT INTO sqlite_sequence (name, seq) VALUES ('executors', 3);
INSERT INTO sqlite_sequence (name, seq) VALUES ('generations', 2);
INSERT INTO sqlite_sequence (name, seq) VALUES ('events', 76);
INSERT INTO sqlite_sequence (name, seq) VALUES ('requests', 3);
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (1, 1, 'unsure', 0, 'fired', '', '', 'run_01m80yenpf978bb93jcdmsv0vh');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (2, 3, 'done', 0, 'fired', '', '', 'run_01m80yepyyf6b86mcybs2mvbnn');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (3, 4, 'tries', 0, 'fired', '', '', 'run_01m80yepyymjehj6d74m00pk7x');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (4, 5, 'waits', 0, 'fired', '', '', 'run_01m80yepyyxkhyf1p7jb44nm6j');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (5, 6, 'hears', 0, 'fired', '', '', 'run_01m80yepyyg00rvf979qv0m2hx');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (22, 23, 'told', 0, 'fired', '', '', 'run_01m80yerdv021sgfdgt48za1n5');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (40, 41, 'told', 0, 'fired', '', '', 'run_01m80yerdv11v6fwhq0f4y28nr');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (53, 54, 'told', 0, 'fired', '', '', 'run_01m80yerdv0nw6h3j08sj25zf4');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (70, 71, 'told', 0, 'fired', '', '', 'run_01m80yerdv3j84r5wt1wpttzwf');
INSERT INTO matches (number, event, playbook, trigger_index, outcome, reason, detail, run) VALUES (72, 73, 'told', 0, 'fired', '', '', 'run_01m80yerdv9ghkka2b1vzb5g0a');
INSERT INTO bundles (hash, content) VALUES ('8b5e1521f7260260e27a324df06d82a8a00f2b7dbac29afca130586ed9914489', '{"format":1,"playbook":"done","file":"playbooks/done.yaml","text":"playbook: done\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.commented }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('f70ac5336541fd6024c7ad82e31274b6e8b59505d160278a97dc5535b59792de', '{"format":1,"playbook":"hears","file":"playbooks/hears.yaml","text":"playbook: hears\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.reopened }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: closed\n    wait_for: { event: ticket.closed, timeout: 10d }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('ac0a6d0b23e1b8bbef6898053936b9920f648cdfe4a1319cbec006722a513318', '{"format":1,"playbook":"told","file":"playbooks/told.yaml","text":"playbook: told\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.created }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: wire\n    uses: notify.send\n    with: { by: wire, to: \"#support\", text: \"New: ${{ ticket.id }}\" }\n    undo: { uses: ticket.note, with: { text: \"taken back for ${{ ticket.id }}\" } }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"notify":"0.1.0","ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('1b67daa2abe4afc213ce456fcc3b48a0daf1d13f452fb5309d0381885fefe8bb', '{"format":1,"playbook":"tries","file":"playbooks/tries.yaml","text":"playbook: tries\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.resolved }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: wire\n    uses: notify.send\n    with: { by: wire, to: \"#support\", text: \"Resolved: ${{ ticket.id }}\" }\n    retry: { attempts: 2, backoff: constant, initial: 1h, jitter: none }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"notify":"0.1.0","ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('100b37cb59d77c7f1ecae98b16874c8d8c0b00d8ca5d3ada8865b35584dbb8ae', '{"format":1,"playbook":"unsure","file":"playbooks/unsure.yaml","text":"playbook: unsure\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.merged }\nsteps:\n  - { id: answer, uses: ticket.reply, with: { text: \"hello\" }, timeout: 1s }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('0a80db1b68123e06ede054887c0d6a43e69b2afe70d475d4af3d1d0fad187586', '{"format":1,"playbook":"waits","file":"playbooks/waits.yaml","text":"playbook: waits\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.assigned }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: both\n    parallel:\n      - id: priority\n        uses: enrich.priority\n        with: { impact: high, urgency: medium }\n      - id: each\n        for_each: ''[\"a\", \"b\"]''\n        as: word\n        steps:\n          - { id: say, uses: ticket.note, with: { text: \"loop ${{ word }} of ${{ ticket.id }}\" } }\n          - if: word == \"a\"\n            then: [{ wait: 1h }]\n  - { id: after, uses: ticket.note, with: { text: \"after ${{ steps.priority.priority }} of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"enrich":"0.1.0","ticket":"0.1.0"},"settings":"b41a0c852ac43c8d25368dabb55d2d9f724f8d6a5e67f289af6c8aace96ea58c","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('38f372bdda937b78c8adc98a91cc55c6a129369df1d0e01e67dc768ebe2217c7', '{"format":1,"playbook":"done","file":"playbooks/done.yaml","text":"playbook: done\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.commented }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('8615293ad1d042fc25ece749f7ee5a29925ee6e15b8fd722d1bdbf0052344862', '{"format":1,"playbook":"hears","file":"playbooks/hears.yaml","text":"playbook: hears\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.reopened }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: closed\n    wait_for: { event: ticket.closed, timeout: 10d }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', '{"format":1,"playbook":"told","file":"playbooks/told.yaml","text":"playbook: told\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.created }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: wire\n    uses: notify.send\n    with: { by: wire, to: \"#support\", text: \"New: ${{ ticket.id }}\" }\n    undo: { uses: ticket.note, with: { text: \"taken back for ${{ ticket.id }}\" } }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"notify":"0.1.0","ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('2e3c79fcd51cdb33bfc73fcc2ee77d0484e71c0c7d496bec4b9ba049743658d4', '{"format":1,"playbook":"tries","file":"playbooks/tries.yaml","text":"playbook: tries\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.resolved }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: wire\n    uses: notify.send\n    with: { by: wire, to: \"#support\", text: \"Resolved: ${{ ticket.id }}\" }\n    retry: { attempts: 2, backoff: constant, initial: 1h, jitter: none }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"notify":"0.1.0","ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('8888c29dddd80598ac7f66d95f2866c045b3e5e923d75f6ddf24e45b5281488a', '{"format":1,"playbook":"unsure","file":"playbooks/unsure.yaml","text":"playbook: unsure\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.merged }\nsteps:\n  - { id: answer, uses: ticket.reply, with: { text: \"hello\" }, timeout: 1s }\n  - { id: after, uses: ticket.note, with: { text: \"after of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO bundles (hash, content) VALUES ('1d729c1f4678aab97d2a4dae7778ee7be7a20f1e85b83d1533157266f6064472', '{"format":1,"playbook":"waits","file":"playbooks/waits.yaml","text":"playbook: waits\ntitle: For a test\nowner: agent-1\nmode: active\ntrigger: { event: ticket.assigned }\nsteps:\n  - { id: before, uses: ticket.note, with: { text: \"before of ${{ ticket.id }}\" } }\n  - id: both\n    parallel:\n      - id: priority\n        uses: enrich.priority\n        with: { impact: high, urgency: medium }\n      - id: each\n        for_each: ''[\"a\", \"b\"]''\n        as: word\n        steps:\n          - { id: say, uses: ticket.note, with: { text: \"loop ${{ word }} of ${{ ticket.id }}\" } }\n          - if: word == \"a\"\n            then: [{ wait: 1h }]\n  - { id: after, uses: ticket.note, with: { text: \"after ${{ steps.priority.priority }} of ${{ ticket.id }}\" } }\n","templates":{},"plugins":{"enrich":"0.1.0","ticket":"0.1.0"},"settings":"c981e2227c4dfb93a8cc643accc6696f00a4316e6ea7230ac9b898fd888d99a4","defaults":null}');
INSERT INTO generations (number, at, members) VALUES (1, '2026-11-22T06:17:47.968305551Z', '[{"playbook":"done","bundle":"8b5e1521f7260260e27a324df06d82a8a00f2b7dbac29afca130586ed9914489","mode":"active"},{"playbook":"hears","bundle":"f70ac5336541fd6024c7ad82e31274b6e8b59505d160278a97dc5535b59792de","mode":"active"},{"playbook":"told","bundle":"ac0a6d0b23e1b8bbef6898053936b9920f648cdfe4a1319cbec006722a513318","mode":"active"},{"playbook":"tries","bundle":"1b67daa2abe4afc213ce456fcc3b48a0daf1d13f452fb5309d0381885fefe8bb","mode":"active"},{"playbook":"unsure","bundle":"100b37cb59d77c7f1ecae98b16874c8d8c0b00d8ca5d3ada8865b35584dbb8ae","mode":"active"},{"playbook":"waits","bundle":"0a80db1b68123e06ede054887c0d6a43e69b2afe70d475d4af3d1d0fad187586","mode":"active"}]');
INSERT INTO generations (number, at, members) VALUES (2, '2026-11-22T06:17:49.264858465Z', '[{"playbook":"done","bundle":"38f372bdda937b78c8adc98a91cc55c6a129369df1d0e01e67dc768ebe2217c7","mode":"active"},{"playbook":"hears","bundle":"8615293ad1d042fc25ece749f7ee5a29925ee6e15b8fd722d1bdbf0052344862","mode":"active"},{"playbook":"told","bundle":"bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c","mode":"active"},{"playbook":"tries","bundle":"2e3c79fcd51cdb33bfc73fcc2ee77d0484e71c0c7d496bec4b9ba049743658d4","mode":"active"},{"playbook":"unsure","bundle":"8888c29dddd80598ac7f66d95f2866c045b3e5e923d75f6ddf24e45b5281488a","mode":"active"},{"playbook":"waits","bundle":"1d729c1f4678aab97d2a4dae7778ee7be7a20f1e85b83d1533157266f6064472","mode":"active"}]');
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 'unsure', 'live', '100b37cb59d77c7f1ecae98b16874c8d8c0b00d8ca5d3ada8865b35584dbb8ae', 1, 'ticket:4711', 'needs_attention', '2026-11-22T06:17:47.983456118Z', '2026-11-22T06:17:48.006919273Z', NULL, '2026-12-22T06:17:48.003774483Z', NULL, NULL, NULL, '{}', 0, 5, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 'done', 'live', '38f372bdda937b78c8adc98a91cc55c6a129369df1d0e01e67dc768ebe2217c7', 3, 'ticket:T-done', 'succeeded', '2026-11-22T06:17:49.278819658Z', '2026-11-22T06:17:49.295970469Z', '2026-11-22T06:17:49.306561755Z', NULL, NULL, NULL, NULL, '{}', 0, 5, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 'tries', 'live', '2e3c79fcd51cdb33bfc73fcc2ee77d0484e71c0c7d496bec4b9ba049743658d4', 4, 'ticket:T-tries', 'waiting', '2026-11-22T06:17:49.278819658Z', '2026-11-22T06:17:49.296836340Z', NULL, '2026-11-22T07:17:49.340272274Z', NULL, NULL, NULL, '{}', 0, 6, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 'waits', 'live', '1d729c1f4678aab97d2a4dae7778ee7be7a20f1e85b83d1533157266f6064472', 5, 'ticket:T-waits', 'waiting', '2026-11-22T06:17:49.278819658Z', '2026-11-22T06:17:49.297765396Z', NULL, '2026-11-22T07:17:49.331624666Z', NULL, NULL, NULL, '{}', 0, 11, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 'hears', 'live', '8615293ad1d042fc25ece749f7ee5a29925ee6e15b8fd722d1bdbf0052344862', 6, 'ticket:T-hears', 'waiting', '2026-11-22T06:17:49.278819658Z', '2026-11-22T06:17:49.316394110Z', NULL, '2026-12-02T06:17:49.342015765Z', NULL, NULL, NULL, '{}', 0, 5, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 'told', 'live', 'bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', 23, 'ticket:T-17', 'stopping', '2026-11-22T06:17:50.779424222Z', '2026-11-22T06:17:51.020952869Z', NULL, NULL, NULL, NULL, NULL, '{}', 0, 6, 3);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 'told', 'live', 'bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', 41, 'ticket:T-35', 'running', '2026-11-22T06:17:50.779424222Z', '2026-11-22T06:17:51.035539716Z', NULL, NULL, NULL, NULL, NULL, '{}', 0, 5, 3);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 'told', 'live', 'bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', 54, 'ticket:T-48', 'running', '2026-11-22T06:17:50.779424222Z', '2026-11-22T06:17:51.046305493Z', NULL, NULL, NULL, NULL, NULL, '{}', 0, 5, 3);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yerdv3j84r5wt1wpttzwf', 'told', 'live', 'bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', 71, 'ticket:T-65', 'queued', '2026-11-22T06:17:50.779424222Z', NULL, NULL, NULL, NULL, NULL, NULL, '{}', 0, 0, NULL);
INSERT INTO runs (id, playbook, kind, bundle, event, subject, state, created_at, started_at, ended_at, wakes_at, failure, outputs, requested_by, inputs, depth, entries, lease) VALUES ('run_01m80yerdv9ghkka2b1vzb5g0a', 'told', 'live', 'bf7b95e5f9d207c611162490a85c20f7d3876752259a4a3ad78224952561989c', 73, 'ticket:T-67', 'queued', '2026-11-22T06:17:50.779424222Z', NULL, NULL, NULL, NULL, NULL, NULL, '{}', 0, 0, NULL);
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 1, '2026-11-22T06:17:48.005396011Z', 'started', NULL, 1, '{"run":"run_01m80yenpf978bb93jcdmsv0vh","url":null,"at":{"$time":"2026-11-22T06:17:48.003774483Z"},"event":{"specversion":"1.0","id":"merged-4711","source":"https://desk.example.com","type":"ticket.merged","subject":"ticket:4711","time":{"$time":"2026-11-22T06:17:47.897758391Z"}},"names":{"ticket":{"id":"4711","title":"A test","text":null,"status":"closed","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:47.897758391Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null},"into":null},"inputs":{},"seed":{"$uint":"5874378248367089929"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 2, '2026-11-22T06:17:48.005396011Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 3, '2026-11-22T06:17:48.006809119Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"3ce1769f63eb5c3485e6b4f0e95b576b63489fd5854bbc86da112c2b5b41d75f","started_at":{"$time":"2026-11-22T06:17:48.004590240Z"},"input":{"text":"hello"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 4, '2026-11-22T06:17:49.020245838Z', 'uncertain', 'steps[0]', 1, '{"attempt":1,"failure":{"code":"timeout","message":"ticket.reply gave no answer within 1s","kind":"uncertain","step":"answer","place":{"file":"/workspace/playbooks/unsure.yaml","line":7,"column":5}}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yenpf978bb93jcdmsv0vh', 5, '2026-11-22T06:17:49.027106401Z', 'needs_attention', 'steps[0]', 1, '{"failure":{"code":"timeout","message":"ticket.reply gave no answer within 1s","kind":"uncertain","step":"answer","place":{"file":"/workspace/playbooks/unsure.yaml","line":7,"column":5}}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 1, '2026-11-22T06:17:49.295535139Z', 'started', NULL, 1, '{"run":"run_01m80yepyyf6b86mcybs2mvbnn","url":null,"at":{"$time":"2026-11-22T06:17:49.294785762Z"},"event":{"specversion":"1.0","id":"commented-T-done","source":"https://desk.example.com","type":"ticket.commented","subject":"ticket:T-done","time":{"$time":"2026-11-22T06:17:49.248983128Z"}},"names":{"ticket":{"id":"T-done","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null},"comment":null},"inputs":{},"seed":{"$uint":"8900128090181421694"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 2, '2026-11-22T06:17:49.295535139Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 3, '2026-11-22T06:17:49.295917860Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"aecafded01e4f957943759e5dc3b7e62271789bc4fc248b94f44041e683bfe87","started_at":{"$time":"2026-11-22T06:17:49.295157696Z"},"input":{"text":"before of T-done"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 1, '2026-11-22T06:17:49.296629401Z', 'started', NULL, 1, '{"run":"run_01m80yepyymjehj6d74m00pk7x","url":null,"at":{"$time":"2026-11-22T06:17:49.296317046Z"},"event":{"specversion":"1.0","id":"resolved-T-tries","source":"https://desk.example.com","type":"ticket.resolved","subject":"ticket:T-tries","time":{"$time":"2026-11-22T06:17:49.248983128Z"}},"names":{"ticket":{"id":"T-tries","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}},"inputs":{},"seed":{"$uint":"5096226518149425501"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 2, '2026-11-22T06:17:49.296629401Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 3, '2026-11-22T06:17:49.296794988Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"29b0410e7802860ff31b5f3343d0c4bbe92e13e3cbe63e471697ea0a7b730a50","started_at":{"$time":"2026-11-22T06:17:49.296529903Z"},"input":{"text":"before of T-tries"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 1, '2026-11-22T06:17:49.297578347Z', 'started', NULL, 1, '{"run":"run_01m80yepyyxkhyf1p7jb44nm6j","url":null,"at":{"$time":"2026-11-22T06:17:49.297307953Z"},"event":{"specversion":"1.0","id":"assigned-T-waits","source":"https://desk.example.com","type":"ticket.assigned","subject":"ticket:T-waits","time":{"$time":"2026-11-22T06:17:49.248983128Z"}},"names":{"ticket":{"id":"T-waits","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null},"changes":null,"previous_assignee":null},"inputs":{},"seed":{"$uint":"3539195865954102994"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 2, '2026-11-22T06:17:49.297578347Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 3, '2026-11-22T06:17:49.297727629Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"c79afb118a4d4e74e06f5d5b6469d31f08198e578a6ce37a0376256ead2152b7","started_at":{"$time":"2026-11-22T06:17:49.297495523Z"},"input":{"text":"before of T-waits"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 4, '2026-11-22T06:17:49.306475937Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-done","desk":"outbox","file":"ticket-note-T-done-aecafded01e4f957943759e5dc3b7e62271789bc4fc248b94f44041e683bfe87.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:49.295157696Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyf6b86mcybs2mvbnn', 5, '2026-11-22T06:17:49.306550118Z', 'ended', NULL, 1, '{"state":"succeeded"}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 4, '2026-11-22T06:17:49.314356101Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-tries","desk":"outbox","file":"ticket-note-T-tries-29b0410e7802860ff31b5f3343d0c4bbe92e13e3cbe63e471697ea0a7b730a50.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:49.296529903Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 5, '2026-11-22T06:17:49.314690599Z', 'intended', 'steps[1]', 1, '{"attempt":1,"key":"39d3a0b3ad24a135d8c493e8fdd552c96000b134e38ee9775cbd4e6bab4867b1","started_at":{"$time":"2026-11-22T06:17:49.314393586Z"},"input":{"by":"wire","to":"#support","text":"Resolved: T-tries"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 4, '2026-11-22T06:17:49.314795907Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-waits","desk":"outbox","file":"ticket-note-T-waits-c79afb118a4d4e74e06f5d5b6469d31f08198e578a6ce37a0376256ead2152b7.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:49.297495523Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 5, '2026-11-22T06:17:49.315313569Z', 'decided', 'steps[1]', 1, '{"as":"parallel"}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 6, '2026-11-22T06:17:49.315313569Z', 'decided', 'steps[1].parallel[1]', 1, '{"as":"loop","items":["a","b"]}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 7, '2026-11-22T06:17:49.315752033Z', 'completed', 'steps[1].parallel[0]', 1, '{"attempt":1,"output":{"priority":"P2","level":2,"impact":"1","urgency":"2","source":"default matrix","assumed":false},"started_at":{"$time":"2026-11-22T06:17:49.314813212Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 8, '2026-11-22T06:17:49.315783069Z', 'intended', 'steps[1].parallel[1].steps[0]#0', 1, '{"attempt":1,"key":"87ff32db85870d0fa4d175441db6d907130a37a33ed61f808e870c50a850a0e3","started_at":{"$time":"2026-11-22T06:17:49.314813212Z"},"input":{"text":"loop a of T-waits"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 1, '2026-11-22T06:17:49.316134803Z', 'started', NULL, 1, '{"run":"run_01m80yepyyg00rvf979qv0m2hx","url":null,"at":{"$time":"2026-11-22T06:17:49.313146046Z"},"event":{"specversion":"1.0","id":"reopened-T-hears","source":"https://desk.example.com","type":"ticket.reopened","subject":"ticket:T-hears","time":{"$time":"2026-11-22T06:17:49.248983128Z"}},"names":{"ticket":{"id":"T-hears","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":null,"updated_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":1,"reassignment_count":null,"merged_into":null,"related":null,"url":null}},"inputs":{},"seed":{"$uint":"672556775105214423"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 2, '2026-11-22T06:17:49.316134803Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 3, '2026-11-22T06:17:49.316353780Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"12ba8b6f1710b86598e0a03fc256a42fa45042ff5022973ec7409618b55e4b0d","started_at":{"$time":"2026-11-22T06:17:49.316032291Z"},"input":{"text":"before of T-hears"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 9, '2026-11-22T06:17:49.331580481Z', 'completed', 'steps[1].parallel[1].steps[0]#0', 1, '{"attempt":1,"output":{"ticket":"T-waits","desk":"outbox","file":"ticket-note-T-waits-87ff32db85870d0fa4d175441db6d907130a37a33ed61f808e870c50a850a0e3.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:49.314813212Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 10, '2026-11-22T06:17:49.331780309Z', 'decided', 'steps[1].parallel[1].steps[1]#0', 1, '{"as":"then"}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyxkhyf1p7jb44nm6j', 11, '2026-11-22T06:17:49.331780309Z', 'waiting', 'steps[1].parallel[1].steps[1].then[0]#0', 1, '{"due":{"$time":"2026-11-22T07:17:49.331624666Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyymjehj6d74m00pk7x', 6, '2026-11-22T06:17:49.340348258Z', 'retried', 'steps[1]', 1, '{"attempt":1,"failure":{"code":"http_refused","message":"channel wire: nobody accepts connections at http://127.0.0.1:9: Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn''t connect to server","kind":"transient","step":"wire","place":{"file":"/workspace/playbooks/tries.yaml","line":8,"column":5}},"due":{"$time":"2026-11-22T07:17:49.340272274Z"},"started_at":{"$time":"2026-11-22T06:17:49.314393586Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 4, '2026-11-22T06:17:49.341984097Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-hears","desk":"outbox","file":"ticket-note-T-hears-12ba8b6f1710b86598e0a03fc256a42fa45042ff5022973ec7409618b55e4b0d.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:49.316032291Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 5, '2026-11-22T06:17:49.342111497Z', 'listening', 'steps[1]', 1, '{"types":["ticket.closed"],"since":{"$time":"2026-11-22T06:17:49.342015765Z"},"due":{"$time":"2026-12-02T06:17:49.342015765Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 1, '2026-11-22T06:17:51.020848213Z', 'started', NULL, 1, '{"run":"run_01m80yerdv021sgfdgt48za1n5","url":null,"at":{"$time":"2026-11-22T06:17:51.020506153Z"},"event":{"specversion":"1.0","id":"created-T-17","source":"https://desk.example.com","type":"ticket.created","subject":"ticket:T-17","time":{"$time":"2026-11-22T06:17:50.703409537Z"}},"names":{"ticket":{"id":"T-17","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}},"inputs":{},"seed":{"$uint":"7838446390915321090"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 2, '2026-11-22T06:17:51.020848213Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 3, '2026-11-22T06:17:51.020935303Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"7ed7b74837f81a763cae8b112f9a66ccb4855fb33de42ac83ed2ce3ba04181a1","started_at":{"$time":"2026-11-22T06:17:51.020770628Z"},"input":{"text":"before of T-17"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 1, '2026-11-22T06:17:51.035323173Z', 'started', NULL, 1, '{"run":"run_01m80yerdv11v6fwhq0f4y28nr","url":null,"at":{"$time":"2026-11-22T06:17:51.034800683Z"},"event":{"specversion":"1.0","id":"created-T-35","source":"https://desk.example.com","type":"ticket.created","subject":"ticket:T-35","time":{"$time":"2026-11-22T06:17:50.703409537Z"}},"names":{"ticket":{"id":"T-35","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}},"inputs":{},"seed":{"$uint":"17572127039266672911"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 2, '2026-11-22T06:17:51.035323173Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 3, '2026-11-22T06:17:51.035503932Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"003421c9480ca669558f0c55a2952c1c51a0f32cdb582a6b3f806f628c1d65d2","started_at":{"$time":"2026-11-22T06:17:51.035225737Z"},"input":{"text":"before of T-35"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 1, '2026-11-22T06:17:51.046120316Z', 'started', NULL, 1, '{"run":"run_01m80yerdv0nw6h3j08sj25zf4","url":null,"at":{"$time":"2026-11-22T06:17:51.045612128Z"},"event":{"specversion":"1.0","id":"created-T-48","source":"https://desk.example.com","type":"ticket.created","subject":"ticket:T-48","time":{"$time":"2026-11-22T06:17:50.703409537Z"}},"names":{"ticket":{"id":"T-48","title":"A test","text":null,"status":"open","priority":"P2","impact":null,"urgency":null,"severity":null,"service":null,"category":null,"subcategory":null,"type":null,"tags":null,"channel":null,"queue":null,"team":null,"assignee":null,"requester":null,"customer":null,"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"resolved_at":null,"closed_at":null,"due_at":null,"last_public_reply_at":null,"last_customer_message_at":null,"reopen_count":null,"reassignment_count":null,"merged_into":null,"related":null,"url":null}},"inputs":{},"seed":{"$uint":"3201730686015811944"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 2, '2026-11-22T06:17:51.046120316Z', 'assigned', NULL, 1, '{"vars":{}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 3, '2026-11-22T06:17:51.046270510Z', 'intended', 'steps[0]', 1, '{"attempt":1,"key":"5c96578176b70ad5496df69ef0f5cb0d397fbdab3a15fe751a7c9a1d7ccac5e3","started_at":{"$time":"2026-11-22T06:17:51.046048039Z"},"input":{"text":"before of T-48"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 4, '2026-11-22T06:17:51.109028303Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-17","desk":"outbox","file":"ticket-note-T-17-7ed7b74837f81a763cae8b112f9a66ccb4855fb33de42ac83ed2ce3ba04181a1.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:51.020770628Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 5, '2026-11-22T06:17:51.109153610Z', 'intended', 'steps[1]', 1, '{"attempt":1,"key":"7105d24cba91a81ac8d98eb9d4b73e314a716884766d0c1091574c09631427a1","started_at":{"$time":"2026-11-22T06:17:51.109041222Z"},"input":{"by":"wire","to":"#support","text":"New: T-17"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 4, '2026-11-22T06:17:51.174802905Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-35","desk":"outbox","file":"ticket-note-T-35-003421c9480ca669558f0c55a2952c1c51a0f32cdb582a6b3f806f628c1d65d2.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:51.035225737Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv11v6fwhq0f4y28nr', 5, '2026-11-22T06:17:51.175015823Z', 'intended', 'steps[1]', 1, '{"attempt":1,"key":"91a1eb40170d06cb41de47bc48be3b22319ba3336703edfb21bed746219acc03","started_at":{"$time":"2026-11-22T06:17:51.174825409Z"},"input":{"by":"wire","to":"#support","text":"New: T-35"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 4, '2026-11-22T06:17:51.179484067Z', 'completed', 'steps[0]', 1, '{"attempt":1,"output":{"ticket":"T-48","desk":"outbox","file":"ticket-note-T-48-5c96578176b70ad5496df69ef0f5cb0d397fbdab3a15fe751a7c9a1d7ccac5e3.txt","public":false,"changes":{}},"started_at":{"$time":"2026-11-22T06:17:51.046048039Z"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv0nw6h3j08sj25zf4', 5, '2026-11-22T06:17:51.179631667Z', 'intended', 'steps[1]', 1, '{"attempt":1,"key":"d1cfb51b74d7133c683056c582980339788ca359c292ab39b6ae43196d3613cc","started_at":{"$time":"2026-11-22T06:17:51.179498208Z"},"input":{"by":"wire","to":"#support","text":"New: T-48"}}');
INSERT INTO journal (run, sequence, at, kind, step, version, body) VALUES ('run_01m80yerdv021sgfdgt48za1n5', 6, '2026-11-22T06:17:54.445184712Z', 'stopping', NULL, 1, '{"cause":"cancelled","by":"root","reason":null,"until":{"$time":"2026-11-22T06:22:54.445083781Z"}}');
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yenpf978bb93jcdmsv0vh', 'timeout', '2026-12-22T06:17:48.003774483Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyyg00rvf979qv0m2hx', 'timeout', '2026-12-22T06:17:49.313146046Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyyg00rvf979qv0m2hx', 'wait:steps[1]', '2026-12-02T06:17:49.342015765Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyymjehj6d74m00pk7x', 'retry:steps[1]', '2026-11-22T07:17:49.340272274Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyymjehj6d74m00pk7x', 'timeout', '2026-12-22T06:17:49.296317046Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyyxkhyf1p7jb44nm6j', 'timeout', '2026-12-22T06:17:49.297307953Z', NULL);
INSERT INTO timers (is_plugins, owner, name, due, event) VALUES (0, 'run_01m80yepyyxkhyf1p7jb44nm6j', 'wait:steps[1].parallel[1].steps[1].then[0]#0', '2026-11-22T07:17:49.331624666Z', NULL);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (1, '3ce1769f63eb5c3485e6b4f0e95b576b63489fd5854bbc86da112c2b5b41d75f', 'run_01m80yenpf978bb93jcdmsv0vh', 'steps[0]', 'ticket.reply', 1, '{"text":"hello"}', 'uncertain', '2026-11-22T06:17:48.006809119Z', '2026-11-22T06:17:49.020245838Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (2, 'aecafded01e4f957943759e5dc3b7e62271789bc4fc248b94f44041e683bfe87', 'run_01m80yepyyf6b86mcybs2mvbnn', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-done"}', 'done', '2026-11-22T06:17:49.295917860Z', '2026-11-22T06:17:49.306475937Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (3, '29b0410e7802860ff31b5f3343d0c4bbe92e13e3cbe63e471697ea0a7b730a50', 'run_01m80yepyymjehj6d74m00pk7x', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-tries"}', 'done', '2026-11-22T06:17:49.296794988Z', '2026-11-22T06:17:49.314356101Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (4, 'c79afb118a4d4e74e06f5d5b6469d31f08198e578a6ce37a0376256ead2152b7', 'run_01m80yepyyxkhyf1p7jb44nm6j', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-waits"}', 'done', '2026-11-22T06:17:49.297727629Z', '2026-11-22T06:17:49.314795907Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (5, '39d3a0b3ad24a135d8c493e8fdd552c96000b134e38ee9775cbd4e6bab4867b1', 'run_01m80yepyymjehj6d74m00pk7x', 'steps[1]', 'notify.send', 1, '{"by":"wire","to":"#support","text":"Resolved: T-tries"}', 'failed', '2026-11-22T06:17:49.314690599Z', '2026-11-22T06:17:49.340348258Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (6, '87ff32db85870d0fa4d175441db6d907130a37a33ed61f808e870c50a850a0e3', 'run_01m80yepyyxkhyf1p7jb44nm6j', 'steps[1].parallel[1].steps[0]#0', 'ticket.note', 1, '{"text":"loop a of T-waits"}', 'done', '2026-11-22T06:17:49.315783069Z', '2026-11-22T06:17:49.331580481Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (7, '12ba8b6f1710b86598e0a03fc256a42fa45042ff5022973ec7409618b55e4b0d', 'run_01m80yepyyg00rvf979qv0m2hx', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-hears"}', 'done', '2026-11-22T06:17:49.316353780Z', '2026-11-22T06:17:49.341984097Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (23, '7ed7b74837f81a763cae8b112f9a66ccb4855fb33de42ac83ed2ce3ba04181a1', 'run_01m80yerdv021sgfdgt48za1n5', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-17"}', 'done', '2026-11-22T06:17:51.020935303Z', '2026-11-22T06:17:51.109028303Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (41, '003421c9480ca669558f0c55a2952c1c51a0f32cdb582a6b3f806f628c1d65d2', 'run_01m80yerdv11v6fwhq0f4y28nr', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-35"}', 'done', '2026-11-22T06:17:51.035503932Z', '2026-11-22T06:17:51.174802905Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (54, '5c96578176b70ad5496df69ef0f5cb0d397fbdab3a15fe751a7c9a1d7ccac5e3', 'run_01m80yerdv0nw6h3j08sj25zf4', 'steps[0]', 'ticket.note', 1, '{"text":"before of T-48"}', 'done', '2026-11-22T06:17:51.046270510Z', '2026-11-22T06:17:51.179484067Z', 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (92, '7105d24cba91a81ac8d98eb9d4b73e314a716884766d0c1091574c09631427a1', 'run_01m80yerdv021sgfdgt48za1n5', 'steps[1]', 'notify.send', 1, '{"by":"wire","to":"#support","text":"New: T-17"}', 'intended', '2026-11-22T06:17:51.109153610Z', NULL, 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (104, '91a1eb40170d06cb41de47bc48be3b22319ba3336703edfb21bed746219acc03', 'run_01m80yerdv11v6fwhq0f4y28nr', 'steps[1]', 'notify.send', 1, '{"by":"wire","to":"#support","text":"New: T-35"}', 'intended', '2026-11-22T06:17:51.175015823Z', NULL, 0);
INSERT INTO effects (number, key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate) VALUES (117, 'd1cfb51b74d7133c683056c582980339788ca359c292ab39b6ae43196d3613cc', 'run_01m80yerdv0nw6h3j08sj25zf4', 'steps[1]', 'notify.send', 1, '{"by":"wire","to":"#support","text":"New: T-48"}', 'intended', '2026-11-22T06:17:51.179631667Z', NULL, 0);
INSERT INTO requests (id, kind, body, requested_by, at, answer) VALUES (3, 'emit', '{"events":[{"specversion":"1.0","id":"created-T-left","source":"https://desk.example.com","type":"ticket.created","subject":"ticket:T-left","time":{"$time":"2026-11-22T06:17:54.886389704Z"},"data":{"ticket":{"id":"T-left","title":"A test","priority":"P2","status":"open"}}}]}', 'root', '2026-11-22T06:17:54.909015390Z', NULL);
INSERT INTO executors (generation) VALUES (1);
INSERT INTO executors (generation) VALUES (2);
INSERT INTO executors (generation) VALUES (3);
INSERT INTO collections (number, name, indexes, search) VALUES (1, 'maintenance.windows', '["state","starts_at","ends_at","owner"]', '[]');
INSERT INTO collections (number, name, indexes, search) VALUES (2, 'notify.messages', '["ticket","run","dedupe","sent_at","acknowledged_at"]', '[]');
INSERT INTO collections (number, name, indexes, search) VALUES (3, 'postmortem.actions', '["postmortem","incident","owner","team","state","due_at"]', '["title"]');
INSERT INTO collections (number, name, indexes, search) VALUES (4, 'postmortem.postmortems', '["subject","incident","status","owner","due_at"]', '["title"]');
INSERT INTO collections (number, name, indexes, search) VALUES (5, 'route.assignments', '["ticket","assignee","at"]', '[]');
INSERT INTO collections (number, name, indexes, search) VALUES (6, 'route.people', '["last_at"]', '[]');
INSERT INTO collections (number, name, indexes, search) VALUES (7, 'route.pointers', '[]', '[]');
INSERT INTO collections (number, name, indexes, search) VALUES (8, 'ticket.tickets', '["status","assignee","team","queue","priority","service","category","requester.id","customer.id","created_at","updated_at","resolved_at","last_public_reply_at","last_customer_message_at"]', '["title","text"]');
INSERT INTO documents (number, collection, id, body) VALUES (1, 8, '4711', '{"id":"4711","facts_at":{"title":{"$time":"2026-11-22T06:17:47.897758391Z"},"status":{"$time":"2026-11-22T06:17:47.897758391Z"},"priority":{"$time":"2026-11-22T06:17:47.897758391Z"}},"title":"A test","status":"closed","history":[{"at":{"$time":"2026-11-22T06:17:47.897758391Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:47.897758391Z"},"field":"priority","from":null,"to":"P2"},{"at":{"$time":"2026-11-22T06:17:47.897758391Z"},"field":"status","from":"open","to":"closed"}],"priority":"P2","updated_at":{"$time":"2026-11-22T06:17:47.897758391Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (2, 8, 'T-done', '{"id":"T-done","facts_at":{"title":{"$time":"2026-11-22T06:17:49.248983128Z"},"status":{"$time":"2026-11-22T06:17:49.248983128Z"},"priority":{"$time":"2026-11-22T06:17:49.248983128Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","updated_at":{"$time":"2026-11-22T06:17:49.295157696Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (3, 8, 'T-tries', '{"id":"T-tries","facts_at":{"title":{"$time":"2026-11-22T06:17:49.248983128Z"},"status":{"$time":"2026-11-22T06:17:49.248983128Z"},"priority":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":{"$time":"2026-11-22T06:17:49.248983128Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","resolved_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"updated_at":{"$time":"2026-11-22T06:17:49.296529903Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (4, 8, 'T-waits', '{"id":"T-waits","facts_at":{"title":{"$time":"2026-11-22T06:17:49.248983128Z"},"status":{"$time":"2026-11-22T06:17:49.248983128Z"},"priority":{"$time":"2026-11-22T06:17:49.248983128Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","updated_at":{"$time":"2026-11-22T06:17:49.314813212Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (5, 8, 'T-hears', '{"id":"T-hears","facts_at":{"title":{"$time":"2026-11-22T06:17:49.248983128Z"},"status":{"$time":"2026-11-22T06:17:49.248983128Z"},"priority":{"$time":"2026-11-22T06:17:49.248983128Z"},"resolved_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"closed_at":{"$time":"2026-11-22T06:17:49.248983128Z"},"reopen_count":{"$time":"2026-11-22T06:17:49.248983128Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:49.248983128Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","reopen_count":1,"updated_at":{"$time":"2026-11-22T06:17:49.316032291Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (22, 8, 'T-17', '{"id":"T-17","facts_at":{"title":{"$time":"2026-11-22T06:17:50.703409537Z"},"status":{"$time":"2026-11-22T06:17:50.703409537Z"},"priority":{"$time":"2026-11-22T06:17:50.703409537Z"},"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:51.020770628Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (40, 8, 'T-35', '{"id":"T-35","facts_at":{"title":{"$time":"2026-11-22T06:17:50.703409537Z"},"status":{"$time":"2026-11-22T06:17:50.703409537Z"},"priority":{"$time":"2026-11-22T06:17:50.703409537Z"},"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:51.035225737Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (53, 8, 'T-48', '{"id":"T-48","facts_at":{"title":{"$time":"2026-11-22T06:17:50.703409537Z"},"status":{"$time":"2026-11-22T06:17:50.703409537Z"},"priority":{"$time":"2026-11-22T06:17:50.703409537Z"},"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:51.046048039Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (70, 8, 'T-65', '{"id":"T-65","facts_at":{"title":{"$time":"2026-11-22T06:17:50.703409537Z"},"status":{"$time":"2026-11-22T06:17:50.703409537Z"},"priority":{"$time":"2026-11-22T06:17:50.703409537Z"},"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"}}');
INSERT INTO documents (number, collection, id, body) VALUES (72, 8, 'T-67', '{"id":"T-67","facts_at":{"title":{"$time":"2026-11-22T06:17:50.703409537Z"},"status":{"$time":"2026-11-22T06:17:50.703409537Z"},"priority":{"$time":"2026-11-22T06:17:50.703409537Z"},"created_at":{"$time":"2026-11-22T06:17:50.703409537Z"}},"title":"A test","status":"open","history":[{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"status","from":null,"to":"open"},{"at":{"$time":"2026-11-22T06:17:50.703409537Z"},"field":"priority","from":null,"to":"P2"}],"priority":"P2","created_at":{"$time":"2026-11-22T06:17:50.703409537Z"},"updated_at":{"$time":"2026-11-22T06:17:50.703409537Z"}}');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'assignee', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'category', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'04800000006B02890E8000000029ED2D81', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'04800000006B02890E8000000029ED2D81', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'04800000006B02890E8000000029ED2D81', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'04800000006B02890E8000000029ED2D81', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'created_at', X'04800000006B02890E8000000029ED2D81', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'customer.id', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_customer_message_at', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'last_public_reply_at', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'priority', X'035032', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'queue', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'requester.id', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'resolved_at', X'04800000006B02890D800000000ED72E58', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'service', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'03636C6F736564', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'status', X'036F70656E', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-48');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'team', X'00', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890B800000003582B4B7', '4711');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890D800000001197BFC0', 'T-done');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890D8000000011ACAFEF', 'T-tries');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890D8000000012C3AB1C', 'T-waits');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890D8000000012D64523', 'T-hears');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890E8000000029ED2D81', 'T-65');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890E8000000029ED2D81', 'T-67');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890F80000000013CEF44', 'T-17');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890F8000000002198089', 'T-35');
INSERT INTO document_index (collection, field, key, document) VALUES (8, 'updated_at', X'04800000006B02890F8000000002BEA327', 'T-48');
INSERT INTO subscriptions (run, step, type, subject) VALUES ('run_01m80yepyyg00rvf979qv0m2hx', 'steps[1]', 'ticket.closed', 'ticket:T-hears');
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', '4711', 1);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-done', 2);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-tries', 3);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-waits', 4);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-hears', 5);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-17', 22);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-35', 40);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-48', 53);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-65', 70);
INSERT INTO search_8 (words, id, rowid) VALUES ('a test', 'T-67', 72);
CREATE INDEX events_of_subject ON events (subject) WHERE subject IS NOT NULL;
CREATE INDEX newest_events ON events (subject, time) WHERE subject IS NOT NULL AND is_out_of_order = 0;
CREATE INDEX matches_of_event ON matches (event);
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX waiting_runs ON runs (wakes_at) WHERE state = 'waiting';
CREATE INDEX runs_by_playbook ON runs (playbook, id);
CREATE INDEX runs_by_subject ON runs (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX runs_by_event ON runs (event, id) WHERE event IS NOT NULL;
CREATE INDEX timers_by_due ON timers (due, is_plugins, owner, name);
CREATE INDEX effects_of_run ON effects (run);
CREATE INDEX open_requests ON requests (id) WHERE answer IS NULL;
CREATE INDEX identities_by_acceptance ON event_identities (accepted_at);
CREATE INDEX newest_identities ON event_identities (subject, time)
    WHERE subject IS NOT NULL AND is_out_of_order = 0;
CREATE INDEX subscriptions_by_subject ON subscriptions (subject, type, run, step);
PRAGMA user_version = 3;
PRAGMA application_id = 1399276152;
