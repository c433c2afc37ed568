// What the disk and SQLite give a C program: the measure beside which the workloads stand.
#ifndef SIGNALBOX_CLOOP_H
#define SIGNALBOX_CLOOP_H

#include <stddef.h>

/// What a loop came to.
typedef struct {
    /// Rows inserted or updated.
    long rows;
    long commits;
    double wall_s;
    /// User and system time of the process while the loop ran.
    double cpu_s;
} signalbox_cloop_result;

/// Inserts `rows` step rows (run, number, state, time, 120 letters) into a new database at `path`, one prepared statement on one
/// connection, WAL with synchronous=FULL, `per_commit` rows a commit. 0, or 1 with what was wrong in `message`.
int signalbox_cloop_rows(
    const char *path, long rows, long per_commit, signalbox_cloop_result *result, char *message, size_t size);

/// Makes the row changes of `steps` durable writes in each of `runs` runs that go on together, in tables and indexes like the
/// store's: intent (journal, ledger, run), then outcome (the same three), `per_commit` such triples a commit. 0, or 1 with what was
/// wrong in `message`.
int signalbox_cloop_writes(
    const char *path, long runs, long steps, long per_commit, signalbox_cloop_result *result, char *message,
    size_t size);

/// Overwrites 4 KiB of the file at `path` and waits for the disk, `count` times, `pause_us` microseconds between them; the seconds
/// that each took come into `seconds`. 0, or 1 when the file cannot be written.
int signalbox_cloop_fsync(const char *path, long count, long pause_us, double *seconds);

/// Gives memory that was freed back to the system.
void signalbox_cloop_trim(void);

#endif
