// Proves: exec by a thread that is not the first one: the others vanish, the new program takes the
// leader's id. Hardware: execve(2), "effect on process attributes"; de_thread in fs/exec.c.
#include "../keys.h"

#include <pthread.h>

static void* run(void* name) {
  wrpkru(ONLY(1));
  execl("/proc/self/exe", (char*)name, "again", (char*)NULL);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    EXPECT(rdpkru() == INIT_PKRU && getpid() == gettid());
    EXPECT(pkey_alloc(0, 0) == 1);
    return done();
  }
  EXPECT(pkey_alloc(0, 0) == 1);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, run, argv[0]) == 0);
  pthread_join(thread, NULL);
  return 1;
}
