// Proves: a program that runs on until it is told to end, with two threads of one compartment each,
// can be paused, looked at and changed at any instant. Hardware: nothing special; the tracer does
// the work.
#include "../keys.h"

#include <pthread.h>

static char* page[3];
static volatile long steps[3];

static void* run(void* number) {
  long key = (long)number;
  wrpkru(ONLY(key));
  for (;;) {
    ++*(volatile long*)page[key];
    steps[key]++;
    usleep(500);
  }
  return NULL;
}

int main(void) {
  pthread_t thread[3];
  for (long key = 1; key <= 2; key++) {
    EXPECT(pkey_alloc(0, 0) == key);
    page[key] = pages(1);
    EXPECT(pkey_mprotect(page[key], PAGE, RW, key) == 0);
  }
  for (long key = 1; key <= 2; key++)
    EXPECT(pthread_create(&thread[key], NULL, run, (void*)key) == 0);
  while (steps[1] < 5 || steps[2] < 5) usleep(1000);
  dprintf(1, "page=%p\nrunning\n", (void*)page[1]);
  pthread_join(thread[1], NULL);
  return done();
}
