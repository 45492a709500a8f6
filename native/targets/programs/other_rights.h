// What programs that wait have beside them: two pages with keys 1 and 2, the first thread on the
// one, and another on the other that ends the first one's waits by a SIGUSR1 now and then.
#pragma once
#include "../keys.h"

#include <pthread.h>

static char *mine, *theirs;
static volatile int stop;
static pthread_t first, second;

static void* other(void* unused) {
  wrpkru(ONLY(2));
  for (; !stop; usleep(2000)) {
    ++*(volatile char*)theirs;
    pthread_kill(first, SIGUSR1);
  }
  return unused;
}

/// SIGUSR1 is blocked from here on, but where a wait's own mask lets it in.
static void start_other(void) {
  sigset_t block;
  mine = pages(1), theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  first = pthread_self();
  wrpkru(ONLY(1));
  EXPECT(pthread_create(&second, NULL, other, NULL) == 0);
}

static void end_other(void) {
  stop = 1;
  EXPECT(pthread_join(second, NULL) == 0);
}
