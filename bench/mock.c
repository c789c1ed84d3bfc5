/* SPDX-FileCopyrightText: 2026 Waarmerk contributors
 * SPDX-License-Identifier: EUPL-1.2
 *
 * A model server that costs nearly nothing: `mock PORT`, which prints its port once it listens (0: any). It answers chat completions in
 * Dutch prose, whole or as server-sent events, one event in each HTTP chunk. What the answer is like stands in the prompt, so that it
 * reaches us through any proxy: `mock bytes=2000 events=200 every=5;` asks for 2000 bytes of text when whole, and for 200 words with 5 ms
 * between them when streamed. GET answers how many completions were asked for: a proxy that forwards each call raises it by one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096          /* connections */
#define LONGEST (16 << 20) /* bytes of a request */
#define MODEL "SmolLM2-135M-Instruct"

static const char *WORDS[] = {
    "Geachte", " mevrouw", " of", " heer,", " wij", " hebben", " uw", " vraag", " goed", " ontvangen.",
    " U", " wilt", " weten", " hoe", " u", " een", " paspoort", " aanvraagt", " bij", " de", " gemeente.",
    " Daarvoor", " maakt", " u", " eerst", " een", " afspraak", " aan", " de", " balie.",
    " Neem", " uw", " oude", " document", " en", " \u00e9\u00e9n", " goede", " pasfoto", " mee.",
    " De", " medewerker", " controleert", " samen", " met", " u", " de", " gegevens.",
    " Na", " vijf", " werkdagen", " ligt", " het", " nieuwe", " paspoort", " voor", " u", " klaar.",
};
#define MANY (sizeof WORDS / sizeof *WORDS)

typedef struct {
    int fd;
    char *in;
    size_t have, room;
    char *out; /* what the socket did not take yet */
    size_t owed;
    int left; /* events that this stream still has to send */
    int sent;
    double due, every;
} Connection;

static Connection connections[MOST];
static int streams[MOST], streaming;
static long asked;
static int poller;

static double now(void) {
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + moment.tv_nsec / 1e9;
}

static void watch(Connection *c, int how, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = c->fd};
    epoll_ctl(poller, how, c->fd, &event);
}

static void end_stream(Connection *c) {
    for (int i = 0; i < streaming; i++)
        if (streams[i] == c->fd) streams[i] = streams[--streaming];
    c->left = 0;
}

static void drop(Connection *c) {
    if (c->left) end_stream(c);
    close(c->fd);
    free(c->in);
    free(c->out);
    memset(c, 0, sizeof *c);
}

/* Send what can be sent and keep the rest. False: the connection is gone. */
static int deliver(Connection *c, const char *data, size_t size) {
    size_t done = 0;
    while (!c->owed && done < size) {
        ssize_t took = write(c->fd, data + done, size - done);
        if (took < 0 && errno != EAGAIN) return drop(c), 0;
        if (took < 0) break;
        done += took;
    }
    if (done < size) {
        c->out = realloc(c->out, c->owed + size - done);
        memcpy(c->out + c->owed, data + done, size - done);
        if (!c->owed) watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
        c->owed += size - done;
    }
    return 1;
}

