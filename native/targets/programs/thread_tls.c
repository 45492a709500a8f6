// Proves: a thread's TLS is private from its birth: its own code uses it, the library is denied.
// Hardware: no keys of its own: without Keyhole it ends with 3.
#include "../keys.h"
#include "gate_lib.h"

#include <pthread.h>

static _Thread_local long mine[1024] __attribute__((aligned(4096))) = {77};

static void* run(void* unused) {
  (void)unused;
  mine[0]++;
  EXPECT(mine[0] == 78);
  show("tid", gettid());
  show("page", (uint64_t)mine);
  return (void*)gate_read(mine);
}

int main(void) {
  mine[0] = 1;
  pthread_t thread;
  void* read;
  EXPECT(pthread_create(&thread, NULL, run, NULL) == 0);
  EXPECT(pthread_join(thread, &read) == 0);
  return (long)read == 78 ? 3 : 1;
}
