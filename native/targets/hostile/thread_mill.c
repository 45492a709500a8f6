// Twenty thousand short threads (or as many as the argument says), eight alive at a time.
#include "crowd.h"

static void* work(void* k) {
  wrpkru(ONLY((int)(intptr_t)k));
  crowd_page[(intptr_t)k][0]++;
  return NULL;
}

int main(int argc, char** argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 20000;
  two_keys();
  for (int i = 0; i < count; i += 8) {
    pthread_t threads[8];
    for (int j = 0; j < 8; j++)
      EXPECT(pthread_create(&threads[j], NULL, work, (void*)(intptr_t)(1 + j % 2)) == 0);
    for (int j = 0; j < 8; j++) pthread_join(threads[j], NULL);
  }
  return done();
}
