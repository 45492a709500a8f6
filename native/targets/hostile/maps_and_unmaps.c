// Maps, protects, tags and unmaps for as many seconds as the argument says, in three threads.
#include "crowd.h"

static volatile int over;
static uint64_t rounds[3];

static void* work(void* which) {
  const int n = (int)(intptr_t)which;
  for (; !over; rounds[n]++) {
    char* at = pages(4);
    at[0] = 1;
    EXPECT(mprotect(at, PAGE, PROT_READ) == 0);
    EXPECT(pkey_mprotect(at + PAGE, PAGE, RW, 1 + n % 2) == 0);
    EXPECT(munmap(at + 2 * PAGE, PAGE) == 0);
    EXPECT(munmap(at, 4 * PAGE) == 0);
  }
  return NULL;
}

int main(int argc, char** argv) {
  two_keys();
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    EXPECT(pthread_create(&threads[i], NULL, work, (void*)(intptr_t)i) == 0);
  sleep((unsigned)(argc > 1 ? atoi(argv[1]) : 5));
  over = 1;
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  show("rounds", rounds[0] + rounds[1] + rounds[2]);
  return done();
}
