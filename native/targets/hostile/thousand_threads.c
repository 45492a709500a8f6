// A thousand threads alive at once (or as many as the argument says), each mapping, protecting,
// unmapping and switching between two keys' rights: births, turns and ends must cost the same for
// the last thread as for the first.

#include "../keys.h"

#include <pthread.h>

static pthread_barrier_t all;
static char *first, *second;

static void* work(void* unused) {
  (void)unused;
  pthread_barrier_wait(&all);
  for (int i = 0; i < 3; i++) {
    char* own = pages(1);
    own[0] = 1;
    EXPECT(mprotect(own, PAGE, PROT_READ) == 0);
    wrpkru(ONLY(1));
    first[0] = 1;
    wrpkru(ONLY(2));
    second[0] = 1;
    wrpkru(ONLY(0));
    EXPECT(munmap(own, PAGE) == 0);
  }
  return NULL;
}

int main(int argc, char** argv) {
  const unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
  first = pages(1), second = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(first, PAGE, RW, 1) == 0 && pkey_mprotect(second, PAGE, RW, 2) == 0);
  wrpkru(ONLY(0));
  pthread_barrier_init(&all, NULL, count + 1);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  pthread_t* threads = calloc(count, sizeof *threads);
  for (unsigned i = 0; i < count; i++) EXPECT(pthread_create(&threads[i], &small, work, NULL) == 0);
  pthread_barrier_wait(&all);
  for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
  return done();
}
