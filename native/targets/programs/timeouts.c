// Proves: sleeping calls keep their time while threads of two compartments take turns: none ends
// early or with EINTR, none starts over. Hardware: nothing interrupts them; an emulation that stops
// threads has to make up for it.
#include "../keys.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

enum { MS = 150 };
static volatile int stop;

static void* busy(void* page) {
  wrpkru(ONLY(2));
  while (!stop) {
    ++*(volatile char*)page;
    usleep(5000);
  }
  return NULL;
}

// A call that starts over at each of the other's turns never ends; a slow machine may take its
// time.
static void took_its_time(const char* call, int result, long since) {
  long ms = now_ms() - since;
  if (result || ms < MS - 2 || ms > 100 * MS) {
    dprintf(1, "FAILED %s: result %d (%s) after %ld of %d ms\n", call, result, strerror(errno), ms,
            MS);
    _exit(1);
  }
}

int main(void) {
  char *mine = pages(1), *theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, busy, theirs) == 0);
  wrpkru(ONLY(1));
  mine[0] = 1;

  long since = now_ms();
  took_its_time("nanosleep", nanosleep(&(struct timespec){0, MS * 1000000}, NULL), since);
  since = now_ms();
  took_its_time("poll", poll(NULL, 0, MS), since);
  since = now_ms();
  took_its_time("select", select(0, NULL, NULL, NULL, &(struct timeval){0, MS * 1000}), since);
  since = now_ms();
  struct epoll_event event;
  took_its_time("epoll_wait", epoll_wait(epoll_create1(0), &event, 1, MS), since);
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
