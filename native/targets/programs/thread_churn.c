// Proves: 40 threads born and gone one after the other, each in another compartment, on stacks that
// libc uses again. Hardware: pthread_create(3) keeps stacks for later threads.
#include "../keys.h"

#include <pthread.h>

static void* run(void* number) {
  long key = 1 + (long)number % 15;
  wrpkru(ONLY(key));
  EXPECT(rdpkru() == ONLY(key));
  return number;
}

int main(void) {
  for (long i = 0; i < 40; i++) {
    pthread_t thread;
    void* result;
    EXPECT(pthread_create(&thread, NULL, run, (void*)i) == 0);
    EXPECT(pthread_join(thread, &result) == 0 && (long)result == i);
    EXPECT(rdpkru() == INIT_PKRU);
  }
  return done();
}
