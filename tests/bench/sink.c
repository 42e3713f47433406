/* A DICOM acceptor that is never the limit of a load: it takes everything and keeps nothing.
 *
 *   sink MAX_PDU     the P-DATA-TF length that it announces (0: no limit)
 *
 * Prints the port that it listens on (127.0.0.1, chosen by the kernel). Each line on standard input
 * is answered by one line of JSON: counters since the start, and since the last question the most
 * connections that were open and the clock at the first and the last answer. The end of standard
 * input ends it. One thread, epoll.
 *
 * It accepts each presentation context with the first little endian transfer syntax that is
 * proposed (PS3.8 9.3.3), grants the asynchronous window that is asked for (PS3.7 D.3.3.3), answers
 * C-ECHO and C-STORE with success as soon as the last fragment is in, and all other commands with
 * 0211H (unrecognised operation, PS3.7 C.5). Octets of data sets are counted and dropped. An answer
 * leaves in one send() with TCP_NODELAY, so that no delayed acknowledgement is measured.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RECEIVE = 1 << 18, COMMAND = 1024, ASSOCIATE = 1 << 18, ANSWERS = 1 << 16, READY = 256 };
enum state { PDU_HEADER, ASSOCIATING, PDV_HEADER, PDV_BODY, SKIPPING };

typedef struct {
  int fd, data_due, gone, used;
  enum state state;
  uint8_t head[6], context, control, type;
  uint32_t have, pdu_left, pdv_left, command_have;
  uint8_t command[COMMAND], *request; /* request: the A-ASSOCIATE-RQ while it comes in */
} Link;

static uint8_t in[RECEIVE], out[ANSWERS];
static uint32_t out_have, max_pdu;
static uint64_t associations, released, aborted, lost, unused, now_open, most_open;
static uint64_t echoes, stores, others, octets;
static double first_s, last_s; /* when the first and the last command was answered */

static uint32_t big16(const uint8_t *at) { return (uint32_t)at[0] << 8 | at[1]; }
static uint32_t big32(const uint8_t *at) { return big16(at) << 16 | big16(at + 2); }
static uint32_t little16(const uint8_t *at) { return (uint32_t)at[1] << 8 | at[0]; }
static uint32_t little32(const uint8_t *at) { return little16(at + 2) << 16 | little16(at); }
static void put_big16(uint8_t *at, uint32_t n) { at[0] = n >> 8, at[1] = n; }
static void put_big32(uint8_t *at, uint32_t n) { put_big16(at, n >> 16), put_big16(at + 2, n); }

static double clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void flush(Link *link) {
  /* A peer that does not read its answers fills a socket's buffer: no client that is measured. */
  if (out_have && send(link->fd, out, out_have, MSG_NOSIGNAL) != (ssize_t)out_have) link->gone = 1;
  out_have = 0;
}

static uint8_t *room(Link *link, uint32_t length) {
  if (out_have + length > ANSWERS) flush(link);
  out_have += length;
  return out + out_have - length;
}

/* An item of PS3.8: type, reserved, length, body. Returns what follows it. */
static uint8_t *item(uint8_t *at, uint8_t type, const void *body, uint32_t length) {
  at[0] = type, at[1] = 0;
  put_big16(at + 2, length);
  memcpy(at + 4, body, length);
  return at + 4 + length;
}

static int little_endian(const uint8_t *uid, uint32_t length) {
  static const char implicit[] = "1.2.840.10008.1.2", explicit[] = "1.2.840.10008.1.2.1";
  return (length == sizeof implicit - 1 && !memcmp(uid, implicit, length)) ||
         (length == sizeof explicit - 1 && !memcmp(uid, explicit, length));
}

/* One presentation context of the request, answered (PS3.8 9.3.3.2). */
static uint8_t *context_answer(uint8_t *at, const uint8_t *body, uint32_t length) {
  uint8_t *start = at;
  at += 8;
  start[0] = 0x21, start[1] = 0, start[4] = body[0], start[5] = 0, start[6] = 4, start[7] = 0;
  for (uint32_t i = 4; i + 4 <= length; i += 4 + big16(body + i + 2)) {
    uint32_t size = big16(body + i + 2);
    if (i + 4 + size > length) break;
    if (body[i] != 0x40 || start[6] == 0 || !little_endian(body + i + 4, size)) continue;
    start[6] = 0; /* acceptance; 4: transfer syntaxes not supported */
    at = item(at, 0x40, body + i + 4, size);
  }
  if (start[6]) at = item(at, 0x40, "1.2.840.10008.1.2", 17); /* without meaning, but mandatory */
  put_big16(start + 2, at - start - 4);
  return at;
}

/* Copies the asynchronous operations window out of a user information item, if it is there. */
static uint8_t *window_answer(uint8_t *at, const uint8_t *body, uint32_t length) {
  for (uint32_t i = 0; i + 8 <= length; i += 4 + big16(body + i + 2))
    if (body[i] == 0x53 && big16(body + i + 2) == 4) return item(at, 0x53, body + i + 4, 4);
  return at;
}

