// An open load over HTTP: requests leave at their times, whatever the server does.
#ifndef SIGNALBOX_LOAD_H
#define SIGNALBOX_LOAD_H

#include <stddef.h>

/// What to send.
typedef struct {
    const char *host;
    int port;
    /// Requests a second, and how many in all.
    double rate;
    long count;
    /// How many connections stay open; a request whose turn has come while all wait for answers is sent by the first that is free.
    int connections;
    /// Whole requests, one after the other, sent in turn; each begins at its offset and ends where the next begins.
    const char *requests;
    const size_t *offsets;
    long kinds;
    /// Where in each request the eight digits stand that are replaced by the number of the request.
    const size_t *digits;
    /// The number of the first request.
    long first;
} signalbox_load_plan;

/// What came of it.
typedef struct {
    /// Answers with status 202, with another status, and requests that got none.
    long accepted, refused, failed;
    /// The first status that was not 202.
    int first_refusal;
    double wall_s;
    /// User and system time of this thread.
    double cpu_s;
} signalbox_load_result;

/// Sends; from the time at which a request was due until its answer was read, in seconds, comes into `seconds`, -1 without an answer.
/// 0, or 1 with what was wrong in `message`.
int signalbox_load_run(
    const signalbox_load_plan *plan, double *seconds, signalbox_load_result *result, char *message, size_t size);

#endif
