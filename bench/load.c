/* SPDX-FileCopyrightText: 2026 Waarmerk contributors
 * SPDX-License-Identifier: EUPL-1.2
 *
 * The load: `load PORT REQUEST CONNECTIONS COUNT RATE EVENTS [TEXT...]`.
 *
 * Sends the bytes of the file REQUEST as COUNT requests and reads every answer to its end. With RATE 0 the loop is closed: each of
 * CONNECTIONS asks again once it was answered. Otherwise it is open: RATE requests a second, each timed from the moment it was due, on a
 * connection that is free or a new one, at most CONNECTIONS. An answer is right when its status is 200, it has at least EVENTS events and
 * every TEXT stands in it. Nothing is left on its way at the end, so what a proxy spent belongs to exactly COUNT answers.
 * Prints JSON: how many answers, errors and events, and for each answer when its first word came and when it ended, in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define FIRST_WORD "Geachte"
#define PATIENCE 60.0 /* seconds without any byte */

typedef struct {
    int fd;
    int busy;
    double due, first;
    size_t sent;
    char *raw, *body; /* as it came; without its framing */
    size_t have, room, read, length, expected, chunk;
    enum { HEAD, WHOLE, CHUNK_SIZE, CHUNK, LAST } state;
} Connection;

static Connection *connections;
static char *request, **texts;
static size_t request_size;
static long port, most, count, rate, least, started, answers, errors, events;
static double *first, *total;
static int poller, many_texts;

static double now(void) {
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + moment.tv_nsec / 1e9;
}

static int dial(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) perror("load"), exit(1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void push(Connection *c) {
    while (c->sent < request_size) {
        ssize_t took = write(c->fd, request + c->sent, request_size - c->sent);
        if (took < 0) break;
        c->sent += took;
    }
    struct epoll_event event = {.events = c->sent < request_size ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
}

static void ask(Connection *c, double due) {
    if (c->fd < 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        c->fd = dial();
        epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
    }
    started++;
    c->busy = 1;
    c->due = due;
    c->first = 0;
    c->have = c->read = c->length = c->sent = 0;
    c->state = HEAD;
    push(c);
}

static void finish(Connection *c, int whole) {
    long seen = 0;
    int right = whole && c->have > 12 && !memcmp(c->raw + 9, "200", 3);
    for (char *at = c->body; c->length && (at = memmem(at, c->body + c->length - at, "data: ", 6)); at++) seen++;
    for (int i = 0; right && i < many_texts; i++) right = memmem(c->body, c->length, texts[i], strlen(texts[i])) != NULL;
    right = right && seen >= least;
    if (!right && !errors) fprintf(stderr, "wrong answer: %.*s\n%.*s\n", (int)(c->have < 200 ? c->have : 200), c->raw, (int)c->length, c->body);
    errors += !right;
    events += seen;
    first[answers] = (c->first - c->due) * 1e6;
    total[answers++] = (now() - c->due) * 1e6;
    c->busy = 0;
    if (!whole) close(c->fd), c->fd = -1;
    if (!rate && started < count) ask(c, now());
}

static void take(Connection *c, size_t size) {
    memcpy(c->body + c->length, c->raw + c->read, size);
    c->length += size;
    c->read += size;
    if (!c->first && memmem(c->body, c->length, FIRST_WORD, sizeof FIRST_WORD - 1)) c->first = now();
}

/* As much of the answer as is here. True: that was all of it. (RFC 9112, 6 and 7.1) */
static int decode(Connection *c) {
    for (;;) {
        char *here = c->raw + c->read, *end;
        size_t left = c->have - c->read;
        switch (c->state) {
        case HEAD:
            if (!(end = memmem(here, left, "\r\n\r\n", 4))) return 0;
            *end = 0;
            char *length = strcasestr(here, "\r\ncontent-length:");
            c->state = length ? WHOLE : CHUNK_SIZE;
            c->expected = length ? strtoul(length + 17, NULL, 10) : 0;
            *end = '\r';
            c->read += end + 4 - here;
            break;
        case WHOLE:
            if (left < c->expected) return 0;
            take(c, c->expected);
            return 1;
        case CHUNK_SIZE:
            if (!(end = memmem(here, left, "\r\n", 2))) return 0;
            c->chunk = strtoul(here, NULL, 16);
            c->read += end + 2 - here;
            c->state = c->chunk ? CHUNK : LAST;
            break;
        case CHUNK:
            if (left < c->chunk + 2) return 0;
            take(c, c->chunk);
            c->read += 2;
            c->state = CHUNK_SIZE;
            break;
        case LAST:
            return left >= 2;
        }
    }
}

static void receive(Connection *c) {
    if (c->room - c->have < 65536) {
        c->room += c->room + 262144;
        c->raw = realloc(c->raw, c->room + 1);
        c->body = realloc(c->body, c->room + 1);
    }
    ssize_t got = read(c->fd, c->raw + c->have, c->room - c->have);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0 && c->busy) return finish(c, 0);
    if (got <= 0) { close(c->fd); c->fd = -1; return; }
    c->have += got;
    c->raw[c->have] = 0;
    if (c->busy && decode(c)) finish(c, 1);
}

/* In an open loop: ask what is due, and say how many milliseconds until the next is. */
static int pace(double begin) {
    while (rate && started < count) {
        double due = begin + (double)started / rate, wait = due - now();
        Connection *spare = NULL;
        if (wait > 0) return wait * 1e3 + 1 > PATIENCE * 1e3 ? PATIENCE * 1e3 : wait * 1e3;
        for (long i = 0; !spare && i < most; i++)
            if (!connections[i].busy && connections[i].fd >= 0) spare = &connections[i];
        for (long i = 0; !spare && i < most; i++)
            if (!connections[i].busy) spare = &connections[i];
        if (!spare) break;
        ask(spare, due);
    }
    return PATIENCE * 1e3;
}

static void print(const char *name, const double *values, const char *after) {
    printf("\"%s\": [", name);
    for (long i = 0; i < answers; i++) printf(i ? ", %.0f" : "%.0f", values[i]);
    printf("]%s", after);
}

int main(int arguments, char **argument) {
    if (arguments < 7) return fputs("load PORT REQUEST CONNECTIONS COUNT RATE EVENTS [TEXT...]\n", stderr), 2;
    port = atol(argument[1]), most = atol(argument[3]), count = atol(argument[4]), rate = atol(argument[5]), least = atol(argument[6]);
    texts = argument + 7, many_texts = arguments - 7;
    FILE *file = fopen(argument[2], "rb");
    if (!file) return perror(argument[2]), 1;
    request = malloc(16 << 20);
    request_size = fread(request, 1, 16 << 20, file);
    connections = calloc(most, sizeof *connections);
    first = calloc(count, sizeof *first), total = calloc(count, sizeof *total);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (long i = 0; i < most; i++) connections[i].fd = -1;
    double begin = now(), heard = begin;
    for (long i = 0; !rate && i < most && started < count; i++) ask(&connections[i], now());
    while (answers < count && now() - heard < PATIENCE) {
        struct epoll_event ready[256];
        int number = epoll_wait(poller, ready, 256, pace(begin));
        if (number > 0) heard = now();
        for (int i = 0; i < number; i++) {
            Connection *c = ready[i].data.ptr;
            if (ready[i].events & EPOLLOUT) push(c);
            if (c->fd >= 0 && ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
    }
    printf("{\"answers\": %ld, \"errors\": %ld, \"events\": %ld, \"seconds\": %.6f, ", answers, errors + count - answers, events, now() - begin);
    print("first_us", first, ", "), print("total_us", total, "}\n");
}
