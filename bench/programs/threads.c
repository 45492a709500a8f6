// COUNT threads asleep, each with three pages of TLS. Publishes where the middle page of each one's
// is, says `ready` and waits to be ended.
#include "timing.h"

#include <pthread.h>

enum { MOST = 1000 };
/// Read by the peer's script.
char* volatile thread_page[MOST];
volatile long thread_count;

static _Thread_local char mine[3 * 4096] __attribute__((aligned(4096)));
static pthread_barrier_t started;

static void* run(void* number) {
  for (size_t at = 0; at < sizeof mine; at += 4096) mine[at] = 1;
  thread_page[(long)number] = mine + 4096;
  pthread_barrier_wait(&started);
  for (;;) pause();
  return NULL;
}

int main(int argc, char** argv) {
  const long count = count_of(argc, argv);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 1 << 17);
  if (count > MOST || pthread_barrier_init(&started, NULL, (unsigned)count + 1) != 0) return 1;
  for (long i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, run, (void*)i) != 0) return 1;
  }
  pthread_barrier_wait(&started);
  thread_count = count;
  dprintf(1, "ready\n");
  for (;;) pause();
}
