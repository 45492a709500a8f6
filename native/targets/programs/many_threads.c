// Proves: 15 threads, each with rights of its own, reach their own page and no other, again and
// again. Hardware: rights belong to a thread.
#include "../keys.h"

#include <pthread.h>
#include <sched.h>

enum { THREADS = 15, ROUNDS = 20 };
static char* page[THREADS + 1];

static void* run(void* number) {
  long key = (long)number;
  wrpkru(ONLY(key));
  for (int i = 0; i < ROUNDS; i++) {
    ++*(volatile long*)page[key];
    if (i % 8 == 0) sched_yield();
    EXPECT(rdpkru() == ONLY(key));
  }
  return NULL;
}

int main(void) {
  pthread_t thread[THREADS + 1];
  for (long key = 1; key <= THREADS; key++) {
    page[key] = pages(1);
    EXPECT(pkey_alloc(0, 0) == key);
    EXPECT(pkey_mprotect(page[key], PAGE, RW, key) == 0);
  }
  for (long key = 1; key <= THREADS; key++)
    EXPECT(pthread_create(&thread[key], NULL, run, (void*)key) == 0);
  for (long key = 1; key <= THREADS; key++) EXPECT(pthread_join(thread[key], NULL) == 0);
  for (long key = 1; key <= THREADS; key++) EXPECT(*(long*)page[key] == ROUNDS);
  EXPECT(pkey_mprotect(page[1], PAGE, RW, 15) == 0);
  wrpkru(ONLY(1));
  show("page", (uint64_t)page[1]);
  EXPECT(!may_read(page[1]) && caught.key == 15);
  return done();
}