static void send_owed(Connection *c) {
    ssize_t took = write(c->fd, c->out, c->owed);
    if (took < 0 && errno != EAGAIN) return drop(c);
    if (took > 0) memmove(c->out, c->out + took, c->owed -= took);
    if (!c->owed) watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

/* The last answer is kept: a run asks for one length. */
static int whole(Connection *c, size_t bytes) {
    static char *answer;
    static size_t length, made;
    if (!answer || made != bytes) {
        char *text = malloc(bytes + 64), *at = text;
        for (size_t i = 0; (size_t)(at - text) < bytes; i++) at = stpcpy(at, i && i % MANY == 0 ? " " : ""), at = stpcpy(at, WORDS[i % MANY]);
        char *body;
        int size = asprintf(&body,
            "{\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion\",\"created\":1795600000,\"model\":\"" MODEL "\",\"choices\":[{\"index\":0,"
            "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
            "\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":%zu,\"total_tokens\":%zu}}", text, bytes / 5, bytes / 5 + 40);
        free(answer);
        length = asprintf(&answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", size, body);
        made = bytes;
        free(body), free(text);
    }
    return deliver(c, answer, length);
}

static int begin_stream(Connection *c, int events, double every) {
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    c->left = events + 3; /* the role before the words; the finish and [DONE] after them */
    c->sent = 0;
    c->every = every;
    c->due = now() + every;
    streams[streaming++] = c->fd;
    return deliver(c, head, sizeof head - 1);
}

static void send_event(Connection *c) {
    static const char chunk[] = "data: {\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1795600000,\"model\":\"" MODEL "\","
                                "\"choices\":[{\"index\":0,\"delta\":%s%s%s,\"finish_reason\":%s}]}\n\n";
    char event[512], framed[600];
    int size, i = c->sent - 1;
    if (c->sent == 0)
        size = sprintf(event, chunk, "{\"role\":\"assistant\",\"content\":\"", "", "\"}", "null");
    else if (c->left > 2)
        size = sprintf(event, chunk, i && i % MANY == 0 ? "{\"content\":\" " : "{\"content\":\"", WORDS[i % MANY], "\"}", "null");
    else if (c->left == 2)
        size = sprintf(event, chunk, "{", "", "}", "\"stop\"");
    else
        size = sprintf(event, "data: [DONE]\n\n");
    int length = sprintf(framed, "%x\r\n%s\r\n%s", size, event, c->left == 1 ? "0\r\n\r\n" : "");
    c->sent++;
    c->due += c->every;
    if (!deliver(c, framed, length)) return;
    if (c->left == 1) end_stream(c);
    else c->left--;
}

static long number(const char *where, const char *name, long otherwise) {
    const char *found = where ? strstr(where, name) : NULL;
    return found ? atol(found + strlen(name)) : otherwise;
}

/* Answer each request that is whole. */
static void answer(Connection *c) {
    for (;;) {
        char *end = c->have ? memmem(c->in, c->have, "\r\n\r\n", 4) : NULL;
        if (!end || c->left) return;
        *end = 0;
        char *field = strcasestr(c->in, "\r\ncontent-length:");
        size_t body = field ? strtoul(field + 17, NULL, 10) : 0, head = end + 4 - c->in;
        int asks = c->in[0] == 'P';
        *end = '\r';
        if (c->have < head + body) return;
        char after = c->in[head + body], *how = memmem(c->in + head, body, "mock ", 5);
        c->in[head + body] = 0;
        int stream = strstr(c->in + head, "\"stream\":true") || strstr(c->in + head, "\"stream\": true"), alive;
        if (!asks) {
            char count[128];
            int digits = snprintf(NULL, 0, "%ld", asked);
            alive = deliver(c, count, sprintf(count, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%ld", digits, asked));
        } else if (asked++, stream)
            alive = begin_stream(c, number(how, "events=", 200), number(how, "every=", 5) / 1e3);
        else
            alive = whole(c, number(how, "bytes=", 1700));
        if (!alive) return;
        c->in[head + body] = after;
        memmove(c->in, c->in + head + body, c->have -= head + body);
    }
}

static void receive(Connection *c) {
    if (c->room - c->have < 65536) c->in = realloc(c->in, (c->room += c->room + 131072) + 1);
    ssize_t got = read(c->fd, c->in + c->have, c->room - c->have);
    if (got == 0 || (got < 0 && errno != EAGAIN) || c->have > LONGEST) return drop(c);
    if (got > 0) c->have += got, c->in[c->have] = 0, answer(c);
}

static void admit(int listening) {
    int fd, yes = 1;
    while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= MOST) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections[fd].fd = fd;
        watch(&connections[fd], EPOLL_CTL_ADD, EPOLLIN);
    }
}

/* Send every event that is due; how long until the next one. */
static struct timespec *send_due(struct timespec *pause) {
    double moment = now(), next = moment + 3600;
    for (int i = streaming - 1; i >= 0; i--) {
        Connection *c = &connections[streams[i]];
        while (c->left && c->due <= moment) send_event(c);
        if (c->left && c->due < next) next = c->due;
        if (!c->left && c->fd) answer(c);
    }
    if (!streaming) return NULL;
    double seconds = next > moment ? next - moment : 0;
    pause->tv_sec = seconds;
    pause->tv_nsec = (seconds - pause->tv_sec) * 1e9;
    return pause;
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0)};
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) || listen(listening, 1024)) return perror("mock"), 1;
    socklen_t size = sizeof address;
    getsockname(listening, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port)), fflush(stdout);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[256], door = {.events = EPOLLIN, .data.fd = listening};
    epoll_ctl(poller, EPOLL_CTL_ADD, listening, &door);
    for (;;) {
        struct timespec pause;
        int ready = epoll_pwait2(poller, events, 256, send_due(&pause), NULL);
        for (int i = 0; i < ready; i++) {
            Connection *c = &connections[events[i].data.fd];
            if (events[i].data.fd == listening) { admit(listening); continue; }
            if (c->fd && events[i].events & EPOLLOUT) send_owed(c);
            if (c->fd && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
    }
}
