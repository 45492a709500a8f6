// Proves: a thread name that is cut inside a character is no reason to stop. Hardware: a name is
// bytes (prctl(2), PR_SET_NAME).
#include "../keys.h"

#include <pthread.h>
#include <sys/prctl.h>

static void* nothing(void* unused) { return unused; }

int main(void) {
  pthread_t thread;
  EXPECT(prctl(PR_SET_NAME, "worker-num\xc3\xa9ro\xc3\xa9") ==
         0);  // the last letter loses its second byte
  EXPECT(pthread_create(&thread, NULL, nothing, NULL) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
