#define _GNU_SOURCE
#include "signalbox_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER = 16384, PATIENCE_S = 30 };

typedef struct {
    int fd;
    /// The request under way, -1 when there is none.
    long number;
    size_t sent, received;
    char answer[ANSWER];
    char *request;
    size_t length;
} line;

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int open_line(const signalbox_load_plan *plan, line *l, int poll) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)plan->port)};
    if (inet_pton(AF_INET, plan->host, &address.sin_addr) != 1) return -1;
    l->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (l->fd < 0) return -1;
    if (connect(l->fd, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    int one = 1;
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(l->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = l};
    l->number = -1;
    return epoll_ctl(poll, EPOLL_CTL_ADD, l->fd, &event);
}

static void watch(int poll, line *l, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = l};
    epoll_ctl(poll, EPOLL_CTL_MOD, l->fd, &event);
}

/// 0, 1 when the socket takes no more now, -1 when it is broken.
static int push(line *l) {
    while (l->sent < l->length) {
        ssize_t n = send(l->fd, l->request + l->sent, l->length - l->sent, MSG_NOSIGNAL);
        if (n < 0) return errno == EAGAIN ? 1 : -1;
        l->sent += (size_t)n;
    }
    return 0;
}

static void begin(const signalbox_load_plan *plan, line *l, long number, int poll) {
    long kind = number % plan->kinds;
    l->length = plan->offsets[kind + 1] - plan->offsets[kind];
    memcpy(l->request, plan->requests + plan->offsets[kind], l->length);
    char digits[24];
    snprintf(digits, sizeof digits, "%08ld", (plan->first + number) % 100000000);
    memcpy(l->request + plan->digits[kind], digits, 8);
    l->number = number;
    l->sent = l->received = 0;
    if (push(l) == 1) watch(poll, l, EPOLLIN | EPOLLOUT);
}

/// The status of the answer once it is whole, 0 before, -1 when the connection has ended or it makes no sense.
static int take(line *l) {
    for (;;) {
        ssize_t n = recv(l->fd, l->answer + l->received, ANSWER - 1 - l->received, 0);
        if (n == 0) return -1;
        if (n < 0) {
            if (errno == EAGAIN) break;
            return -1;
        }
        l->received += (size_t)n;
        if (l->received >= ANSWER - 1) return -1;
    }
    l->answer[l->received] = 0;
    char *end = strstr(l->answer, "\r\n\r\n");
    if (!end) return 0;
    char *length = strcasestr(l->answer, "content-length:");
    size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
    if (l->received < (size_t)(end - l->answer) + 4 + body) return 0;
    return atoi(l->answer + 9);
}

int signalbox_load_run(
    const signalbox_load_plan *plan, double *seconds, signalbox_load_result *result, char *message, size_t size) {
    int status = 1;
    size_t largest = 0;
    memset(result, 0, sizeof *result);
    for (long k = 0; k < plan->kinds; k++) {
        size_t length = plan->offsets[k + 1] - plan->offsets[k];
        if (length > largest) largest = length;
    }
    int poll = epoll_create1(0);
    line *lines = calloc((size_t)plan->connections, sizeof(line));
    line **idle = calloc((size_t)plan->connections, sizeof(line *));
    struct epoll_event *events = calloc((size_t)plan->connections, sizeof(struct epoll_event));
    int idles = 0;
    if (poll < 0 || !lines || !idle || !events) {
        snprintf(message, size, "no memory, or no epoll");
        goto done;
    }
    for (int i = 0; i < plan->connections; i++) {
        lines[i].fd = -1;
        lines[i].request = malloc(largest);
        if (!lines[i].request || open_line(plan, &lines[i], poll) != 0) {
            snprintf(message, size, "cannot connect to %s:%d: %s", plan->host, plan->port, strerror(errno));
            goto done;
        }
        idle[idles++] = &lines[i];
    }
    for (long k = 0; k < plan->count; k++) seconds[k] = -1;
    double start = now_s() + 0.01, cpu = cpu_s();
    double last = start + (double)plan->count / plan->rate;
    long next = 0, open = 0;
    while (next < plan->count || open > 0) {
        double now = now_s();
        if (now > last + PATIENCE_S) break;
        while (next < plan->count && idles > 0 && start + (double)next / plan->rate <= now) {
            begin(plan, idle[--idles], next++, poll);
            open++;
        }
        double wait = 0.1;
        if (next < plan->count && idles > 0) wait = start + (double)next / plan->rate - now;
        if (wait < 0) wait = 0;
        struct timespec limit = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9)};
        int count = epoll_pwait2(poll, events, plan->connections, &limit, NULL);
        for (int i = 0; i < count; i++) {
            line *l = events[i].data.ptr;
            if (events[i].events & EPOLLOUT && push(l) == 0) watch(poll, l, EPOLLIN);
            if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
            int code = take(l);
            if (code == 0) continue;
            if (l->number >= 0) {
                open--;
                if (code == 202) {
                    result->accepted++;
                    seconds[l->number] = now_s() - (start + (double)l->number / plan->rate);
                } else if (code > 0) {
                    result->refused++;
                    if (!result->first_refusal) result->first_refusal = code;
                } else {
                    result->failed++;
                }
            }
            if (code < 0) {
                long number = l->number;
                close(l->fd);
                if (open_line(plan, l, poll) != 0) {
                    snprintf(message, size, "the server takes no connection any more: %s", strerror(errno));
                    goto done;
                }
                l->number = number;
            }
            // One that was closed while it had nothing to do is among the idle already.
            if (l->number >= 0) idle[idles++] = l;
            l->number = -1;
        }
    }
    result->failed += open + (plan->count - next);
    result->wall_s = now_s() - start;
    result->cpu_s = cpu_s() - cpu;
    status = 0;
done:
    for (int i = 0; lines && i < plan->connections; i++) {
        if (lines[i].fd > 0) close(lines[i].fd);
        free(lines[i].request);
    }
    free(lines);
    free(idle);
    free(events);
    if (poll >= 0) close(poll);
    return status;
}