static void associate(Link *link, uint32_t length) {
  const uint8_t *request = link->request;
  uint8_t *answer = malloc(2 * (size_t)length + 1024), *at = answer + 74, *window = at, limit[4];
  memset(answer, 0, 74);
  answer[0] = 2, answer[7] = 1;
  memcpy(answer + 10, request + 4, 32); /* both AE titles */
  at = item(at, 0x10, "1.2.840.10008.3.1.1.1", 21);
  const uint8_t *user = NULL;
  uint32_t user_length = 0;
  for (uint32_t i = 68; i + 4 <= length; i += 4 + big16(request + i + 2)) {
    uint32_t size = big16(request + i + 2);
    if (i + 4 + size > length) break;
    if (request[i] == 0x20 && size >= 4) at = context_answer(at, request + i + 4, size);
    if (request[i] == 0x50) user = request + i + 4, user_length = size;
  }
  uint8_t *information = at;
  put_big32(limit, max_pdu);
  at = item(at + 4, 0x51, limit, 4);
  at = item(at, 0x52, "2.25.1", 6);
  window = user ? window_answer(at, user, user_length) : at;
  item(information, 0x50, information + 4, 0);
  put_big16(information + 2, window - information - 4);
  put_big32(answer + 2, window - answer - 6);
  flush(link);
  if (send(link->fd, answer, window - answer, MSG_NOSIGNAL) != window - answer) link->gone = 1;
  free(answer), free(link->request);
  link->request = NULL;
  associations++;
}

/* An element of a command set, implicit little endian. Returns what follows it. */
static uint8_t *element(uint8_t *at, uint16_t tag, const void *body, uint32_t length) {
  uint8_t head[8] = {0, 0, tag & 0xff, tag >> 8, length & 0xff, length >> 8, 0, 0};
  memcpy(at, head, 8);
  memcpy(at + 8, body, length);
  return at + 8 + length;
}

static uint8_t *element16(uint8_t *at, uint16_t tag, uint32_t value) {
  uint8_t body[2] = {value & 0xff, value >> 8};
  return element(at, tag, body, 2);
}

static const uint8_t *find(const Link *link, uint32_t tag, uint32_t *length) {
  for (uint32_t i = 0; i + 8 <= link->command_have; i += 8 + *length) {
    *length = little32(link->command + i + 4);
    if (*length > link->command_have - i - 8) break;
    if (little16(link->command + i + 2) == tag) return link->command + i + 8;
  }
  *length = 0;
  return NULL;
}

static uint32_t value(const Link *link, uint32_t tag, uint32_t otherwise) {
  uint32_t length;
  const uint8_t *found = find(link, tag, &length);
  return found && length == 2 ? little16(found) : otherwise;
}

static void respond(Link *link) {
  uint32_t what = value(link, 0x0100, 0), class_length, instance_length;
  const uint8_t *class = find(link, 0x0002, &class_length);
  const uint8_t *instance = find(link, 0x1000, &instance_length);
  uint32_t uids = (class ? 8 + class_length : 0) + (instance ? 8 + instance_length : 0);
  uint32_t length = 12 + 12 + 4 * 10 + uids; /* headers, group length, four numbers */
  uint8_t *start = room(link, length), *at = start + 12, group[4] = {0};
  start[0] = 4, start[1] = 0, start[10] = link->context, start[11] = 3; /* command, last fragment */
  put_big32(start + 2, length - 6);
  put_big32(start + 6, length - 10);
  group[0] = (length - 24) & 0xff, group[1] = (length - 24) >> 8;
  at = element(at, 0x0000, group, 4);
  if (class) at = element(at, 0x0002, class, class_length);
  at = element16(at, 0x0100, what | 0x8000);
  at = element16(at, 0x0120, value(link, 0x0110, 0));
  at = element16(at, 0x0800, 0x0101);
  at = element16(at, 0x0900, what == 1 || what == 0x30 ? 0 : 0x0211);
  if (instance) element(at, 0x1000, instance, instance_length);
  *(what == 1 ? &stores : what == 0x30 ? &echoes : &others) += 1;
  link->used = 1, last_s = clock_s();
  if (!first_s) first_s = last_s;
}

/* The last fragment of a command or of a data set. */
static void complete(Link *link) {
  if (link->control & 1) link->data_due = value(link, 0x0800, 0x0101) != 0x0101;
  else link->data_due = 0;
  if (link->data_due) return;
  respond(link);
  link->command_have = 0;
}

/* The six octets of a PDU's header are in. */
static void begin_pdu(Link *link) {
  static const uint8_t release[10] = {6, 0, 0, 0, 0, 4};
  link->type = link->head[0], link->pdu_left = big32(link->head + 2), link->have = 0;
  link->state = link->type == 4 ? PDV_HEADER : SKIPPING;
  if (link->type == 1 && link->pdu_left >= 68 && link->pdu_left <= ASSOCIATE) {
    link->request = malloc(link->pdu_left);
    link->state = ASSOCIATING;
  } else if (link->type == 5) {
    memcpy(room(link, sizeof release), release, sizeof release);
    released++;
  } else if (link->type == 7) {
    aborted++, link->gone = 1;
  } else if (link->type != 4) {
    lost++, link->gone = 1;
  }
}

