// Proves: a signal ends sigsuspend and epoll_wait with EINTR, once each, although the sleeper is
// stopped all the time for another compartment's turn. Hardware: signal(7), a handler interrupts
// them.
#include "../keys.h"

#include <pthread.h>
#include <sys/epoll.h>

enum { ROUNDS = 60 };
static volatile int stop, handled, round_now;
static pthread_t first;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  handled++;
}

static void* other(void* page) {
  wrpkru(ONLY(2));
  for (int told = 0; !stop; usleep(500)) {
    ++*(volatile char*)page;
    if (told >= round_now) continue;
    told = round_now;
    pthread_kill(first, SIGUSR1);
  }
  return NULL;
}

int main(void) {
  char *mine = pages(1), *theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  sigset_t block, none;
  sigemptyset(&none);
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  on_signal(SIGUSR1, handler, SA_RESTART);
  first = pthread_self();
  const int epoll = epoll_create1(0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, other, theirs) == 0);
  wrpkru(ONLY(1));
  for (int i = 0; i < ROUNDS; i++) {
    struct epoll_event event;
    round_now = i + 1;
    if (i % 2) EXPECT(sigsuspend(&none) == -1 && errno == EINTR);
    else EXPECT(epoll_pwait(epoll, &event, 1, -1, &none) == -1 && errno == EINTR);
    EXPECT(handled == i + 1);
    *(volatile char*)mine = 1;
  }
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
