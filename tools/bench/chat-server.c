// A server of chat completions that costs next to nothing, so that what is measured is whoever asks it.
//
//   chat-server [MILLISECONDS]      answers at once, or so long after a request came
//
// It prints its port on loopback and ends when its standard input does; then it prints how many requests it answered, the
// most that waited at once, and on how many connections. Every answer is the same: a rating of 4 with its log
// probabilities. One thread, epoll, HTTP/1.1 with keep-alive and Content-Length; anything else ends it.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 65536, MOST_EVENTS = 256, FIRST_SIZE = 16384 };

// What has come of a request; the rest of the bytes is what follows it.
struct connection {
  char *bytes;
  size_t count, size;
};

struct due {
  long long nanoseconds;
  int descriptor;
};

static struct connection connections[MOST_CONNECTIONS];
// All wait equally long, so that whoever came first is due first.
static struct due queue[MOST_CONNECTIONS];
static size_t queue_begin, queue_count, most_waiting;
static long long delay_nanoseconds, answer_count, connection_count;
static char answer[4096];
static size_t answer_length;

static void fail(const char *what) {
  fprintf(stderr, "error: %s: %s\n", what, strerror(errno));
  exit(1);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void make_answer(void) {
  const char *body =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"quick\",\"choices\":[{"
      "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"4\"},\"finish_reason\":\"length\",\"logprobs\":{"
      "\"content\":[{\"token\":\"4\",\"logprob\":-0.3,\"bytes\":[52],\"top_logprobs\":["
      "{\"token\":\"4\",\"logprob\":-0.3,\"bytes\":[52]},{\"token\":\"5\",\"logprob\":-1.8,\"bytes\":[53]},"
      "{\"token\":\"3\",\"logprob\":-3.1,\"bytes\":[51]},{\"token\":\"2\",\"logprob\":-6.2,\"bytes\":[50]},"
      "{\"token\":\"1\",\"logprob\":-8.5,\"bytes\":[49]},{\"token\":\" 4\",\"logprob\":-9.1,\"bytes\":[32,52]},"
      "{\"token\":\"The\",\"logprob\":-9.4,\"bytes\":[84,104,101]},{\"token\":\"I\",\"logprob\":-9.9,\"bytes\":[73]}"
      "]}]}}],\"usage\":{\"prompt_tokens\":412,\"completion_tokens\":1,\"total_tokens\":413}}";
  answer_length = (size_t)snprintf(
      answer, sizeof answer, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s",
      strlen(body), body);
}

static void close_connection(int descriptor) {
  free(connections[descriptor].bytes);
  connections[descriptor] = (struct connection){0};
  close(descriptor);
}

static void send_answer(int descriptor) {
  // A client that went away is its own affair. What fits no socket buffer doesn't happen with so short an answer.
  if (send(descriptor, answer, answer_length, MSG_NOSIGNAL) == (ssize_t)answer_length) answer_count++;
}

// The length of the request at the beginning of what has come; 0 if it isn't whole yet.
static size_t request_length(const struct connection *connection) {
  const char *end = memmem(connection->bytes, connection->count, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  size_t head = (size_t)(end - connection->bytes) + 4;
  for (const char *line = connection->bytes; line < end;) {
    const char *stop = memmem(line, head - (size_t)(line - connection->bytes), "\r\n", 2);
    if (strncasecmp(line, "content-length:", 15) == 0) {
      size_t length = head + strtoul(line + 15, NULL, 10);
      return connection->count >= length ? length : 0;
    }
    line = stop + 2;
  }
  errno = EPROTO;
  fail("a request without its length");
  return 0;
}

static void take_requests(int descriptor) {
  struct connection *connection = &connections[descriptor];
  for (;;) {
    if (connection->size - connection->count < FIRST_SIZE) {
      connection->size = connection->size * 2 + FIRST_SIZE;
      connection->bytes = realloc(connection->bytes, connection->size);
      if (connection->bytes == NULL) fail("memory");
    }
    // One byte is left, so that searches for numbers end.
    ssize_t count = recv(
        descriptor, connection->bytes + connection->count, connection->size - connection->count - 1, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      close_connection(descriptor);
      return;
    }
    connection->count += (size_t)count;
    connection->bytes[connection->count] = 0;
    for (size_t length; connection->count > 0 && (length = request_length(connection)) > 0;) {
      memmove(connection->bytes, connection->bytes + length, connection->count - length);
      connection->count -= length;
      if (delay_nanoseconds == 0) {
        send_answer(descriptor);
      } else {
        if (queue_count == MOST_CONNECTIONS) fail("too many requests wait");
        queue[(queue_begin + queue_count++) % MOST_CONNECTIONS] = (struct due){now() + delay_nanoseconds, descriptor};
        if (queue_count > most_waiting) most_waiting = queue_count;
      }
    }
  }
}

// Answers whoever is due; returns for how many milliseconds there is nobody.
static int answer_due(void) {
  while (queue_count > 0) {
    struct due first = queue[queue_begin];
    long long rest = first.nanoseconds - now();
    // Rounded up: a wait of 0 would be no wait.
    if (rest > 0) return (int)((rest + 999999) / 1000000);
    queue_begin = (queue_begin + 1) % MOST_CONNECTIONS;
    queue_count--;
    if (connections[first.descriptor].bytes != NULL) send_answer(first.descriptor);
  }
  return -1;
}

static void watch(int set, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

static int listen_on_loopback(void) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, length) != 0 || listen(descriptor, 4096) != 0 ||
      getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
    fail("listen");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return descriptor;
}

int main(int count, char **arguments) {
  if (count > 2) {
    fputs("usage: chat-server [MILLISECONDS]\n", stderr);
    return 64;
  }
  delay_nanoseconds = count == 2 ? atoll(arguments[1]) * 1000000 : 0;
  make_answer();
  int listener = listen_on_loopback(), set = epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) fail("epoll_create1");
  watch(set, listener);
  watch(set, STDIN_FILENO);
  for (;;) {
    struct epoll_event events[MOST_EVENTS];
    int ready = epoll_wait(set, events, MOST_EVENTS, answer_due());
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      char byte;
      if (descriptor == STDIN_FILENO) {
        if (read(STDIN_FILENO, &byte, 1) > 0) continue;
        printf("%lld %zu %lld\n", answer_count, most_waiting, connection_count);
        return 0;
      }
      if (descriptor != listener) {
        take_requests(descriptor);
        continue;
      }
      for (int client; (client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        int yes = 1;
        if (client >= MOST_CONNECTIONS) fail("too many connections");
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connection_count++;
        watch(set, client);
      }
    }
  }
}