static void begin_pdv(Link *link) {
  uint32_t length = big32(link->head);
  link->context = link->head[4], link->control = link->head[5], link->have = 0;
  if (length < 2 || length + 4 > link->pdu_left) { lost++, link->gone = 1; return; }
  link->pdv_left = length - 2, link->pdu_left -= length + 4;
  link->state = PDV_BODY;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static uint32_t collect(Link *link, uint8_t *into, uint32_t want, const uint8_t *at,
                        uint32_t length) {
  uint32_t taken = least(want - link->have, length);
  memcpy(into + link->have, at, taken);
  link->have += taken;
  return taken;
}

static uint32_t take_body(Link *link, const uint8_t *at, uint32_t length) {
  uint32_t taken = least(link->pdv_left, length);
  if (link->control & 1) {
    if (link->command_have + taken > COMMAND) { lost++, link->gone = 1; return length; }
    memcpy(link->command + link->command_have, at, taken);
    link->command_have += taken;
  } else octets += taken;
  link->pdv_left -= taken;
  return taken;
}

/* Takes some of what came in; returns how much. */
static uint32_t step(Link *link, const uint8_t *at, uint32_t length) {
  uint32_t taken = 0;
  switch (link->state) {
  case PDU_HEADER:
    taken = collect(link, link->head, 6, at, length);
    if (link->have == 6) begin_pdu(link);
    break;
  case ASSOCIATING:
    taken = collect(link, link->request, link->pdu_left, at, length);
    if (link->have == link->pdu_left) {
      associate(link, link->pdu_left);
      link->state = PDU_HEADER, link->have = 0;
    }
    break;
  case PDV_HEADER:
    taken = collect(link, link->head, 6, at, length);
    if (link->have == 6) begin_pdv(link);
    break;
  case PDV_BODY:
    taken = take_body(link, at, length);
    if (link->pdv_left) break;
    if (link->control & 2) complete(link);
    link->state = link->pdu_left ? PDV_HEADER : PDU_HEADER;
    break;
  case SKIPPING:
    taken = least(link->pdu_left, length);
    link->pdu_left -= taken;
    if (!link->pdu_left) link->state = PDU_HEADER;
  }
  return taken;
}

static void hang_up(Link *link) {
  now_open--, unused += !link->used;
  close(link->fd);
  free(link->request), free(link);
}

static void serve(Link *link) {
  ssize_t length = recv(link->fd, in, RECEIVE, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) { hang_up(link); return; }
  for (ssize_t at = 0; at < length && !link->gone;) at += step(link, in + at, length - at);
  flush(link);
  if (link->gone) hang_up(link);
}

static void greet(int poll, int listener) {
  int fd, on = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    Link *link = calloc(1, sizeof *link);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
    link->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    if (++now_open > most_open) most_open = now_open;
  }
}

static int tell(void) {
  char asked[64];
  if (read(0, asked, sizeof asked) <= 0) return 0;
  printf("{\"associations\": %lu, \"released\": %lu, ", associations, released);
  printf("\"aborted\": %lu, \"lost\": %lu, \"unused\": %lu, ", aborted, lost, unused);
  printf("\"open\": %lu, \"most_open\": %lu, ", now_open, most_open);
  printf("\"echoes\": %lu, \"stores\": %lu, \"others\": %lu, ", echoes, stores, others);
  printf("\"octets\": %lu, \"first_s\": %.9f, \"last_s\": %.9f}\n", octets, first_s, last_s);
  first_s = last_s = 0, most_open = now_open;
  return !fflush(stdout);
}

int main(int count, char **words) {
  struct rlimit files;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event ready[READY], input = {.events = EPOLLIN}, knock = input;
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
  static int doors[2]; /* addresses that tell the listener and standard input from a Link */
  if (count != 2) return 2;
  max_pdu = strtoul(words[1], NULL, 10);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
  if (bind(listener, (void *)&address, length) || listen(listener, 4096)) return 1;
  getsockname(listener, (void *)&address, &length);
  printf("%d\n", ntohs(address.sin_port)), fflush(stdout);
  knock.data.ptr = &doors[0], input.data.ptr = &doors[1];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &knock), epoll_ctl(poll, EPOLL_CTL_ADD, 0, &input);
  for (;;) {
    int found = epoll_wait(poll, ready, READY, -1);
    for (int i = 0; i < found; i++)
      if (ready[i].data.ptr == &doors[0]) greet(poll, listener);
      else if (ready[i].data.ptr == &doors[1]) { if (!tell()) return 0; }
      else serve(ready[i].data.ptr);
  }
}
