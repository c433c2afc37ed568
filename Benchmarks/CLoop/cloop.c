#define _GNU_SOURCE
#include "signalbox_cloop.h"

#include <fcntl.h>
#include <malloc.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

typedef struct {
    sqlite3 *db;
    char *message;
    size_t size;
    double wall_start, cpu_start;
} loop;

static int failed(loop *loop, const char *what) {
    snprintf(loop->message, loop->size, "%s: %s", what, loop->db ? sqlite3_errmsg(loop->db) : "no memory");
    return 1;
}

static int execute(loop *loop, const char *sql) {
    return sqlite3_exec(loop->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(loop, sql);
}

static int begin(loop *loop, const char *path, const char *schema) {
    if (sqlite3_open(path, &loop->db) != SQLITE_OK) return failed(loop, path);
    if (execute(loop, "PRAGMA journal_mode = WAL") || execute(loop, "PRAGMA synchronous = FULL")
        || execute(loop, "PRAGMA journal_size_limit = 67108864") || execute(loop, schema))
        return 1;
    loop->wall_start = seconds_of(CLOCK_MONOTONIC);
    loop->cpu_start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

static void end(loop *loop, signalbox_cloop_result *result, long commits) {
    result->wall_s = seconds_of(CLOCK_MONOTONIC) - loop->wall_start;
    result->cpu_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - loop->cpu_start;
    result->rows = sqlite3_total_changes(loop->db);
    result->commits = commits;
}

int signalbox_cloop_rows(
    const char *path, long rows, long per_commit, signalbox_cloop_result *result, char *message, size_t size) {
    loop loop = {.message = message, .size = size};
    sqlite3_stmt *insert = NULL;
    int problem = begin(
        &loop, path,
        "CREATE TABLE step (run INTEGER, number INTEGER, state TEXT, at INTEGER, output TEXT, PRIMARY KEY (run, number)) "
        "WITHOUT ROWID");
    if (!problem
        && sqlite3_prepare_v2(loop.db, "INSERT INTO step VALUES (?, ?, 'done', ?, ?)", -1, &insert, NULL) != SQLITE_OK)
        problem = failed(&loop, "prepare");
    char letters[120];
    memset(letters, 'o', sizeof letters);
    long commits = 0;
    for (long row = 0; row < rows && !problem;) {
        if ((problem = execute(&loop, "BEGIN IMMEDIATE"))) break;
        for (long in_commit = 0; in_commit < per_commit && row < rows && !problem; in_commit++, row++) {
            sqlite3_bind_int64(insert, 1, row / 5);
            sqlite3_bind_int64(insert, 2, row % 5);
            sqlite3_bind_int64(insert, 3, 1795305600000LL + row);
            sqlite3_bind_text(insert, 4, letters, sizeof letters, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE) problem = failed(&loop, "insert");
            sqlite3_reset(insert);
        }
        if (!problem) problem = execute(&loop, "COMMIT");
        commits++;
    }
    if (!problem) end(&loop, result, commits);
    sqlite3_finalize(insert);
    sqlite3_close(loop.db);
    return problem;
}

static const char *const tables =
    "CREATE TABLE runs (id TEXT PRIMARY KEY, playbook TEXT NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL,"
    " started_at TEXT, ended_at TEXT, wakes_at TEXT, inputs TEXT NOT NULL, entries INTEGER NOT NULL, lease INTEGER) STRICT;"
    "CREATE INDEX runs_by_state ON runs (state, id);"
    "CREATE INDEX runs_by_playbook ON runs (playbook, id);"
    "CREATE TABLE journal (run TEXT NOT NULL, sequence INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, step TEXT,"
    " version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, sequence)) STRICT;"
    "CREATE TABLE effects (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run TEXT NOT NULL, step TEXT NOT NULL,"
    " action TEXT NOT NULL, attempts INTEGER NOT NULL, sent TEXT NOT NULL, state TEXT NOT NULL, intended_at TEXT NOT NULL,"
    " settled_at TEXT, may_be_duplicate INTEGER NOT NULL) STRICT;"
    "CREATE INDEX effects_of_run ON effects (run);";

enum { insert_run, update_run, append, intend, settle, statement_count };

static const char *const texts[statement_count] = {
    "INSERT INTO runs VALUES (?, 'five-steps', 'queued', '2026-11-22T08:00:00.000000000Z', NULL, NULL, NULL, '{}', 0, NULL)",
    "UPDATE runs SET state = 'running', started_at = ?, entries = ?, lease = 1 WHERE id = ?",
    "INSERT INTO journal VALUES (?, ?, ?, ?, ?, 1, ?)",
    "INSERT INTO effects (key, run, step, action, attempts, sent, state, intended_at, settled_at, may_be_duplicate)"
    " VALUES (?, ?, ?, 'bench.write', 1, ?, 'intended', ?, NULL, 0)",
    "UPDATE effects SET state = 'done', settled_at = ? WHERE key = ?",
};

static void bind(sqlite3_stmt *statement, int place, const char *text) {
    sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

static int run_to_end(loop *loop, sqlite3_stmt *statement, const char *what) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? 0 : failed(loop, what);
}

/// The rows of one half of a durable write: its intent, or its outcome.
static int half_step(loop *loop, sqlite3_stmt **statements, long run, long step, int is_outcome) {
    char id[32], label[16], at[40], key[72], body[400], letters[121];
    memset(letters, 'o', 120);
    letters[120] = 0;
    snprintf(id, sizeof id, "run_%022ld", run);
    snprintf(label, sizeof label, "steps[%ld]", step);
    snprintf(at, sizeof at, "2026-11-22T08:00:%02ld.%09ldZ", run % 60, run * 1000 + step);
    // Like digests, the keys come in no order.
    snprintf(
        key, sizeof key, "%016llx%016llx%016lx%016lx",
        (unsigned long long)(run * 1000 + step + 1) * 0x9E3779B97F4A7C15ULL,
        (unsigned long long)(run * 1000 + step + 7) * 0xBF58476D1CE4E5B9ULL, run, step);
    if (is_outcome)
        snprintf(
            body, sizeof body, "{\"attempt\":1,\"output\":{\"n\":%ld,\"o\":\"%s\"},\"started_at\":{\"$time\":\"%s\"}}",
            step, letters, at);
    else
        snprintf(
            body, sizeof body, "{\"attempt\":1,\"key\":\"%s\",\"started_at\":{\"$time\":\"%s\"},\"input\":{\"n\":%ld}}",
            key, at, step);

    long number = step * 2 + 1 + is_outcome;
    bind(statements[append], 1, id);
    sqlite3_bind_int64(statements[append], 2, number);
    bind(statements[append], 3, at);
    bind(statements[append], 4, is_outcome ? "completed" : "intended");
    bind(statements[append], 5, label);
    bind(statements[append], 6, body);
    if (run_to_end(loop, statements[append], "journal")) return 1;

    if (is_outcome) {
        bind(statements[settle], 1, at);
        bind(statements[settle], 2, key);
        if (run_to_end(loop, statements[settle], "settle")) return 1;
    } else {
        bind(statements[intend], 1, key);
        bind(statements[intend], 2, id);
        bind(statements[intend], 3, label);
        bind(statements[intend], 4, "{\"n\":1}");
        bind(statements[intend], 5, at);
        if (run_to_end(loop, statements[intend], "intend")) return 1;
    }

    bind(statements[update_run], 1, at);
    sqlite3_bind_int64(statements[update_run], 2, number);
    bind(statements[update_run], 3, id);
    return run_to_end(loop, statements[update_run], "run");
}

int signalbox_cloop_writes(
    const char *path, long runs, long steps, long per_commit, signalbox_cloop_result *result, char *message,
    size_t size) {
    loop loop = {.message = message, .size = size};
    sqlite3_stmt *statements[statement_count] = {NULL};
    int problem = begin(&loop, path, tables);
    for (int number = 0; number < statement_count && !problem; number++)
        if (sqlite3_prepare_v2(loop.db, texts[number], -1, &statements[number], NULL) != SQLITE_OK)
            problem = failed(&loop, texts[number]);
    long commits = 0, in_commit = 0;
    if (!problem) problem = execute(&loop, "BEGIN IMMEDIATE");
    for (long run = 0; run < runs && !problem; run++) {
        char id[32];
        snprintf(id, sizeof id, "run_%022ld", run);
        bind(statements[insert_run], 1, id);
        problem = run_to_end(&loop, statements[insert_run], "insert run");
    }
    for (long half = 0; half < steps * 2 && !problem; half++)
        for (long run = 0; run < runs && !problem; run++) {
            problem = half_step(&loop, statements, run, half / 2, half % 2);
            if (!problem && ++in_commit == per_commit) {
                problem = execute(&loop, "COMMIT") || execute(&loop, "BEGIN IMMEDIATE");
                in_commit = 0;
                commits++;
            }
        }
    if (!problem) problem = execute(&loop, "COMMIT");
    commits++;
    if (!problem) end(&loop, result, commits);
    for (int number = 0; number < statement_count; number++) sqlite3_finalize(statements[number]);
    sqlite3_close(loop.db);
    return problem;
}

int signalbox_cloop_fsync(const char *path, long count, long pause_us, double *seconds) {
    static char block[4096];
    int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0) return 1;
    int problem = pwrite(file, block, sizeof block, 0) != sizeof block || fsync(file) != 0;
    for (long number = 0; number < count && !problem; number++) {
        double start = seconds_of(CLOCK_MONOTONIC);
        problem = pwrite(file, block, sizeof block, 0) != sizeof block || fdatasync(file) != 0;
        seconds[number] = seconds_of(CLOCK_MONOTONIC) - start;
        if (pause_us > 0) usleep((useconds_t)pause_us);
    }
    close(file);
    return problem;
}

void signalbox_cloop_trim(void) { malloc_trim(0); }
