// Proves: every queued signal arrives while rights change all the time. Hardware: real-time signals
// queue (signal(7)).
#include "../keys.h"

#include <pthread.h>

enum { SIGNALS = 500 };
static volatile int got, sent;
static pthread_t first;

static void count(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  got++;
}

static void* send(void* unused) {
  for (; sent < SIGNALS; sent++) {
    pthread_kill(first, SIGRTMIN);
    usleep(50);
  }
  return unused;
}

int main(void) {
  char *mine = pages(1), *theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  on_signal(SIGRTMIN, count, 0);
  first = pthread_self();
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, send, NULL) == 0);
  while (sent < SIGNALS) {
    wrpkru(ONLY(1));
    wrpkru(ONLY(2));
  }
  wrpkru(INIT_PKRU);
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(got == SIGNALS);
  return done();
}
