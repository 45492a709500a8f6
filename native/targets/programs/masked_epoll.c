// Proves: epoll_pwait that its own mask lets a signal end, ends after the handler has run, also
// when the thread's turn is over just then: it has so many mappings that debug mode, which compares
// them at each stop, makes every stop longer than a turn. Hardware: the wait's mask is in force
// until the handler begins (epoll_pwait(2)).
#include "../keys.h"

#include <pthread.h>
#include <sys/epoll.h>

enum { ROUNDS = 100, MAPPINGS = 4000 };
static char* const many = (char*)0x600000000000;
static char *mine, *theirs;
static volatile int stop, handled;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  handled++;
}

/// Runs with other rights and sends a signal now and then.
static void* other(void* first) {
  wrpkru(ONLY(2));
  for (; !stop; usleep(2000)) {
    ++*(volatile char*)theirs;
    pthread_kill(*(pthread_t*)first, SIGUSR1);
  }
  return NULL;
}

int main(void) {
  pthread_t thread, self = pthread_self();
  sigset_t block, none;
  struct epoll_event event;
  const int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  mine = pages(1), theirs = pages(1);
  for (size_t i = 0; i < MAPPINGS; i++)  // with holes between them
    EXPECT(mmap(many + 2 * i * PAGE, PAGE, RW, how, -1, 0) == many + 2 * i * PAGE);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  on_signal(SIGUSR1, handler, 0);
  sigemptyset(&none);
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  const int epoll = epoll_create1(0);
  wrpkru(ONLY(1));
  EXPECT(pthread_create(&thread, NULL, other, &self) == 0);
  for (int round = 0; round < ROUNDS; round++) {
    EXPECT(epoll_pwait(epoll, &event, 1, 60000, &none) == -1 && errno == EINTR);
    EXPECT(handled == round + 1);
    ++*(volatile char*)mine;
  }
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
