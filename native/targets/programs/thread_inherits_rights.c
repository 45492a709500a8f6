// Proves: a new thread starts with its creator's rights at that moment; later changes stay each
// thread's own. Hardware: PKRU is part of the register state that clone copies (pkeys(7)).
#include "../keys.h"

#include <pthread.h>

static void* run(void* unused) {
  (void)unused;
  uint32_t at_birth = rdpkru();
  wrpkru(ONLY(4));
  return (void*)(uint64_t)at_birth;
}

int main(void) {
  for (unsigned key = 2; key <= 3; key++) {
    pthread_t thread;
    void* at_birth;
    wrpkru(ONLY(key));
    EXPECT(pthread_create(&thread, NULL, run, NULL) == 0);
    EXPECT(pthread_join(thread, &at_birth) == 0);
    EXPECT((uint32_t)(uint64_t)at_birth == ONLY(key));
    EXPECT(rdpkru() == ONLY(key));
  }
  return done();
}
