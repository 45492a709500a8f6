// Proves: a program that only waits, in three threads, looks the same to the kernel before Keyhole
// has attached to it and after it has let go. Hardware: nothing special.
#include "../keys.h"

#include <pthread.h>

static void* wait_for_ever(void* unused) {
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 2; i++) EXPECT(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
  usleep(50000);
  dprintf(1, "ready\n");
  wait_for_ever(NULL);
  return done();
}
