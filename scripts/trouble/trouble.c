/* Preloaded by scripts/crash-test: a clock that is wrong, and a disk that does not keep what it was told to keep.
 *
 * SIGNALBOX_TROUBLE names a file with two numbers: how many seconds the wall clock is off, and of how many syncs in 1,000 the disk
 * says that they have failed. The file may change at any time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void trouble(long *offset, long *failures) {
    static _Thread_local long known_offset, known_failures;
    static _Thread_local struct timespec looked;
    static int (*real_clock)(clockid_t, struct timespec *);
    if (!real_clock) real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    struct timespec now;
    real_clock(CLOCK_MONOTONIC, &now);
    if (now.tv_sec != looked.tv_sec || now.tv_nsec - looked.tv_nsec > 50000000L) {
        looked = now;
        const char *path = getenv("SIGNALBOX_TROUBLE");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file >= 0) {
            char text[64] = {0};
            if (read(file, text, sizeof text - 1) > 0) sscanf(text, "%ld %ld", &known_offset, &known_failures);
            close(file);
        }
    }
    *offset = known_offset;
    *failures = known_failures;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int status = real(clock, time);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        long offset, failures;
        trouble(&offset, &failures);
        time->tv_sec += offset;
    }
    return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

static int fails(void) {
    static _Thread_local unsigned state;
    long offset, failures;
    trouble(&offset, &failures);
    if (!state) state = (unsigned)getpid() ^ (unsigned)(size_t)&state;
    return failures > 0 && rand_r(&state) % 1000 < failures;
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    if (fails()) return errno = EIO, -1;
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    if (fails()) return errno = EIO, -1;
    return real(file);
}
